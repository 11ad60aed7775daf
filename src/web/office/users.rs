//! Who works in the office: whom the pages let in.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::model::{self, Email};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use super::{PageError, Web, look};
use crate::app::{Role, User};
use crate::times;
use crate::web::base::at;
use crate::web::layout::{for_changes, scroll};
use crate::web::session::OfficeUser;

/// What the forms send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Given {
    email: String,
    name: String,
    role: String,
    /// What somebody who is here had when the page was shown; nothing for somebody new.
    was_name: String,
    was_role: String,
}

/// Everyone, each with what they may do, and a form for somebody new.
pub(in crate::web) async fn show(State(web): State<Web>, user: OfficeUser) -> Result<Response, PageError> {
    let users = web.app.users().await?;
    Ok(look(&web, &user, "Users", render(&users, &user, &web.app.operator.zone)))
}

/// Adds somebody, or gives them another name or role.
pub(in crate::web) async fn put(
    State(web): State<Web>,
    user: OfficeUser,
    Form(given): Form<Given>,
) -> Result<Response, PageError> {
    let name = model::name(&given.name).map_err(|problem| bad("name", &problem))?;
    let role = given.role.parse::<Role>().map_err(|problem| bad("role", &problem))?;
    let (email, by) = (email(&given)?, &user.name);
    if given.was_role.is_empty() {
        web.app.add_user(&email, &name, role, by).await?;
    } else {
        let was = given.was_role.parse::<Role>().map_err(|problem| bad("role", &problem))?;
        web.app.change_user(&email, (&given.was_name, was), (&name, role), by).await?;
    }
    Ok(Redirect::to(&at("/users")).into_response())
}

/// Lets somebody in no more.
pub(in crate::web) async fn remove(
    State(web): State<Web>,
    user: OfficeUser,
    Form(given): Form<Given>,
) -> Result<Response, PageError> {
    web.app.remove_user(&email(&given)?, &user.name).await?;
    Ok(Redirect::to(&at("/users")).into_response())
}

fn email(given: &Given) -> Result<Email, PageError> {
    given.email.parse().map_err(|problem: String| bad("address", &problem))
}

fn bad(field: &str, problem: &str) -> PageError {
    PageError::BadRequest(format!("The {field} {problem}. Go back and change it."))
}

fn render(users: &[User], user: &OfficeUser, zone: &TimeZone) -> Markup {
    html! {
        h1 { "Users" }
        p { "Whoever stands here signs in with a link that is mailed to their address. What they do stands under their name in the record." }
        @if users.is_empty() {
            p { "Nobody yet." }
        } @else {
            // What scrolls stands around what may be switched off, so that the keyboard moves it all the same.
            (scroll("Users", for_changes(user, html! {
                table.users {
                    thead { tr { th { "Name" } th { "Address" } th { "May" } th { "Since" } th { span.unseen { "Change" } } } }
                    tbody { @for shown in users { (row(shown, user, zone)) } }
                }
            })))
        }
        h2 { "Add somebody" }
        (for_changes(user, html! {
            form.fields method="post" action=(at("/users")) {
                label { "Name" input name="name" required maxlength="100"; }
                label { "E-mail address" input name="email" type="email" required maxlength="254"; }
                (roles(Role::Office))
                button { "Add" }
            }
        }))
    }
}

fn row(shown: &User, user: &OfficeUser, zone: &TimeZone) -> Markup {
    let own = user.email.as_ref() == Some(&shown.email);
    html! {
        tr {
            td { (shown.name) @if own { " " span.small { "(you)" } } }
            td { (shown.email) }
            td { (may(shown.role)) }
            td { (times::log(shown.since, zone)) br; span.small { "by " (shown.added_by) } }
            td {
                details {
                    summary { "Change " span.unseen { (shown.name) } "…" }
                    form.fields method="post" action=(at("/users")) {
                        input type="hidden" name="email" value=(shown.email);
                        input type="hidden" name="was_name" value=(shown.name);
                        input type="hidden" name="was_role" value=(shown.role);
                        label { "Name" input name="name" value=(shown.name) required maxlength="100"; }
                        (roles(shown.role))
                        button.quiet { "Save" }
                    }
                    form method="post" action=(at("/users/remove")) {
                        input type="hidden" name="email" value=(shown.email);
                        button.danger { "Remove " (shown.name) }
                    }
                    p.small { "Whoever is removed is signed out everywhere at once." }
                }
            }
        }
    }
}

fn may(role: Role) -> &'static str {
    match role {
        Role::Office => "look and change",
        Role::ReadOnly => "look only",
    }
}

fn roles(chosen: Role) -> Markup {
    html! {
        label { "May"
            select name="role" {
                @for role in Role::ALL { option value=(role) selected[role == chosen] { (may(role)) } }
            }
        }
    }
}
