//! What each command means for a charter.

use axum::http::StatusCode;
use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::model::{CrewId, Figures, Rank, Rescheduling};

use super::forms::{
    Again, Answer, Assign, Bounced, Cancel, Extend, NoShow, Now, Override, Pause, RecordFigures, Release,
    Reorder, Reschedule, Restore, Resume, Said, Skip, Start, Stop, TurnedUp,
};
use super::request::CommandRequest;
use crate::app::AppError;
use crate::web::Web;
use crate::web::api::Problem;
use crate::web::api::charters::needs;
use crate::web::api::fields;

impl CommandRequest {
    /// What was said along with it.
    pub(super) fn comment(&self) -> Option<String> {
        match self {
            Self::Answer(Answer { comment, .. }) => comment.as_ref().map(|comment| comment.0.clone()),
            _ => None,
        }
    }

    /// The command that it stands for.
    pub(super) async fn command(self, web: &Web, state: &CharterState) -> Result<Command, Problem> {
        Ok(match self {
            Self::Start(Start {}) => Command::Start,
            Self::Pause(Pause {}) => Command::Pause,
            Self::Resume(Resume {}) => Command::Resume,
            Self::Stop(Stop {}) => Command::Stop,
            Self::Again(Again {}) => Command::AskAgain,
            Self::Cancel(Cancel {}) => Command::Cancel,
            Self::Restore(Restore {}) => Command::Restore,
            Self::Now(Now { crew_id }) => Command::AskNow { crew_id: crew_id.0 },
            Self::Skip(Skip { crew_id, reason }) => Command::Skip { crew_id: crew_id.0, reason: reason.0 },
            Self::Release(Release { crew_id, reason }) => {
                Command::Release { crew_id: crew_id.0, reason: reason.0 }
            }
            Self::Bounced(Bounced { crew_id, reason }) => {
                Command::Bounced { crew_id: crew_id.0, error: reason.0 }
            }
            Self::Extend(Extend { crew_id, until }) => Command::Extend { crew_id: crew_id.0, until: until.0 },
            Self::Assign(Assign { crew_id, position, reason }) => {
                let crew_id = crew_id.0;
                let position = position_of(web, &crew_id, position).await?;
                Command::Assign { position, crew_id, reason: reason.0 }
            }
            Self::NoShow(NoShow { crew_id, reason }) => {
                Command::NoShow { crew_id: crew_id.0, reason: reason.0 }
            }
            Self::TurnedUp(TurnedUp { crew_id, position, reason }) => {
                let crew_id = crew_id.0;
                let position = position_of(web, &crew_id, position).await?;
                Command::TurnedUp { position, crew_id, reason: reason.0 }
            }
            Self::RecordFigures(figures) => figures.command()?,
            Self::Reorder(Reorder { first, .. }) if first.is_empty() => {
                return Err(Problem::fault("first", "is empty; say who comes next"));
            }
            Self::Reorder(Reorder { position, first }) => {
                Command::Reorder { position: position.0, first: first.into_iter().map(|id| id.0).collect() }
            }
            Self::Override(Override { gate, crew_id, reason }) => {
                Command::Override { gate: gate.0, crew_id: crew_id.map(|id| id.0), reason: reason.0 }
            }
            Self::Reschedule(change) => change.command(web, state)?,
            Self::Answer(Answer { crew_id, answer, .. }) => {
                Command::answer(state, &crew_id.0, answer == Said::Yes).map_err(AppError::from)?
            }
        })
    }
}

/// As what somebody sails: as it is said, or by the roster.
async fn position_of(web: &Web, crew_id: &CrewId, position: Option<fields::Rank>) -> Result<Rank, Problem> {
    if let Some(position) = position {
        return Ok(position.0);
    }
    let unknown = || {
        let problem = format!("is {crew_id}, who is not on the roster; GET /roster lists who is");
        Problem::fault("crew_id", problem)
    };
    Ok(web.app.member(crew_id).await?.ok_or_else(unknown)?.rank)
}

impl RecordFigures {
    fn command(self) -> Result<Command, Problem> {
        let hours_of = self.hours_of.into_iter().map(|(id, hours)| match id.parse() {
            Ok(id) => Ok((id, hours.0)),
            Err(problem) => Err(Problem::fault(&format!("hours_of.{id}"), problem)),
        });
        let figures = Figures {
            gross_revenue: self.gross_revenue.map(|amount| amount.0),
            channel_fee: self.channel_fee.map(|amount| amount.0),
            gratuity: self.gratuity.map(|amount| amount.0),
            actual_hours: self.actual_hours.map(|hours| hours.0),
            hours_of: hours_of.collect::<Result<_, _>>()?,
        };
        Ok(Command::Record { figures, from: None })
    }
}

impl Reschedule {
    fn command(self, web: &Web, state: &CharterState) -> Result<Command, Problem> {
        let change = Rescheduling {
            vessel: self.vessel,
            departs_at: self.departs_at,
            returns_at: self.returns_at,
            call_time: self.call_time,
            dock: self.dock,
            guests: self.guests,
            gross_revenue: self.gross_revenue,
            positions: needs(self.positions)?,
        };
        if change == Rescheduling::default() {
            let detail = "Nothing is to be changed; give at least one field.";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
        }
        let to = change.apply(&state.charter, &web.app.operator.zone).map_err(Problem::faults)?;
        web.app.check_ranks(&to)?;
        Ok(Command::Change { from: Box::new(state.charter.clone()), to: Box::new(to) })
    }
}
