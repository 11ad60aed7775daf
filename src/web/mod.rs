//! The pages. One route table; whatever changes something is a POST from our own pages.
//!
//! | pages | for | module |
//! | --- | --- | --- |
//! | `/crew/…` | whoever holds a crew link | [`crew`] |
//! | `/`, `/needs-you`, `/charters/…`, `/roster`, `/statements/…`, `/users` | the office, signed in | [`office`] |
//! | `/signin`, `/setup` | the office, before it is signed in | [`sign_in`] |
//! | `/account/…`, `/signout` | whoever is signed in | [`session`] |
//! | `/api/v1/…` | other programs of the office | [`api`] |
//! | `/health/…` | whoever watches the server | [`health`] |
//! | whatever else [`router`] is given | a tryout | |
//!
//! All of them are below the path of the operator's public address; a link has it in front by [`base::at`].

mod api;
mod assets;
pub(crate) mod base;
mod crew;
mod error;
mod health;
pub(crate) mod layout;
mod limits;
pub(crate) mod mail_frame;
mod office;
mod places;
mod said;
mod security;
mod server;
pub(crate) mod session;
mod session_store;
mod shares;
mod sign_in;
mod tryout;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;

use crate::app::App;
use crate::openid::OpenId;
use crate::sheet::Mode;
use base::at;
use limits::Limits;
use office::board::{self, Live};
use office::crew_needs::CrewNeeds;
use office::{charter, roster, statements};

pub(crate) use error::PageError;
#[cfg(feature = "aws")]
pub(crate) use health::{READY, READY_WITHOUT_MAIL};
#[cfg(feature = "aws")]
pub(crate) use places::Peer;
pub use server::{NoRoom, room_for, serve};
pub use sign_in::new_setup_link;
pub use tryout::Tryout;

/// What every page works with.
#[derive(Clone)]
pub struct Web {
    /// The program.
    pub app: Arc<App>,
    /// What is different where the office is only tried out; `None` when it is for real.
    pub tryout: Option<Arc<dyn Tryout>>,
    /// What is done with the office's sheet: where it is let be, nothing is told of it.
    pub sheet: Mode,
    /// Where the office can sign in beside the mailed link.
    openid: Option<Arc<OpenId>>,
    /// Whether mail goes nowhere but into a directory, as the settings have it before they name a server.
    keeps_mail: bool,
    live: Arc<Live>,
    crew_needs: Arc<CrewNeeds>,
}

impl Web {
    /// The pages of an office that is for real.
    pub fn new(app: Arc<App>, sheet: Mode) -> Self {
        let (live, crew_needs) = (Arc::new(Live::new()), Arc::default());
        Self { app, tryout: None, sheet, openid: None, keeps_mail: false, live, crew_needs }
    }

    /// The same, where mail goes nowhere but into a directory, if it does: nobody gets it, which the pages say.
    pub fn keeping_mail(self, keeps_mail: bool) -> Self {
        Self { keeps_mail, ..self }
    }

    /// The same, where the office can sign in there, too.
    pub fn signing_in_by(self, openid: Option<Arc<OpenId>>) -> Self {
        Self { openid, ..self }
    }

    /// The same, by a process that sleeps between two requests: no page is told what changes.
    #[cfg(feature = "aws")]
    pub(crate) fn asleep(self) -> Self {
        Self { live: Arc::new(Live::off()), ..self }
    }

    /// The same, where it is only tried out.
    pub fn tried_out(self, tryout: Arc<dyn Tryout>) -> Self {
        Self { tryout: Some(tryout), ..self }
    }
}

/// All routes, below the path of the operator's public address; `more` are pages that only a tryout has.
pub fn router(web: Web, more: Router) -> Router {
    let sessions = session::layer(&web.app);
    let (public_url, tried_out) = (web.app.operator.public_url.clone(), web.tryout.clone());
    let crew = Router::new()
        .route("/crew/accept", get(crew::show).post(crew::answer))
        .route("/crew/message", post(crew::post_message))
        .route("/crew/me", get(crew::me::show).post(crew::me::save))
        .route("/crew/me/mail", post(crew::me::mail))
        .route("/crew/me/end", post(crew::me::end))
        .route("/crew/calendar", get(crew::calendar::file))
        .route("/crew/calendar.ics", get(crew::calendar::feed));
    let links = Router::new()
        .route("/signin/link", get(sign_in::show_link).post(sign_in::use_link))
        .route("/signin/google", post(sign_in::elsewhere::begin))
        .route("/signin/google/callback", get(sign_in::elsewhere::finish))
        .route("/setup", get(sign_in::show_setup).post(sign_in::set_up));
    let routes = Router::new()
        .route("/", get(board::show))
        .route("/live", get(board::stream))
        .route("/needs-you", get(office::needs::show))
        .route("/new-charter", get(office::add::show).post(office::add::add))
        .route("/charters/{id}", get(charter::show))
        .route("/charters/{id}/start", get(charter::preview_start).post(charter::start))
        .route("/charters/{id}/start/mail", get(charter::mail_of_start))
        .route("/charters/{id}/change", get(charter::preview).post(charter::change))
        .route("/charters/{id}/change/mail", get(charter::mail_of_change))
        .route("/charters/{id}/reschedule", get(charter::preview_reschedule).post(charter::reschedule))
        .route("/charters/{id}/reschedule/mail", get(charter::mail_of_reschedule))
        .route("/charters/{id}/figures", post(charter::record_figures))
        .route("/charters/{id}/thread", post(charter::write))
        .route("/roster", get(roster::show).post(roster::reorder))
        .route("/roster/new", get(roster::blank).post(roster::add))
        .route("/roster/days", get(roster::days::show).post(roster::days::save))
        .route("/roster/import", get(roster::import::show).post(roster::import::preview))
        .route("/roster/import/take", post(roster::import::take))
        .route("/roster/people/{id}", get(roster::person).post(roster::save))
        .route("/roster/people/{id}/left", post(roster::leave))
        .route("/roster/people/{id}/contact", post(roster::contact))
        .route("/statements", get(statements::latest))
        .route("/statements/{month}", get(statements::month))
        .route("/statements/{month}/approve", post(statements::approve))
        .route("/statements/{month}/send", post(statements::send))
        .route("/statements/{month}/settle", post(statements::settle))
        .route("/statements/{month}/adjustments", post(statements::enter))
        .route("/statements/{month}/adjustments/{number}/take-back", post(statements::take_back))
        .route("/statements/{month}/crew/{id}", get(statements::person))
        .route("/statements/{month}/crew/{id}/statement.xlsx", get(statements::person_file))
        .route("/statements/{month}/owner.xlsx", get(statements::owner_file))
        .route("/statements/{month}/payroll.csv", get(statements::payroll))
        .route("/users", get(office::users::show).post(office::users::put))
        .route("/users/remove", post(office::users::remove))
        .route("/account", get(office::account::show))
        .route("/account/sessions/{digest}/end", post(session::end_session))
        .route("/signin", get(sign_in::show).post(sign_in::mail_link))
        .merge(links)
        .route("/signout", post(session::sign_out))
        .layer(axum::middleware::from_fn(error::with_way_back))
        .layer(sessions)
        .merge(crew)
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route(assets::ROUTE, get(assets::show));
    let routes = routes
        .nest(api::PATH, api::router(base::path_of(&public_url)))
        .with_state(web)
        .merge(more)
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method);
    let limits = axum::middleware::from_fn_with_state(Arc::new(Limits::new()), limits::hold_off);
    let routes = routes.layer(limits);
    let nowhere = security::wrap(Router::new().fallback(nowhere), &public_url, tried_out.is_some());
    let routes = security::wrap(routes, &public_url, tried_out.is_some());
    let routes = tryout::of(tried_out, routes);
    base::below(base::path_of(&public_url), routes, nowhere)
}

async fn nowhere(request: Request) -> Response {
    match request.uri().path().starts_with(api::PATH) {
        true => api::no_such_path().into_response(),
        false => no_such_page(),
    }
}

fn no_such_page() -> Response {
    let title = "There is no such page";
    let page = layout::page(
        title,
        html! {
            h1 { (title) }
            p { "Check the address. If it came from a mail, open the link in the mail once more: it may have been cut off." }
            p { "For the office: " a href=(at("/")) { "to the board" } }
        },
    );
    (StatusCode::NOT_FOUND, page).into_response()
}

async fn wrong_method(_: Request) -> Response {
    let page = layout::plain("This page cannot do that", "Open the page anew and use its buttons.");
    (StatusCode::METHOD_NOT_ALLOWED, page).into_response()
}
