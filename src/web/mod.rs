//! The pages. One route table; whatever changes something is a POST from our own pages.
//!
//! | pages | for | module |
//! | --- | --- | --- |
//! | `/crew/…` | whoever holds a crew link | [`crew`] |
//! | `/`, `/charters/…`, `/roster` | the office, signed in | [`office`] |
//! | `/setup`, `/signout` | the office, before and after | [`session`] |
//! | `/health/…` | whoever watches the server | [`health`] |
//! | `/demo/…` | the demo only | [`crate::demo`] |

mod crew;
mod error;
mod health;
pub(crate) mod layout;
mod office;
mod security;
mod session;
mod session_store;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use crewcall_dispatch::limits;

use crate::app::App;
use crate::demo::Demo;

pub(crate) use error::{Failure, PageError};
pub use session::new_setup_link;

/// What every page works with.
#[derive(Clone)]
pub struct Web {
    /// The program.
    pub app: Arc<App>,
    /// The demo's mailbox and clock; `None` when it is for real.
    pub demo: Option<Arc<Demo>>,
}

impl Web {
    /// The bar on top of every page of the demo.
    pub(crate) fn demo_bar(&self) -> Option<maud::Markup> {
        self.demo.as_ref().map(|demo| demo.bar(&self.app.operator.zone))
    }
}

/// All routes.
pub fn router(web: Web) -> Router {
    let sessions = session::layer(&web.app);
    let public_url = web.app.operator.public_url.clone();
    let mut routes = Router::new()
        .route("/", get(office::board))
        .route("/charters/{id}", get(office::charter))
        .route("/charters/{id}/start", post(office::start))
        .route("/charters/{id}/cancel", post(office::cancel))
        .route("/roster", get(office::roster))
        .route("/signin", get(session::sign_in))
        .route("/setup", get(session::show_setup).post(session::set_up))
        .route("/signout", post(session::sign_out))
        .layer(sessions)
        .route("/crew/accept", get(crew::show).post(crew::answer))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route(layout::STYLE_PATH, get(layout::style));
    if web.demo.is_some() {
        routes = routes.merge(crate::demo::routes());
    }
    let routes = routes
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .with_state(web);
    security::wrap(routes, &public_url)
}

async fn not_found(_: Request) -> Response {
    let page = layout::plain(
        "There is no such page",
        "Check the address. If it came from a mail, open the link in the mail once more: it may have been cut off.",
    );
    (StatusCode::NOT_FOUND, page).into_response()
}

async fn wrong_method(_: Request) -> Response {
    let page = layout::plain("This page cannot do that", "Open the page anew and use its buttons.");
    (StatusCode::METHOD_NOT_ALLOWED, page).into_response()
}
