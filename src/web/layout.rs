//! The frame of every page.

use crewcall_dispatch::model::Phone;
use maud::{DOCTYPE, Markup, html};

use super::assets::Asset;
use super::base::at;
use super::session::SignedIn;
use super::tryout;

/// A page for anyone, and behind a crew link.
pub(crate) fn page(title: &str, body: Markup) -> Markup {
    frame(title, &[], html! { main { (body) } })
}

/// A page that says one thing.
pub(crate) fn plain(title: &str, words: &str) -> Markup {
    page(title, html! { h1 { (title) } p { (words) } })
}

/// A table that may be wider than the screen: whoever has no mouse scrolls it with the arrow keys (WCAG 2.1.1).
pub(crate) fn scroll(label: &str, table: Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(label) { (table) } }
}

/// A number that a phone calls (RFC 3966; the signs that people put between digits stay, but for those it has no room for).
pub(crate) fn ring(phone: &Phone) -> Markup {
    html! { a href={ "tel:" (phone.as_str().replace([' ', '(', ')'], "")) } { (phone) } }
}

/// What the hidden button says that [`return_key`] makes.
pub(crate) const RETURN_KEY: &str = "return-key";

/// Stands before all buttons of a form, unseen. The return key in a field presses the first of them that is not disabled
/// (HTML, "implicit submission"; in Chromium also in a box to tick), and nobody is to say yes by that: this one shows the
/// page again, as it was filled in.
pub(crate) fn return_key(name: &str) -> Markup {
    html! { button hidden name=(name) value=(RETURN_KEY) {} }
}

/// Whose page of the office it is.
pub(crate) struct Head<'a> {
    /// The operator's name.
    pub(crate) operator: &'a str,
    /// Who looks at it; nobody has to sign in to a tryout.
    pub(crate) user: Option<&'a SignedIn>,
}

/// What whoever may only look finds switched off: buttons and fields, each of which would be refused.
pub(super) fn for_changes(user: &SignedIn, body: Markup) -> Markup {
    html! { @if user.can_change() { (body) } @else { fieldset.off disabled { (body) } } }
}

/// A page of the office, under its navigation.
pub(crate) fn office(title: &str, Head { operator, user }: Head<'_>, body: Markup) -> Markup {
    frame(
        title,
        &[Asset::Office, Asset::Script],
        html! {
            header {
                a.brand href=(at("/")) { (operator) }
                nav aria-label="Office" {
                    a href=(at("/")) { "Board" }
                    a href=(at("/needs-you")) { "Needs you" }
                    a href=(at("/roster")) { "Roster" }
                    a href=(at("/statements")) { "Statements" }
                    @if user.is_some() { a href=(at("/users")) { "Users" } }
                }
                @if let Some(user) = user {
                    div.account {
                        a href=(at("/account")) { (user.name) }
                        @if !user.can_change() { span.chip.off { "looks only" } }
                        form method="post" action=(at("/signout")) { button.quiet { "Sign out" } }
                    }
                }
            }
            main.wide { (body) }
        },
    )
}

fn frame(title: &str, assets: &[Asset], inner: Markup) -> Markup {
    let bar = tryout::bar();
    let of_bar = bar.is_some().then_some(Asset::Demo);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · crewcall" }
                @for asset in [Asset::Base].iter().chain(assets).chain(&of_bar) {
                    @if asset.is_script() {
                        script src=(at(asset.path())) defer {}
                    } @else {
                        link rel="stylesheet" href=(at(asset.path()));
                    }
                }
                link rel="icon" href="data:,";
            }
            body { @if let Some(bar) = bar { (bar) } (inner) }
        }
    }
}
