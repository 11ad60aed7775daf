//! Trouble at a button. Each is brought about by what people and programs really do: commands of the office, answers by
//! links, mail that is refused; then the bar says what came of it.

mod bounce;
pub(super) mod browser;
mod calls;
mod drop_out;
mod race;
mod scanner;

use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::Desk;
use super::bar::back;
use super::mailroom::Person;
use super::news::Mark;
use crate::web::PageError;
use crate::web::base::at;

/// The name in the form, what the button says, and what it does.
const TROUBLES: [(&str, &str, &str); 4] = [
    (
        "bounce",
        "Mail bounces",
        "Mail to the person who is chosen, or who is asked now, comes back as if there were no such mailbox.",
    ),
    (
        "scanner",
        "A scanner opens every link",
        "Every link of every mail is opened, as mail scanners do. Nobody's answer must come of that.",
    ),
    (
        "race",
        "Two accept at once",
        "A second person is asked for the same seat, and both press Accept at the same moment.",
    ),
    (
        "drop_out",
        "A captain drops out",
        "A captain who is aboard can't make it. Where none is, one says yes first, and ten minutes pass.",
    ),
];

/// The buttons; `chosen` is whom the mailbox shows.
pub(super) fn buttons(chosen: Option<&Person>) -> Markup {
    html! {
        section aria-labelledby="trouble" {
            h2 #trouble { "Trouble" }
            div.troubles {
                @for (what, label, does) in TROUBLES {
                    form method="post" action=(at("/demo/trouble")) {
                        input type="hidden" name="who" value=(chosen.map_or("", |person| &person.id));
                        button name="what" value=(what) { (label) }
                        p { (does) }
                    }
                }
            }
        }
    }
}

/// Which trouble, and for whom.
#[derive(Deserialize)]
pub(super) struct Trouble {
    #[serde(default)]
    what: String,
    #[serde(default)]
    who: String,
}

/// Makes the trouble, and says what came of it.
pub(super) async fn press(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(trouble): Form<Trouble>,
) -> Result<Response, PageError> {
    let demo = &desk.demo;
    let one_at_a_time = demo.pressing.lock().await;
    // What is on its way arrives first.
    demo.time.work().await?;
    let mark = Mark::of(demo.app()).await?;
    let news = match trouble.what.as_str() {
        "bounce" => bounce::bounce(&desk, &trouble.who).await?,
        "scanner" => scanner::scan(&desk).await?,
        "race" => race::race(&desk, &trouble.who).await?,
        "drop_out" => drop_out::drop_out(&desk, &trouble.who).await?,
        _ => return Err(PageError::BadRequest("Press one of the buttons of the mailbox.".into())),
    };
    demo.time.work().await?;
    demo.tell(news.in_detail(mark.since(demo.app()).await?));
    drop(one_at_a_time);
    Ok(back(&desk, &headers).await)
}
