//! A mail in a frame of a page, as mail programs show it.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::Markup;

/// A mail has its own styles, no scripts, and links that open the whole window.
const OF_MAIL: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";
/// The page around it.
const OF_PAGE: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The HTML part of a mail, by itself.
pub(crate) fn mail(html: &str) -> Response {
    // Links lead out of the frame, as they do in a mail program.
    let html = html.replacen("<head>", "<head><base target=\"_top\">", 1);
    ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, OF_MAIL)], html).into_response()
}

/// A page that has such a frame.
pub(crate) fn around(page: Markup) -> Response {
    ([(CONTENT_SECURITY_POLICY, OF_PAGE)], page).into_response()
}
