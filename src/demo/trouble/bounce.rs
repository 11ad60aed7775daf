//! Mail to somebody comes back: at the hand-over, or later, if it was handed over already.

use crewcall_dispatch::cascade::{CharterState, Command, OfferState};
use crewcall_dispatch::model::{CrewId, Email};

use super::calls::{live, name, page_of, try_to};
use crate::app::AppError;
use crate::demo::Desk;
use crate::demo::mailroom::OFFICE;
use crate::demo::news::News;
use crate::mail::mailbox::no_such_mailbox;

/// The person who is chosen, or who is asked now, is reached by mail no more.
///
/// 1. Whose offer was handed over: the mail comes back from the server behind ours, and the office says so.
/// 2. Who is not asked: the next mail is refused at the hand-over. Where they can be asked, the office asks them now, so
///    that there is one.
pub(super) async fn bounce(desk: &Desk, who: &str) -> Result<News, AppError> {
    let app = desk.demo.app();
    let charters = live(app).await?;
    let chosen = who.parse::<CrewId>().ok().filter(|_| who != OFFICE);
    let chosen = match chosen {
        Some(id) => app.member(&id).await?.map(|member| member.crew_id),
        None => None,
    };
    let Some(crew_id) = chosen.or_else(|| charters.iter().find_map(asked)) else {
        return Ok(News::new(
            "Nobody is being asked, so no mail can come back. Start a call on the board, or choose somebody of the crew in the mailbox; then press again.",
        )
        .look("Board", "/"));
    };
    let name = name(app, &crew_id).await?;
    let Some(email) = app.member(&crew_id).await?.and_then(|member| member.email) else {
        return Ok(News::new(format!("{name} has no address to which mail could go. Choose somebody else."))
            .look("Roster", "/roster"));
    };
    for state in &charters {
        let asked = state.in_force(&crew_id).is_some_and(|offer| offer.state == OfferState::Sent);
        let returned = Command::Bounced { crew_id: crew_id.clone(), error: no_such_mailbox(&email) };
        if asked && let Some(state) = try_to(app, state, &returned).await? {
            let words =
                format!("The mail to {name} came back after it was handed over, and the office noted it: ");
            return Ok(told(&words, &email, &state));
        }
    }
    desk.demo.mailbox.refuse_next(&email);
    for state in &charters {
        let now = Command::AskNow { crew_id: crew_id.clone() };
        if let Some(state) = try_to(app, state, &now).await? {
            desk.demo.time.work().await?;
            let words = format!("The office asked {name}, and the mail was refused at the hand-over: ");
            return Ok(told(&words, &email, &state));
        }
    }
    Ok(News::new(format!(
        "The next mail to {name} will be refused. Nobody can ask {name} at this moment, so go on with the clock until it is written."
    ))
    .look("The mailbox", format!("/demo/mail?who={crew_id}")))
}

/// Who waits longest for being asked.
fn asked(state: &CharterState) -> Option<CrewId> {
    state.open_offers().find(|offer| offer.state == OfferState::Sent).map(|offer| offer.crew_id.clone())
}

fn told(words: &str, email: &Email, state: &CharterState) -> News {
    let refusal = no_such_mailbox(email);
    let then = "The offer has ended with that, and the office has a mail; where somebody is left to ask, they are asked. No sail is offered at that address until the roster says that mail arrives again.";
    News::new(format!("{words}{refusal}. {then}"))
        .look(format!("{}, its history", state.charter.vessel), page_of(state))
        .look("The office's mail", format!("/demo/mail?who={OFFICE}"))
        .look("Roster", "/roster")
}
