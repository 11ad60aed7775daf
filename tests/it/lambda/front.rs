//! Where people reach the pages: whatever stands before the functions, as far as a tick asks it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

/// What it does with whoever asks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    Answers(StatusCode),
    /// With a page that is none of crewcall's, as a domain has that leads nowhere yet.
    ParksTheDomain,
    Hangs,
}

/// A gateway, of which only the page that says that all is well is there.
pub(super) struct Front {
    /// Where it answers.
    pub(super) address: String,
    way: Arc<Mutex<Way>>,
}

impl Front {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let way = Arc::new(Mutex::new(Way::Answers(StatusCode::OK)));
        let pages = Router::new().route("/health/ready", get(answer)).with_state(way.clone());
        tokio::spawn(crewcall::web::serve(listener, pages, std::future::pending()));
        Self { address, way }
    }

    /// From now on this becomes of whoever asks.
    pub(super) fn does(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }
}

async fn answer(State(way): State<Arc<Mutex<Way>>>) -> (StatusCode, &'static str) {
    let way = *way.lock().unwrap();
    match way {
        Way::Answers(status) => (status, "ready\n"),
        Way::ParksTheDomain => (StatusCode::OK, "<html>Buy this domain</html>"),
        Way::Hangs => std::future::pending().await,
    }
}
