//! The board: every charter ahead, by departure, one chip a seat; or everyone of the crew, day by day.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `shown` | what of the board is looked at: a filter, a search, charters or crew |
//! | `pieces` | the parts of the page that change while it is looked at, each under an id |
//! | `row` | one charter |
//! | `vitals` | how dispatcher, sheet and mail are, above and below |
//! | `crew` | the crew by days |
//! | `live` | what changes, as it happens, to every browser that looks |

mod crew;
mod live;
mod pieces;
mod row;
mod shown;
mod vitals;

use axum::extract::{Query, State};
use axum::response::Response;
use crewcall_dispatch::model::CharterId;
use maud::{Markup, html};

use super::look;
use crate::web::base::at;
use crate::web::layout::scroll;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};

pub(in crate::web) use live::{Live, stream};
pub(in crate::web::office) use pieces::Board;
use pieces::id_of;
use shown::{Asked, By};

/// What is said where nothing is found.
const NONE: &str = "No charter here is like that.";

/// By which a page that shows a charter, or of all of them what somebody has to see to, is shown anew when that changes; `seen` is
/// asked for before the page is read. Whoever is writing meanwhile is told, and keeps what they wrote.
pub(in crate::web::office) fn watch(web: &Web, seen: u64, charter: Option<&CharterId>) -> Markup {
    html! {
        p #watch.news role="status" hidden data-stream=[web.live.is_on().then(|| at("/live"))] data-seen=(seen) data-id=[charter.map(id_of)] {
            @let page = charter.map_or_else(|| at("/needs-you"), |id| at(format_args!("/charters/{id}")));
            "This has changed meanwhile. " a href=(page) { "Show it as it is now" }
        }
    }
}

/// What is crewed and what is not.
pub(in crate::web) async fn show(
    State(web): State<Web>,
    user: OfficeUser,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let seen = web.live.seen();
    let board = Board::since(&web, asked.kept()).await?;
    let body = match asked.by() {
        By::Charters => charters(&board, &asked),
        By::Crew => crew::render(&board, &web.app.roster().await?),
    };
    let page = html! {
        h1 { "Board" }
        (shown::bar(&asked))
        div #live data-stream=[web.live.is_on().then(|| at("/live"))] data-seen=(seen) data-whole[asked.is_everything()] {
            div #top { (board.top(board.of_crew)) }
            (body)
            footer #foot.small { (board.foot()) }
        }
        (keys())
    };
    Ok(look(&web, &user, "Board", page))
}

fn charters(board: &Board, asked: &Asked) -> Markup {
    let shown: Vec<_> = board.rows().filter(|row| asked.shows(row, board.now)).collect();
    html! {
        @if board.is_empty() {
            p { "No charters ahead. " a href=(at("/new-charter")) { "Add one" } ", or with " code { "crewcall charter add" } "." }
        } @else if shown.is_empty() {
            p { (NONE) " " a href=(at("/")) { "Show all" } }
        } @else {
            (scroll("Charters", html! {
                table.board {
                    caption.unseen { "Charters by departure" }
                    thead { tr { th scope="col" { "Departs" } th scope="col" { "Charter" } th scope="col" { "Call" } th scope="col" { "Seats" } } }
                    tbody { @for row in shown { tr id=(id_of(&row.charter_id)) { (row.cells) } } }
                }
            }))
            // For a search that a browser does by itself.
            p #none hidden { (NONE) }
        }
    }
}

/// What the keyboard does; all of it can be done without.
fn keys() -> Markup {
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 id="keys-title" { "Keys" }
            dl.facts {
                dt { kbd { "j" } " " kbd { "k" } } dd { "the next charter, the one before" }
                dt { kbd { "Enter" } } dd { "open it" }
                dt { kbd { "/" } } dd { "search" }
                dt { kbd { "?" } } dd { "these lines" }
            }
            label.tick { input #keys-on type="checkbox" checked; "These keys are on" }
            form method="dialog" { button { "Close" } }
        }
    }
}
