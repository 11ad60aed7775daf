//! Whether people reach the pages: asked from outside, by the way that they come.
//!
//! Another function shows them, behind a gateway, a domain and a certificate. A tick that let offers lapse while one of
//! those is broken would take the time of people who cannot answer.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::uri::InvalidUri;
use axum::http::{StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use tokio::time::timeout;

use crate::app::Pages;
use crate::web::{READY, READY_WITHOUT_MAIL};

/// How long the page may take. A process that has to be started first needs a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(3);
/// The page that reads the store, and what it says. Anything else may be somebody else's: a domain that leads nowhere
/// yet often leads to a page.
const PAGE: &str = "/health/ready";

/// The longest answer of ours, in bytes.
const ANSWER_BYTES: usize = 200;

/// The way to the pages.
pub(super) struct Gateway {
    page: Uri,
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

impl Gateway {
    /// Reads the certificates that are trusted. Connects to nothing.
    ///
    /// # Errors
    /// If there are none.
    pub(super) fn new(public_url: &str) -> Result<Self, GatewayError> {
        let roots = HttpsConnectorBuilder::new().with_provider_and_native_roots(ring::default_provider())?;
        let connector = roots.https_or_http().enable_http1().build();
        // Between two ticks the process sleeps, and a connection that was kept would be dead.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        Ok(Self { page: format!("{public_url}{PAGE}").parse()?, client })
    }

    /// Asks for a page.
    pub(super) async fn ask(&self) -> Pages {
        let why = match timeout(PATIENCE, self.answer()).await {
            Ok(Ok((status, body))) if is_ours(status, &body) => return Pages::Reached,
            Ok(Ok((StatusCode::OK, _))) => "it is not one of crewcall's".to_owned(),
            Ok(Ok((status, _))) => format!("it answered {status}"),
            Ok(Err(why)) => why,
            Err(_) => format!("it did not answer within {} s", PATIENCE.as_secs()),
        };
        tracing::warn!(page = %self.page, %why, "people do not reach the pages");
        Pages::Unreached
    }

    async fn answer(&self) -> Result<(StatusCode, Bytes), String> {
        let answer = self.client.get(self.page.clone()).await;
        let answer =
            answer.map_err(|error| error.source().map_or_else(|| error.to_string(), ToString::to_string))?;
        let status = answer.status();
        // What is longer is none of ours.
        let body = to_bytes(Body::new(answer.into_body()), ANSWER_BYTES).await.unwrap_or_default();
        Ok((status, body))
    }
}

/// Whether people could answer there. That no mail leaves keeps nobody from it.
fn is_ours(status: StatusCode, body: &[u8]) -> bool {
    match status {
        StatusCode::OK => body == READY.as_bytes(),
        StatusCode::SERVICE_UNAVAILABLE => body.starts_with(READY_WITHOUT_MAIL.as_bytes()),
        _ => false,
    }
}

/// Why nobody can ask for a page.
#[derive(Debug, thiserror::Error)]
pub(super) enum GatewayError {
    #[error("no certificates are trusted here, so that no page can be asked for: {0}")]
    Certificates(#[from] std::io::Error),
    #[error("the address of the pages is none: {0}")]
    Address(#[from] InvalidUri),
}
