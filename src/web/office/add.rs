//! A charter is added by a form.

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::cascade::{CharterState, Rejection};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Booking, Fault, PositionNeed, Rank};
use jiff::SignedDuration;
use maud::{Markup, html};

use super::filled::{Ask, Filled, seats_field};
use super::frame;
use crate::app::AppError;
use crate::operator::Operator;
use crate::random;
use crate::times;
use crate::web::base::at;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};

/// The box that says that a boat which nobody knows is no misspelling.
const NEW_BOAT: &str = "new_boat";
const TITLE: &str = "Add a charter";
/// How ids begin that are suggested; a number follows.
const ID: &str = "charter_";
/// The number of the first.
const FIRST: u64 = 1_001;
/// Numbers that are tried until one is free.
const TRIES: usize = 20;
/// How far back ids, boats and docks are looked at.
const LATELY: SignedDuration = SignedDuration::from_hours(400 * 24);

/// The form, with an id that nobody has.
pub(in crate::web) async fn show(State(web): State<Web>, user: OfficeUser) -> Result<Response, PageError> {
    let lately = lately(&web).await?;
    let mut form = Filled::default();
    form.set("charter_id", suggested(&web, &lately).await?);
    form.set(seats_field(&Rank::captain()), "1");
    form.set("key", random::token::<10>()?);
    Ok(frame(&web, &user, TITLE, render(&form, &web.app.operator, &lately)))
}

/// Adds the charter. The same form a second time leads to the same charter.
pub(in crate::web) async fn add(
    State(web): State<Web>,
    user: OfficeUser,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let mut form = Filled::sent(fields);
    let Some(key) = form.given("key") else {
        return Err(PageError::BadRequest("The form was not whole. Open the page anew.".into()));
    };
    let booking = booking(&mut form, &web.app.operator.ranks);
    let known = vessels(&web.app.operator, &lately(&web).await?);
    let is_known =
        known.is_empty() || known.iter().any(|name| name.eq_ignore_ascii_case(booking.vessel.trim()));
    if !is_known && !booking.vessel.trim().is_empty() && !form.has(NEW_BOAT) {
        form.fail("vessel", "no charter had a boat of that name lately, and no rules are set for it; correct it, or tick that it is new");
    }
    let words = format!("{booking:?}");
    let checked = booking.check(&web.app.operator.zone).map_err(|faults| refuse(&mut form, &faults));
    if let (Ok(charter), true) = (checked, form.is_sound()) {
        let id = charter.charter_id.clone();
        // With other words it is another form, as when somebody goes back and corrects it.
        let once = web.app.once("charters", &user.caller(), &format!("{key}\n{words}"), &words);
        let done = match web.app.was_carried_out(&once).await? {
            true => Ok(()),
            false => web.app.book_under(Some(&once), charter, &user.caller()).await.map(drop),
        };
        match done {
            Ok(()) => return Ok(Redirect::to(&at(format_args!("/charters/{id}"))).into_response()),
            Err(AppError::CharterExists(_) | AppError::CharterCancelled(_)) => {
                let free = suggested(&web, &lately(&web).await?).await?;
                form.fail(
                    "charter_id",
                    &format!("another charter has the id {id}; choose one that is free, such as {free}"),
                );
            }
            Err(AppError::Rejected(Rejection::Departed)) => {
                form.fail("departs_at", "that is past; correct the time")
            }
            Err(error) => return Err(error.into()),
        }
    }
    let page = frame(&web, &user, TITLE, render(&form, &web.app.operator, &lately(&web).await?));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn lately(web: &Web) -> Result<Vec<CharterState>, PageError> {
    Ok(web.app.charters(Some(web.app.clock.now() - LATELY)).await?)
}

/// An id that no charter has: the number after the highest of late, or one behind it.
async fn suggested(web: &Web, lately: &[CharterState]) -> Result<String, PageError> {
    let numbers = lately
        .iter()
        .filter_map(|state| state.charter.charter_id.as_str().strip_prefix(ID)?.parse::<u64>().ok());
    let next = numbers.max().map_or(FIRST, |number| number.saturating_add(1));
    for number in (next..=u64::MAX).take(TRIES) {
        let id = format!("{ID}{number}");
        let charter_id = id.parse().map_err(PageError::BadRequest)?;
        match web.app.charter(&charter_id).await {
            // From years ago.
            Ok(_) => {}
            Err(AppError::NoSuchCharter(_)) => return Ok(id),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(format!("{ID}{}", random::token::<5>()?))
}

/// What the form says. What is no number is said beside its field.
fn booking(form: &mut Filled, ranks: &[Rank]) -> Booking {
    let mut positions = Vec::new();
    for rank in ranks {
        let quantity = number(form, &seats_field(rank));
        if quantity > 0 {
            positions.push(PositionNeed { position: rank.clone(), quantity });
        }
    }
    let text = |name: &str| form.get(name).to_owned();
    let mut booking = Booking {
        charter_id: text("charter_id"),
        vessel: text("vessel"),
        departs_at: text("departs_at"),
        returns_at: text("returns_at"),
        call_time: text("call_time"),
        dock: text("dock"),
        guests: 0,
        gross_revenue: form.given("gross_revenue"),
        channel_fee: form.given("channel_fee"),
        gratuity: form.given("gratuity"),
        bareboat: form.has("bareboat"),
        positions,
    };
    booking.guests = number(form, "guests");
    booking
}

fn number(form: &mut Filled, name: &str) -> u32 {
    match form.given(name).map(|text| text.parse()) {
        Some(Ok(number)) => number,
        None => 0,
        Some(Err(_)) => {
            form.fail(name, "write a whole number such as 2");
            0
        }
    }
}

/// Each fault beside its field.
fn refuse(form: &mut Filled, faults: &[Fault]) {
    for fault in faults {
        let (place, about) = match fault.field.as_str() {
            "charter_id" => ("charter_id", "the id"),
            "vessel" => ("vessel", "the boat"),
            "departs_at" => ("departs_at", "the departure"),
            "returns_at" => ("returns_at", "the return"),
            "call_time" => ("call_time", "the call time"),
            "dock" => ("dock", "the dock"),
            "guests" => ("guests", "the number of guests"),
            "gross_revenue" => ("gross_revenue", "the revenue"),
            "channel_fee" => ("channel_fee", "the channel fee"),
            "gratuity" => ("gratuity", "the gratuity"),
            "positions" => ("seats.captain", "the seats"),
            _ => ("", "the charter"),
        };
        let problem = in_words(&fault.problem);
        form.fail(place, &format!("{about} {problem}"));
    }
}

/// A problem as the rules say it, for whoever has a form and no names of fields.
pub(super) fn in_words(problem: &str) -> String {
    if problem.starts_with("is missing") || problem.starts_with("is empty") {
        return "is missing".into();
    }
    if problem.contains("change of clocks") {
        return "falls into the change of clocks, which makes that time twice or never; choose another one, or give it \
                with its offset to `crewcall charter add`"
            .into();
    }
    let names =
        [("departs_at", "the departure"), ("call_time", "the call time"), ("gross_revenue", "revenue")];
    names.iter().fold(problem.to_owned(), |problem, (name, words)| problem.replace(name, words))
}

fn render(form: &Filled, operator: &Operator, lately: &[CharterState]) -> Markup {
    let time =
        |name: &str, label: &str| form.text(name, label, Ask { kind: "datetime-local", ..Ask::default() });
    let zone = operator.zone.iana_name().unwrap_or("UTC");
    let most = Some(limits::NAME_CHARS);
    let money = |name: &str, label: &str, hint: &str| {
        form.text(name, label, Ask { hint, most: Some(20), ..Ask::default() })
    };
    html! {
        h1 { (TITLE) }
        (form.summary("Nothing is added yet."))
        p { "Nobody is asked before you start the call on the charter's page. Times are by the clocks of " (zone) "." }
        form.filled method="post" action=(at("/new-charter")) {
            input type="hidden" name="key" value=(form.get("key"));
            (form.text("vessel", "Boat", Ask { list: Some("vessels"), most, ..Ask::default() }))
            @if form.is_wrong("vessel").is_some() || form.has(NEW_BOAT) { (form.tick(NEW_BOAT, "It is a new boat")) }
            (form.text("dock", "Dock", Ask { list: Some("docks"), hint: "where the crew boards", most, ..Ask::default() }))
            div.three { (time("call_time", "Call time")) (time("departs_at", "Departs")) (time("returns_at", "Returns")) }
            (form.text("guests", "Guests", Ask { kind: "number", ..Ask::default() }))
            fieldset {
                legend { "Crew " span.small { "how many of each; an empty field is none" } }
                div.three { @for rank in &operator.ranks {
                    (form.text(&seats_field(rank), &times::capital(rank.as_str()), Ask { kind: "number", ..Ask::default() }))
                } }
                (form.tick("bareboat", "Bareboat: the charterer takes the boat without a crew"))
            }
            div.three {
                (money("gross_revenue", "Revenue", "1450.00"))
                (money("channel_fee", "Channel fee", "of it"))
                (money("gratuity", "Gratuity", "for the crew"))
            }
            (form.text("charter_id", "Id", Ask { hint: "as the booking has it, or as suggested", most: Some(limits::ID_CHARS), ..Ask::default() }))
            button { (TITLE) }
            datalist #vessels { @for name in vessels(operator, lately) { option value=(name) {} } }
            datalist #docks { @for dock in docks(lately) { option value=(dock) {} } }
        }
    }
}

fn vessels(operator: &Operator, lately: &[CharterState]) -> BTreeSet<String> {
    let known = operator.policy.vessels.iter().map(|vessel| vessel.name.clone());
    known.chain(lately.iter().map(|state| state.charter.vessel.clone())).collect()
}

fn docks(lately: &[CharterState]) -> BTreeSet<&str> {
    lately.iter().map(|state| state.charter.dock.as_str()).collect()
}
