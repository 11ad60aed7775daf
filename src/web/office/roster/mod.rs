//! The roster: everyone in the order of asking, with what can be changed of them.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `list` | everyone |
//! | `person` | one person: the record, what is ahead of them; somebody new; the order of asking |
//! | `days` | a month of days |
//! | `import` | people from a file: what it would change, then just that |
//! | `papers` | credentials, and whether they still hold |
//! | `contact` | whether mail reaches somebody, and the link of their own page |

mod contact;
pub(in crate::web) mod days;
pub(in crate::web) mod import;
mod list;
mod papers;
mod person;

use axum::extract::{Query, State};
use axum::response::Response;
use crewcall_dispatch::model::{CrewId, CrewMember};
use jiff::civil::Date;
use maud::html;

use super::look;
use crate::web::base::at;
use crate::web::layout::for_changes;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};

pub(in crate::web) use contact::contact;
use list::{List, Search};
pub(in crate::web) use person::{add, blank, leave, person, reorder, save};

/// Everyone, in the order of asking.
pub(in crate::web) async fn show(
    State(web): State<Web>,
    user: OfficeUser,
    Query(search): Query<Search>,
) -> Result<Response, PageError> {
    let roster = web.app.roster().await?;
    let refused = web.app.refused(&roster).await?;
    let list =
        List { operator: &web.app.operator, roster: &roster, refused: &refused, today: today(&web), search };
    let body = html! { (list.bar()) (for_changes(&user, list.render())) };
    Ok(look(&web, &user, "Roster", body))
}

fn today(web: &Web) -> Date {
    web.app.operator.zone.to_datetime(web.app.clock.now()).date()
}

/// Where somebody's page is.
pub(super) fn person_at(id: &CrewId) -> String {
    at(format_args!("/roster/people/{id}"))
}

/// Somebody whom an address names.
async fn find(web: &Web, id: &str) -> Result<CrewMember, PageError> {
    let id: CrewId =
        id.parse().map_err(|problem| PageError::BadRequest(format!("The person's id {problem}.")))?;
    let member = web.app.member(&id).await?;
    member.ok_or(PageError::NoSuchPerson(id))
}
