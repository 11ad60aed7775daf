//! The office steps into a call: first a page that shows what a change would do, then the change itself.

use crewcall_dispatch::cascade::{CharterState, Command, Plan, Preview, Rejection};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Rank};
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Rehearsed, plan, position};
use crate::app::AppError;
use crate::times;
use crate::web::PageError;
use crate::web::base::at;
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
    /// What an answer was given for when it was shown: see [`seen`].
    seen: String,
    /// Before whom somebody is moved; behind everyone who comes, if it is empty.
    before: String,
    /// The order that came of a move when it was shown, so that pressed later it is the same.
    order: String,
}

/// What a page is shown after.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Done {
    done: String,
    crew: String,
}

impl Done {
    /// Whom it was about.
    pub(super) fn person(&self) -> Option<CrewId> {
        self.crew.parse().ok()
    }

    /// What was done, as a sentence without its end; nothing, if nothing was.
    pub(super) fn words(&self, names: &Names) -> Option<String> {
        let who = self.person().map_or_else(|| "somebody".to_owned(), |id| names.get(&id).to_owned());
        Some(match self.done.as_str() {
            "start" => "the call has begun".into(),
            "prepare" | "pause" => "the call rests".into(),
            "resume" => "the call goes on".into(),
            "stop" => "the call is stopped".into(),
            "again" => "the call begins again from the top".into(),
            "cancel" => "the charter is cancelled".into(),
            "restore" => "the charter is on again".into(),
            "reschedule" => "the charter is changed".into(),
            "figures" => "what it came to is recorded".into(),
            "post" => "your message goes to everyone aboard".into(),
            "note" => "the note is kept".into(),
            "first" | "move" => "the order is changed".into(),
            "override" => "the rule is set aside".into(),
            "skip" => format!("{who} is skipped"),
            "now" => format!("{who} is asked"),
            "assign" => format!("{who} is aboard"),
            "extend" => format!("{who} has more time"),
            "yes" => format!("{who} said yes"),
            "no" => format!("{who} can't sail"),
            "bounced" => format!("the mail to {who} came back"),
            "release" => format!("{who} is released"),
            "no_show" => format!("{who} did not come"),
            "turned_up" => format!("{who} sailed"),
            _ => return None,
        })
    }
}

/// The revision of the charter, and the person's latest offer as it stood: an answer on the phone is to that, and to nothing
/// that has come since, by their own link or by a colleague.
fn seen(state: &CharterState, crew_id: &CrewId) -> String {
    let offer = state.offers.iter().rfind(|offer| offer.crew_id == *crew_id);
    let stood = offer.map_or_else(String::new, |offer| format!("{} {:?}", offer.no, offer.state));
    format!("{}/{stood}", state.revision)
}

/// The changes of a whole call by their names in a form, and what their buttons say.
pub(super) const WHOLE_CALL: [(&str, &str); 5] = [
    ("prepare", "Prepare the call"),
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
        // What was shown before is what is done: nothing that has come for that person since is undone by it.
        if let (false, Ok(crew_id)) = (self.seen.is_empty(), self.crew())
            && self.seen != seen(state, &crew_id)
        {
            return Err(AppError::from(Rejection::ChangedMeanwhile).into());
        }
        Ok(match self.what.as_str() {
            // It begins by that, and rests.
            "prepare" | "pause" => Command::Pause,
            "resume" => Command::Resume,
            "stop" => Command::Stop,
            "again" => Command::AskAgain,
            "cancel" => Command::Cancel,
            "restore" => Command::Restore,
            "skip" => Command::Skip { crew_id: self.crew()?, reason: self.reason()? },
            "now" => Command::AskNow { crew_id: self.crew()? },
            "assign" => {
                Command::Assign { position: self.position()?, crew_id: self.crew()?, reason: self.reason()? }
            }
            "first" => Command::Reorder { position: self.position()?, first: vec![self.crew()?] },
            "move" => {
                let first = self.order.split(',').map(|id| id.parse().map_err(|_| otherwise()));
                Command::Reorder { position: self.position()?, first: first.collect::<Result<_, _>>()? }
            }
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
                let crew_id = self.crew()?;
                Command::answer(state, &crew_id, self.what == "yes").map_err(AppError::from)?
            }
            "bounced" => {
                Command::Bounced { crew_id: self.crew()?, error: "the office found the mail returned".into() }
            }
            "release" => Command::Release { crew_id: self.crew()?, reason: self.reason()? },
            "no_show" => Command::NoShow { crew_id: self.crew()?, reason: self.reason()? },
            "turned_up" => Command::TurnedUp {
                position: self.position()?,
                crew_id: self.crew()?,
                reason: self.reason()?,
            },
            _ => return Err(bad("Go back and press one of the buttons.")),
        })
    }

    /// Says what the order would be with somebody elsewhere in it, as it is planned now.
    pub(super) fn in_order(mut self, state: &CharterState, plan: &Plan) -> Result<Self, PageError> {
        let before = if self.before.is_empty() { None } else { Some(before(&self.before)?) };
        let come = position::come(state, plan, &self.position()?);
        let first = position::moved(&come, &self.crew()?, before.as_ref()).ok_or_else(otherwise)?;
        self.order = first.iter().map(CrewId::as_str).collect::<Vec<_>>().join(",");
        Ok(self)
    }

    /// Its name in the form.
    pub(super) fn what(&self) -> &str {
        &self.what
    }

    /// Whether it is a move, of which a plan says what it comes to.
    pub(super) fn is_move(&self) -> bool {
        self.what == "move"
    }

    /// What the change is, as a heading.
    fn title(&self, names: &Names) -> String {
        let who = self.crew().map_or_else(|_| self.crew.clone(), |id| names.get(&id).to_owned());
        match self.what.as_str() {
            "cancel" => "Cancel the charter".into(),
            "restore" => "Restore the charter".into(),
            "skip" => format!("Skip {who}"),
            "now" => format!("Ask {who} now"),
            "assign" => format!("Put {who} aboard as {}", self.position),
            "first" => format!("Ask {who} next"),
            "move" => match before(&self.before) {
                Ok(other) => format!("Ask {who} before {}", names.get(&other)),
                Err(_) => format!("Ask {who} last"),
            },
            "extend" => format!("Give {who} {} minutes more", self.minutes),
            "override" if self.crew.is_empty() => format!("Set {} aside for everyone", self.gate),
            "override" => format!("Set {} aside for {who}", self.gate),
            "yes" => format!("{who} said yes"),
            "no" => format!("{who} can't sail"),
            "bounced" => format!("The mail to {who} came back"),
            "release" => format!("Release {who}"),
            "no_show" => format!("{who} did not come"),
            "turned_up" => format!("{who} sailed as {}", self.position),
            what => {
                WHOLE_CALL.iter().find(|(name, _)| *name == what).map_or("", |(_, label)| label).to_owned()
            }
        }
    }

    /// Whose name the page shows beside those of the plans.
    pub(super) fn person(&self) -> Option<CrewId> {
        self.crew().ok()
    }

    /// And beside them.
    pub(super) fn people(&self) -> impl Iterator<Item = CrewId> {
        self.person().into_iter().chain(before(&self.before).ok())
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

fn before(id: &str) -> Result<CrewId, PageError> {
    id.parse().map_err(|problem| bad(&format!("The person's id {problem}.")))
}

fn otherwise() -> PageError {
    bad("The order is another one by now. Open the charter's page anew, and move them there.")
}

fn bad(words: &str) -> PageError {
    PageError::BadRequest(words.to_owned())
}

/// What a change would do, the old beside the new, and the button that makes it. Once the boat has left nothing comes
/// of the call any more. `mail` is that to whoever is asked first by it.
pub(super) fn render(
    rehearsed: &Rehearsed,
    mail: Option<Markup>,
    names: &Names,
    zone: &TimeZone,
    departed: bool,
) -> Markup {
    let Rehearsed { state, change, command, preview } = rehearsed;
    let id = &state.charter.charter_id;
    html! {
        h1 { (change.title(names)) "?" }
        p { (state.charter.vessel) ", " (times::day(state.charter.departs_at, zone)) ". Nothing is changed yet." }
        @match command {
            Command::Cancel => p { "Everyone asked, aboard or standing by is told, and all links stop working. Restored, it would be called anew." },
            Command::Restore => p { "If the call had begun, it begins anew. Nobody of before is bound to it: they were told that it was off." },
            _ => {}
        }
        div.controls {
            form method="post" action=(at(format_args!("/charters/{id}/change"))) {
                input type="hidden" name="what" value=(change.what);
                input type="hidden" name="crew" value=(change.crew);
                input type="hidden" name="position" value=(change.position);
                input type="hidden" name="reason" value=(change.reason);
                input type="hidden" name="gate" value=(change.gate);
                @if change.is_move() {
                    input type="hidden" name="before" value=(change.before);
                    input type="hidden" name="order" value=(change.order);
                }
                @if let Command::Extend { until, .. } = command {
                    input type="hidden" name="until" value=(until);
                }
                @if let Some(crew_id) = change.person() {
                    input type="hidden" name="seen" value=(seen(state, &crew_id));
                }
                button { (change.title(names)) }
            }
            a href=(at(format_args!("/charters/{id}"))) { "Leave it as it is" }
        }
        (at_once(preview, names, zone))
        @if let Some(mail) = mail { (mail) }
        @if !departed { (beside(state, preview, names, zone)) }
    }
}

/// What a change does at once, a line each.
pub(super) fn at_once(preview: &Preview, names: &Names, zone: &TimeZone) -> Markup {
    let lines = words::at_once(preview, names, zone);
    html! {
        @if !lines.is_empty() {
            h2 { "At once" }
            ul { @for line in &lines { li { (times::capital(line)) } } }
        }
    }
}

/// What comes as it is, beside what comes with a change; once, where both are the same.
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
        @if preview.before == preview.after && state.status() == preview.state.status() {
            p { "Whoever comes next is the same either way." }
            (column("With the change and without it", state, &preview.before))
        } @else {
            div.beside {
                (column("As it is", state, &preview.before))
                (column("With the change", &preview.state, &preview.after))
            }
        }
    }
}
