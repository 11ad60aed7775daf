//! What a call will do if nobody answers.

use crewcall_dispatch::cascade::{CallStatus, Plan, Preview, Rejection};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::charter::Status;
use super::{EventView, ReasonView, reasons};
use crate::web::api::problem::RejectionCode;
use crate::web::error::refusal;
use crate::words::{self, Names};

/// What a call will do if nobody answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub(in crate::web::api) struct PlanView {
    /// How the call stands
    status: Status,
    /// Who is asked, in the order of time
    asks: Vec<AskView>,
    /// Who is passed over, and why
    skipped: Vec<SkipView>,
    /// When nobody is left to ask
    exhausted: Vec<EndView>,
    /// The captain who was taken to say yes at once, so that something can be said of the crew
    #[serde(skip_serializing_if = "Option::is_none")]
    if_captain: Option<String>,
    /// What about the sail as a whole has to be looked at
    warnings: Vec<ReasonView>,
    /// The call is taken to begin now, or to begin anew
    begins: bool,
}

/// Somebody will be asked, or is being asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ask)]
pub(in crate::web::api) struct AskView {
    /// The position
    position: String,
    /// Which of the position's seats, from 1
    number: u32,
    /// Who
    crew_id: String,
    /// When
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Until when an answer is asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    reply_by: Option<Timestamp>,
    /// Why they have their place in the order, and what puts others before them all the same
    place: String,
    /// The charters for which they are being asked, if others come before them here because of that
    behind: Vec<String>,
    /// What about the person has to be looked at
    warnings: Vec<ReasonView>,
}

/// Somebody will be passed over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Skip)]
pub(in crate::web::api) struct SkipView {
    /// As what they would have been asked
    position: String,
    /// Who
    crew_id: String,
    /// Why
    reasons: Vec<ReasonView>,
}

/// Nobody will be left to ask.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = End)]
pub(in crate::web::api) struct EndView {
    /// For which position
    position: String,
    /// When
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Because the sail has left by then
    departed: bool,
    /// Somebody has every seat of it, and one of them has not confirmed what has become of the sail
    unconfirmed: bool,
}

/// What a command would do. Nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Preview)]
pub(in crate::web::api) struct PreviewView {
    /// How the call would stand
    status: Status,
    /// What would happen at once, if mails were handed over at this moment
    events: Vec<EventView>,
    /// Which mails would leave because of it, each as a clause for people
    mails: Vec<String>,
    /// Other charters that would be looked at again because of it
    other_charters: Vec<String>,
    /// What comes as it is
    before: Outlook,
    /// What would come with the command
    after: Outlook,
}

/// A plan, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web::api) struct Outlook {
    /// What the call will do
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanView>,
    /// Why it cannot be started
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    /// Which rule it is that refuses it
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<RejectionCode>,
}

impl PlanView {
    pub(in crate::web::api) fn new(status: CallStatus, plan: &Plan) -> Self {
        Self {
            status: status.into(),
            asks: plan
                .asks
                .iter()
                .map(|ask| AskView {
                    position: ask.seat.position.to_string(),
                    number: ask.seat.number,
                    crew_id: ask.crew_id.to_string(),
                    at: ask.at,
                    reply_by: ask.reply_by,
                    place: words::place(ask),
                    behind: ask.behind.iter().map(ToString::to_string).collect(),
                    warnings: reasons(&ask.warnings),
                })
                .collect(),
            skipped: plan
                .skipped
                .iter()
                .map(|skip| SkipView {
                    position: skip.position.to_string(),
                    crew_id: skip.skipped.crew_id.to_string(),
                    reasons: reasons(&skip.skipped.reasons),
                })
                .collect(),
            exhausted: plan
                .exhausted
                .iter()
                .map(|end| EndView {
                    position: end.position.to_string(),
                    at: end.at,
                    departed: end.departed,
                    unconfirmed: end.unconfirmed,
                })
                .collect(),
            if_captain: plan.if_captain.as_ref().map(ToString::to_string),
            warnings: reasons(&plan.warnings),
            begins: plan.begins,
        }
    }
}

impl PreviewView {
    pub(in crate::web::api) fn new(
        before: CallStatus,
        preview: &Preview,
        names: &Names,
        zone: &TimeZone,
    ) -> Self {
        let after = preview.state.status();
        let event = |event| EventView::new(event, &preview.state, names, zone);
        Self {
            status: after.into(),
            events: preview.events.iter().map(event).collect(),
            mails: preview.mails.iter().map(|mail| words::notice(mail, &preview.state, names)).collect(),
            other_charters: preview.nudges.iter().map(ToString::to_string).collect(),
            before: Outlook::new(before, &preview.before),
            after: Outlook::new(after, &preview.after),
        }
    }
}

impl Outlook {
    fn new(status: CallStatus, plan: &Result<Plan, Rejection>) -> Self {
        match plan {
            Ok(plan) => Self { plan: Some(PlanView::new(status, plan)), refused: None, rejection: None },
            Err(rejection) => {
                Self { plan: None, refused: Some(refusal(rejection)), rejection: Some(rejection.into()) }
            }
        }
    }
}
