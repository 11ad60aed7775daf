//! Where somebody is signed in.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use tower_sessions::Session;

use super::{PageError, Web, look};
use crate::app::User;
use crate::times;
use crate::web::base::at;
use crate::web::layout::scroll;
use crate::web::session::OfficeUser;
use crate::web::session_store::{Sessions, Shown, digest};

/// One's own sessions, each with the button that ends it.
pub(in crate::web) async fn show(
    State(web): State<Web>,
    user: OfficeUser,
    session: Session,
) -> Result<Response, PageError> {
    let known = match &user.email {
        Some(email) => web.app.user(email).await?,
        None => None,
    };
    let sessions = match &known {
        Some(known) => Sessions(web.app.clone()).of(known).await?,
        None => Vec::new(),
    };
    let this = session.id().map(digest);
    let body = render(&web, known.as_ref(), &sessions, this.as_deref());
    Ok(look(&web, &user, "Where you are signed in", body))
}

fn render(web: &Web, user: Option<&User>, sessions: &[Shown], this: Option<&str>) -> Markup {
    let zone = &web.app.operator.zone;
    html! {
        h1 { "Where you are signed in" }
        @match user {
            None => p { "Nobody signs in here: the office is only tried out." },
            Some(user) => {
                p { (user.name) ", " (user.email) }
                (scroll("Browsers", html! {
                    table {
                        thead { tr { th { "Browser" } th { "Since" } th { "Last used" } th { span.unseen { "End" } } } }
                        tbody {
                            @for session in sessions {
                                tr {
                                    td { (session.browser) @if this == Some(&session.digest) { " " span.small { "(this one)" } } }
                                    td { (times::log(session.began_at, zone)) }
                                    td { @if let Some(used) = session.used { (used.strftime("%a %-d %b %Y")) } }
                                    td {
                                        form method="post" action=(at(format_args!("/account/sessions/{}/end", session.digest))) {
                                            button.quiet { "Sign out" span.unseen { " of " (session.browser) } }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }))
                p.small { "A browser that is not used for two weeks is signed out by itself, and every one after 90 days." }
            }
        }
    }
}
