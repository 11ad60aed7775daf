//! The roster: everyone in the order of asking, with what can be changed of them.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `list` | everyone |
//! | `contact` | whether mail reaches somebody, and the link of their own page |

mod contact;
mod list;

use axum::extract::State;
use axum::response::Response;
use crewcall_dispatch::model::{CrewId, CrewMember};

use super::frame;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};

pub(in crate::web) use contact::contact;
pub(super) use list::mark;

/// Everyone, in the order of asking.
pub(in crate::web) async fn show(State(web): State<Web>, user: OfficeUser) -> Result<Response, PageError> {
    let roster = web.app.roster().await?;
    let today = web.app.operator.zone.to_datetime(web.app.clock.now()).date();
    let refused = web.app.refused(&roster).await?;
    let body = list::render(&roster, &refused, today, &web.app.operator.zone);
    Ok(frame(&web, &user, "Roster", body))
}

/// Somebody whom an address names.
async fn find(web: &Web, id: &str) -> Result<CrewMember, PageError> {
    let id: CrewId =
        id.parse().map_err(|problem| PageError::BadRequest(format!("The person's id {problem}.")))?;
    let member = web.app.member(&id).await?;
    member.ok_or_else(|| PageError::BadRequest(format!("{id} is not on the roster.")))
}
