//! The office steps into a call: first a page that shows what a change would do, then the change itself.

use crewcall_dispatch::cascade::{
    CallStatus, CharterState, Command, Offer, OfferState, Plan, Preview, Rejection,
};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Rank};
use crewcall_dispatch::policy::Policy;
use crewcall_dispatch::vessel::Gate;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;

use super::plan;
use crate::app::AppError;
use crate::times;
use crate::web::PageError;
use crate::web::error::refusal;
use crate::words::{self, Names};

/// What a form asks for, as it came.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Change {
    what: String,
    crew: String,
    position: String,
    reason: String,
    minutes: String,
    gate: String,
    /// What came of the minutes when the change was shown, so that pressed twice it is the same.
    until: String,
}

/// Every change by its name in a form, and what its button says.
const WHOLE_CALL: [(&str, &str); 4] = [
    ("pause", "Pause the call"),
    ("resume", "Go on"),
    ("stop", "Stop the call"),
    ("again", "Ask again from the top"),
];

impl Change {
    /// The command that the form stands for.
    pub(super) fn command(
        &self,
        state: &CharterState,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Command, PageError> {
        Ok(match self.what.as_str() {
            "pause" => Command::Pause,
            "resume" => Command::Resume,
            "stop" => Command::Stop,
            "again" => Command::AskAgain,
            "skip" => Command::Skip { crew_id: self.crew()?, reason: self.reason()? },
            "now" => Command::AskNow { crew_id: self.crew()? },
            "assign" => {
                Command::Assign { position: self.position()?, crew_id: self.crew()?, reason: self.reason()? }
            }
            "first" => Command::Reorder { position: self.position()?, first: vec![self.crew()?] },
            "extend" => {
                let crew_id = self.crew()?;
                if let Ok(until) = self.until.parse() {
                    return Ok(Command::Extend { crew_id, until });
                }
                let until = state.longer(&crew_id, self.minutes()?, policy, now);
                Command::Extend { crew_id, until }
            }
            "override" => {
                let gate = self.gate.parse().map_err(|problem| bad(&format!("The rule {problem}.")))?;
                let crew_id = if self.crew.is_empty() { None } else { Some(self.crew()?) };
                Command::Override { gate, crew_id, reason: self.reason()? }
            }
            "yes" | "no" => {
                Command::answer(state, &self.crew()?, self.what == "yes").map_err(AppError::from)?
            }
            "bounced" => {
                Command::Bounced { crew_id: self.crew()?, error: "the office found the mail returned".into() }
            }
            "release" => Command::Release { crew_id: self.crew()?, reason: self.reason()? },
            _ => return Err(bad("Go back and press one of the buttons.")),
        })
    }

    /// What the change is, as a heading.
    fn title(&self, names: &Names) -> String {
        let who = self.crew().map_or_else(|_| self.crew.clone(), |id| names.get(&id).to_owned());
        match self.what.as_str() {
            "skip" => format!("Skip {who}"),
            "now" => format!("Ask {who} now"),
            "assign" => format!("Put {who} aboard as {}", self.position),
            "first" => format!("Ask {who} next"),
            "extend" => format!("Give {who} {} minutes more", self.minutes),
            "override" if self.crew.is_empty() => format!("Set {} aside for everyone", self.gate),
            "override" => format!("Set {} aside for {who}", self.gate),
            "yes" => format!("{who} said yes"),
            "no" => format!("{who} can't sail"),
            "bounced" => format!("The mail to {who} came back"),
            "release" => format!("Release {who}"),
            what => {
                WHOLE_CALL.iter().find(|(name, _)| *name == what).map_or("", |(_, label)| label).to_owned()
            }
        }
    }

    /// Whose name the page shows beside those of the plans.
    pub(super) fn person(&self) -> Option<CrewId> {
        self.crew().ok()
    }

    fn crew(&self) -> Result<CrewId, PageError> {
        self.crew.parse().map_err(|problem| bad(&format!("The person's id {problem}.")))
    }

    fn position(&self) -> Result<Rank, PageError> {
        self.position.parse().map_err(|problem| bad(&format!("The position {problem}.")))
    }

    fn reason(&self) -> Result<String, PageError> {
        crewcall_dispatch::model::line(&self.reason, limits::NOTE_CHARS)
            .map_err(|problem| bad(&format!("The reason {problem}. Go back and say why.")))
    }

    fn minutes(&self) -> Result<SignedDuration, PageError> {
        let minutes = self.minutes.trim().parse::<u16>().ok().filter(|minutes| *minutes > 0);
        minutes
            .map(|minutes| SignedDuration::from_mins(minutes.into()))
            .ok_or_else(|| bad("Say how many minutes more, as a number up to 65535."))
    }
}

fn bad(words: &str) -> PageError {
    PageError::BadRequest(words.to_owned())
}

/// What a change would do, the old beside the new, and the button that makes it.
pub(super) fn render(
    state: &CharterState,
    change: &Change,
    command: &Command,
    preview: &Preview,
    names: &Names,
    zone: &TimeZone,
) -> Markup {
    let id = &state.charter.charter_id;
    html! {
        h1 { (change.title(names)) "?" }
        p { (state.charter.vessel) ", " (times::day(state.charter.departs_at, zone)) ". Nothing is changed yet." }
        div.controls {
            form method="post" action={ "/charters/" (id) "/change" } {
                input type="hidden" name="what" value=(change.what);
                input type="hidden" name="crew" value=(change.crew);
                input type="hidden" name="position" value=(change.position);
                input type="hidden" name="reason" value=(change.reason);
                input type="hidden" name="gate" value=(change.gate);
                @if let Command::Extend { until, .. } = command {
                    input type="hidden" name="until" value=(until);
                }
                button { (change.title(names)) }
            }
            a href={ "/charters/" (id) } { "Leave it as it is" }
        }
        (beside(state, preview, names, zone))
    }
}

/// What comes as it is, beside what comes with a change.
pub(super) fn beside(state: &CharterState, preview: &Preview, names: &Names, zone: &TimeZone) -> Markup {
    let column = |title: &str, state: &CharterState, plan: &Result<Plan, Rejection>| {
        let plan = plan.clone().map_err(|rejection| refusal(&rejection));
        html! {
            section {
                h2 { (title) }
                p { "The call: " (words::status(state.status())) }
                (plan::render(state, &plan, names, zone))
            }
        }
    };
    html! {
        div.beside {
            (column("As it is", state, &preview.before))
            (column("With the change", &preview.state, &preview.after))
        }
    }
}

/// The controls of a call, each of which leads to a preview.
pub(super) fn controls(state: &CharterState, plan: &Result<Plan, String>, names: &Names) -> Markup {
    let offered: &[&str] = match state.status() {
        CallStatus::Running => &["pause", "stop", "again"],
        CallStatus::Paused => &["resume", "stop", "again"],
        CallStatus::Exhausted => &["stop"],
        CallStatus::Draft | CallStatus::Filled | CallStatus::Cancelled => &[],
    };
    html! {
        @if !offered.is_empty() {
            div.controls {
                @for (what, label) in WHOLE_CALL.iter().filter(|(what, _)| offered.contains(what)) {
                    (form(state, what, None, html! { button.quiet { (label) } }))
                }
            }
        }
        @for offer in state.open_offers() {
            div.controls {
                span { (names.get(&offer.crew_id)) ":" }
                (form(state, "yes", Some(&offer.crew_id), html! { button.quiet { "Said yes" } }))
                (form(state, "no", Some(&offer.crew_id), html! { button.quiet { "Said no" } }))
                @if offer.state == OfferState::Sent {
                    (form(state, "extend", Some(&offer.crew_id), html! {
                        input type="hidden" name="minutes" value="60";
                        button.quiet { "One hour more" }
                    }))
                    (form(state, "bounced", Some(&offer.crew_id), html! { button.quiet { "Mail came back" } }))
                }
                (form(state, "skip", Some(&offer.crew_id), html! {
                    input name="reason" placeholder="Why" aria-label="Why" required maxlength=(limits::NOTE_CHARS);
                    button.quiet { "Skip" }
                }))
            }
        }
        @if state.cancelled_at.is_none() {
            (standing_by(state, names))
            (bound(state, names))
        }
        @if let Ok(plan) = plan { (by_person(state, plan, names)) }
        @if state.cancelled_at.is_none() { (overrides(state, plan)) }
    }
}

/// What can be done about whoever is aboard, or dropped out and is responsible.
fn bound(state: &CharterState, names: &Names) -> Markup {
    let bound = state.offers.iter().filter(|offer| offer.binds() && !offer.state.is_open());
    let bound: Vec<&Offer> = bound.collect();
    let reason = html! {
        input name="reason" placeholder="Why" aria-label="Why" required maxlength=(limits::NOTE_CHARS);
        button.quiet { "Release" }
    };
    html! {
        @if !bound.is_empty() {
            details {
                summary { "Who is aboard…" }
                @for offer in bound {
                    div.controls {
                        span { (names.get(&offer.crew_id)) ":" }
                        @if offer.state == OfferState::DroppedOut {
                            (form(state, "yes", Some(&offer.crew_id), html! { button.quiet { "Sails after all" } }))
                        } @else {
                            @if offer.state == OfferState::Reconfirming {
                                (form(state, "yes", Some(&offer.crew_id), html! { button.quiet { "Still sails" } }))
                            }
                            (form(state, "no", Some(&offer.crew_id), html! { button.quiet { "Can't sail" } }))
                            (form(state, "bounced", Some(&offer.crew_id), html! { button.quiet { "Mail came back" } }))
                        }
                        (form(state, "release", Some(&offer.crew_id), reason.clone()))
                    }
                }
            }
        }
    }
}

/// Who said yes when it was too late, and can be put aboard.
fn standing_by(state: &CharterState, names: &Names) -> Markup {
    html! {
        @for offer in state.standing_by().filter(|offer| state.open_seats(&offer.seat.position) > 0) {
            div.controls {
                span { (names.get(&offer.crew_id)) " stands by as " (offer.seat.position) ":" }
                (form(state, "assign", Some(&offer.crew_id), html! {
                    input type="hidden" name="position" value=(offer.seat.position);
                    input type="hidden" name="reason" value="stood by";
                    button.quiet { "Put aboard" }
                }))
            }
        }
    }
}

/// Which rules are set aside, and where rules stand in the way, the form that sets one aside.
fn overrides(state: &CharterState, plan: &Result<Plan, String>) -> Markup {
    let skipped = plan.iter().flat_map(|plan| &plan.skipped).flat_map(|skip| &skip.skipped.reasons);
    let in_the_way = plan.is_err() || skipped.into_iter().any(|reason| reason.gate().is_some());
    html! {
        @if !state.overrides.is_empty() {
            ul {
                @for set_aside in &state.overrides {
                    li {
                        (set_aside.gate) " is set aside for "
                        @if let Some(id) = &set_aside.crew_id { (id) } @else { "everyone" }
                        " by " (set_aside.by) ": " (set_aside.reason)
                    }
                }
            }
        }
        @if in_the_way {
            details {
                summary { "Set a rule aside…" }
                form.controls method="get" action={ "/charters/" (state.charter.charter_id) "/change" } {
                    input type="hidden" name="what" value="override";
                    label { "Rule "
                        select name="gate" { @for gate in Gate::ALL { option value=(gate) { (gate) } } }
                    }
                    input name="crew" placeholder="For whom (id); empty: everyone" aria-label="For whom";
                    input name="reason" placeholder="Why" aria-label="Why" required maxlength=(limits::NOTE_CHARS);
                    button.quiet { "Set aside" }
                }
            }
        }
    }
}

/// What can be done about anybody whom the plan names.
fn by_person(state: &CharterState, plan: &Plan, names: &Names) -> Markup {
    if matches!(state.status(), CallStatus::Filled | CallStatus::Cancelled) {
        return html! {};
    }
    let asks = plan.asks.iter().map(|ask| (&ask.seat.position, &ask.crew_id));
    let skips = plan.skipped.iter().map(|skip| (&skip.position, &skip.skipped.crew_id));
    let mut people: Vec<(&Rank, &CrewId)> = Vec::new();
    for person in asks.chain(skips) {
        if !people.contains(&person) && state.in_force(person.1).is_none() {
            people.push(person);
        }
    }
    let begun = state.status() != CallStatus::Draft;
    let positions: Vec<&Rank> = state.charter.positions.iter().map(|need| &need.position).collect();
    html! {
        @if !people.is_empty() {
            details {
                summary { "Somebody else…" }
                @for position in positions.iter().filter(|position| people.iter().any(|(of, _)| of == *position)) {
                    form.controls method="get" action={ "/charters/" (state.charter.charter_id) "/change" } {
                        input type="hidden" name="position" value=(position);
                        label { (times::capital(position.as_str())) " "
                            select name="crew" {
                                @for (_, id) in people.iter().filter(|(of, _)| *of == *position) {
                                    option value=(id) { (names.get(id)) }
                                }
                            }
                        }
                        input name="reason" placeholder="Why (to put aboard, to skip)" aria-label="Why" maxlength=(limits::NOTE_CHARS);
                        @if begun {
                            button.quiet name="what" value="now" { "Ask now" }
                            button.quiet name="what" value="first" { "Ask next" }
                            button.quiet name="what" value="skip" { "Skip" }
                        }
                        button.quiet name="what" value="assign" { "Put aboard" }
                    }
                }
            }
        }
    }
}

fn form(state: &CharterState, what: &str, crew: Option<&CrewId>, fields: Markup) -> Markup {
    html! {
        form method="get" action={ "/charters/" (state.charter.charter_id) "/change" } {
            input type="hidden" name="what" value=(what);
            @if let Some(crew) = crew { input type="hidden" name="crew" value=(crew); }
            (fields)
        }
    }
}
