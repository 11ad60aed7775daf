//! What is known once a sail has left: what it came to, who did not come, who else sailed.

use std::collections::BTreeMap;
use std::str::FromStr;

use crewcall_dispatch::cascade::{CharterState, Command, Rejection};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember, Figures};
use maud::{Markup, html};

use super::controls::form;
use crate::app::AppError;
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::error::refusal;
use crate::words::Names;

/// The fields of money, and what stands beside them.
const MONEY: [(&str, &str); 3] =
    [("gross_revenue", "Revenue"), ("channel_fee", "Channel fee"), ("gratuity", "Gratuity")];
const HOURS: &str = "actual_hours";
const SEEN: &str = "seen";
const KEY: &str = "key";

/// The form as it came, or as it is filled before anybody has typed.
#[derive(Debug, Clone)]
pub(super) struct Form {
    fields: BTreeMap<String, String>,
    /// What is wrong with it, as sentences by field; with an empty name what is wrong with it as a whole.
    faults: BTreeMap<String, String>,
}

/// The field of one person's hours.
fn hours_of(crew_id: &CrewId) -> String {
    format!("hours_of.{crew_id}")
}

impl Form {
    /// As a browser sent it.
    pub(super) fn sent(fields: Vec<(String, String)>) -> Self {
        Self { fields: fields.into_iter().collect(), faults: BTreeMap::new() }
    }

    /// What is recorded, to be corrected.
    pub(super) fn of(state: &CharterState) -> Self {
        let figures = &state.figures;
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        let mut fill = |name: String, value: Option<String>| fields.extend(value.map(|value| (name, value)));
        let money = [figures.gross_revenue, figures.channel_fee, figures.gratuity];
        for ((name, _), amount) in MONEY.iter().zip(money) {
            fill((*name).to_owned(), amount.map(|amount| amount.to_string()));
        }
        fill(HOURS.to_owned(), figures.actual_hours.map(|hours| hours.to_string()));
        for (id, hours) in &figures.hours_of {
            fill(hours_of(id), Some(hours.to_string()));
        }
        fill(SEEN.to_owned(), serde_json::to_string(figures).ok());
        Self { fields, faults: BTreeMap::new() }
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Sent twice, the form has one effect.
    pub(super) fn key(&self) -> &str {
        self.field(KEY)
    }

    fn read<T: FromStr<Err = String>>(&mut self, name: &str) -> Option<T> {
        let text = self.field(name).trim().to_owned();
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(figure) => Some(figure),
            Err(problem) => {
                let what = MONEY
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map_or("The length of time", |(_, label)| label);
                self.faults.insert(name.to_owned(), format!("{what} {problem}."));
                None
            }
        }
    }

    /// The command that it stands for: all that is known is in its fields. Without one the form says why.
    pub(super) fn command(&mut self, state: &CharterState) -> Option<Command> {
        let mut figures = Figures {
            gross_revenue: self.read(MONEY[0].0),
            channel_fee: self.read(MONEY[1].0),
            gratuity: self.read(MONEY[2].0),
            actual_hours: self.read(HOURS),
            hours_of: BTreeMap::new(),
        };
        let names: Vec<String> = self.fields.keys().cloned().collect();
        for name in names {
            let Some(id) = name.strip_prefix("hours_of.") else { continue };
            match (id.parse::<CrewId>(), self.read(&name)) {
                (Ok(id), Some(hours)) => drop(figures.hours_of.insert(id, hours)),
                (Ok(_), None) => {}
                (Err(problem), _) => {
                    drop(self.faults.insert(String::new(), format!("A person's id {problem}.")))
                }
            }
        }
        if self.key().is_empty() {
            self.fail("The form was not whole. Open the page anew.".to_owned());
        }
        // Nobody wipes out what others recorded since the page was opened; what is there already is no change.
        let seen: Option<Figures> = serde_json::from_str(self.field(SEEN)).ok();
        if seen.as_ref() != Some(&state.figures) && figures != state.figures {
            let what =
                "This was recorded otherwise meanwhile; look at the charter again, then repeat the change.";
            self.fail(what.to_owned());
        }
        self.faults.is_empty().then(|| Command::Record { figures, from: Some(state.figures.clone()) })
    }

    fn fail(&mut self, problem: String) {
        self.faults.insert(String::new(), problem);
    }

    /// Why the rules refuse it, beside what it is about.
    pub(super) fn refused(mut self, rejection: &Rejection) -> Self {
        let name = match rejection {
            Rejection::HoursTooEarly => HOURS.to_owned(),
            Rejection::FeeAboveRevenue(..) => MONEY[1].0.to_owned(),
            _ => String::new(),
        };
        self.faults.insert(name, refusal(rejection));
        self
    }
}

/// What becomes of a form that was sent.
pub(super) enum Outcome {
    Done,
    /// It is shown again, with what is wrong.
    Again(Form),
}

impl Outcome {
    /// What the rules refuse is said beside the form; all else is an error like any other.
    pub(super) fn of(form: Form, done: Result<CharterState, AppError>) -> Result<Self, AppError> {
        match done {
            Ok(_) => Ok(Self::Done),
            Err(AppError::Rejected(rejection)) => Ok(Self::Again(form.refused(&rejection))),
            Err(error) => Err(error),
        }
    }
}

/// The forms of a sail that has left; of the `roster` everybody may have sailed.
pub(super) fn render(
    state: &CharterState,
    filled: &Form,
    names: &Names,
    roster: &[CrewMember],
    operator: &Operator,
    key: &str,
) -> Markup {
    let aboard = state.aboard();
    let booked = [state.charter.gross_revenue, state.charter.channel_fee, state.charter.gratuity];
    let booked = booked.map(|amount| amount.map_or_else(String::new, |amount| format!("booked {amount}")));
    html! {
        h2 id="figures" { "What it came to" }
        form.fields method="post" action=(at(format_args!("/charters/{}/figures", state.charter.charter_id))) {
            input type="hidden" name=(KEY) value=(key);
            input type="hidden" name=(SEEN) value=(filled.field(SEEN));
            @if let Some(problem) = filled.faults.get("") { p.problem { (problem) } }
            p { "What is left empty is as it was booked, or not known. Hours are written as 3:30." }
            @for ((name, label), booked) in MONEY.iter().zip(&booked) {
                (field(filled, name, label, booked))
            }
            (field(filled, HOURS, "Hours", ""))
            @for offer in &aboard {
                (field(filled, &hours_of(&offer.crew_id), &format!("Hours of {}", names.get(&offer.crew_id)), "as the others"))
            }
            button { "Record" }
        }
        details {
            summary { "Who sailed…" }
            @for offer in state.offers.iter().filter(|offer| offer.binds() && !offer.state.is_open()) {
                div.controls {
                    span { (names.get(&offer.crew_id)) ", " (offer.seat) ":" }
                    (did_not_come(state, &offer.crew_id))
                }
            }
            div.controls {
                span { "Somebody else sailed:" }
                (form(state, "turned_up", None, html! {
                    input name="crew" list="everyone" placeholder="Who" aria-label="Who" autocomplete="off" required maxlength=(limits::ID_CHARS);
                    datalist #everyone { @for member in roster { option value=(member.crew_id) { (member.name) ", " (member.rank) } } }
                    label { "as "
                        select name="position" {
                            @for rank in &operator.ranks { option value=(rank) { (times::capital(rank.as_str())) } }
                        }
                    }
                    (why())
                    button.quiet { "Sailed" }
                }))
            }
        }
    }
}

/// The form by which somebody did not come.
pub(super) fn did_not_come(state: &CharterState, crew_id: &CrewId) -> Markup {
    form(state, "no_show", Some(crew_id), html! { (why()) button.quiet { "Did not come" } })
}

fn why() -> Markup {
    html! { input name="reason" placeholder="Why" aria-label="Why" required maxlength=(limits::NOTE_CHARS); }
}

fn field(filled: &Form, name: &str, label: &str, placeholder: &str) -> Markup {
    html! {
        label {
            (label) " " input name=(name) value=(filled.field(name)) placeholder=(placeholder) maxlength="20";
            @if let Some(problem) = filled.faults.get(name) { " " strong.bad { (problem) } }
        }
    }
}
