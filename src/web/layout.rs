//! The frame of every page.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use maud::{DOCTYPE, Markup, html};

use super::base::at;

/// Where the style sheet is. The number rises when it changes, so that browsers keep it for good.
pub(super) const STYLE_PATH: &str = "/assets/style-9.css";

/// The style sheet.
pub(super) async fn style() -> impl IntoResponse {
    let headers =
        [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, include_str!("../../assets/style.css"))
}

/// A page for anyone.
pub(crate) fn page(title: &str, body: Markup) -> Markup {
    crew(title, None, body)
}

/// A page behind a crew link.
pub(crate) fn crew(title: &str, bar: Option<Markup>, body: Markup) -> Markup {
    frame(
        title,
        html! {
            @if let Some(bar) = bar { (bar) }
            main { (body) }
        },
    )
}

/// A page that says one thing.
pub(crate) fn plain(title: &str, words: &str) -> Markup {
    page(title, html! { h1 { (title) } p { (words) } })
}

/// A page of the office, under its navigation.
pub(crate) fn office(title: &str, operator: &str, bar: Option<Markup>, body: Markup) -> Markup {
    let signed_in = bar.is_none();
    frame(
        title,
        html! {
            @if let Some(bar) = bar { (bar) }
            header {
                a.brand href=(at("/")) { (operator) }
                nav aria-label="Office" {
                    a href=(at("/")) { "Board" }
                    a href=(at("/roster")) { "Roster" }
                    a href=(at("/statements")) { "Statements" }
                }
                @if signed_in {
                    form.signout method="post" action=(at("/signout")) { button.quiet { "Sign out" } }
                }
            }
            main.wide { (body) }
        },
    )
}

fn frame(title: &str, inner: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · crewcall" }
                link rel="stylesheet" href=(at(STYLE_PATH));
                link rel="icon" href="data:,";
            }
            body { (inner) }
        }
    }
}
