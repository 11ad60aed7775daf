//! What of the board is looked at. It stands in the address, so that a link or a reload shows the same.

use crewcall_dispatch::cascade::CallStatus;
use crewcall_dispatch::limits;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::KEPT_ON_BOARD;
use super::row::Row;
use crate::web::base::at;

/// How far ahead a sail is that leaves soon.
const SOON: SignedDuration = SignedDuration::from_hours(limits::SOON_HOURS);

/// How far back a sail is found that has left.
const PAST: SignedDuration = SignedDuration::from_hours(62 * 24);

/// The address's own words.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    show: String,
    q: String,
    by: String,
}

/// Charters, or crew by days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Charters,
    Crew,
}

/// Which charters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Show {
    All,
    NeedsYou,
    Uncrewed,
    Soon,
    /// Those that have left: of them figures may be missing.
    Past,
}

impl Show {
    const ALL: [Self; 5] = [Self::All, Self::NeedsYou, Self::Uncrewed, Self::Soon, Self::Past];

    /// In the address, and on the page.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::All => ("", "All"),
            Self::NeedsYou => ("needs-you", "Needs you"),
            Self::Uncrewed => ("uncrewed", "Uncrewed"),
            Self::Soon => ("soon", "Next 72 h"),
            Self::Past => ("past", "Past"),
        }
    }
}

impl Asked {
    pub(super) fn by(&self) -> By {
        if self.by == "crew" { By::Crew } else { By::Charters }
    }

    fn show(&self) -> Show {
        Show::ALL.into_iter().find(|show| show.words().0 == self.show).unwrap_or(Show::All)
    }

    /// Whether the page has every charter, so that one that is not on it is new.
    pub(super) fn is_everything(&self) -> bool {
        self.by() == By::Charters && self.show() == Show::All && self.q.trim().is_empty()
    }

    /// How far back charters are looked at.
    pub(super) fn kept(&self) -> SignedDuration {
        if self.show() == Show::Past { PAST } else { KEPT_ON_BOARD }
    }

    pub(super) fn shows(&self, row: &Row, now: Timestamp) -> bool {
        let ahead = row.departs_at > now;
        let wanted = match self.show() {
            Show::All => true,
            Show::NeedsYou => row.needs_you,
            Show::Uncrewed => ahead && !matches!(row.status, CallStatus::Filled | CallStatus::Cancelled),
            Show::Soon => ahead && row.departs_at <= now + SOON,
            Show::Past => !ahead,
        };
        wanted && self.q.to_lowercase().split_whitespace().all(|word| row.text.contains(word))
    }

    fn address(&self, show: Show, by: By) -> String {
        let show = Some(show.words().0).filter(|show| !show.is_empty()).map(|show| format!("show={show}"));
        let by = (by == By::Crew).then(|| "by=crew".to_owned());
        let asked = show.into_iter().chain(by).collect::<Vec<_>>().join("&");
        at(if asked.is_empty() { "/".to_owned() } else { format!("/?{asked}") })
    }
}

/// The switches, and the search.
pub(super) fn bar(asked: &Asked) -> Markup {
    let (show, by) = (asked.show(), asked.by());
    let link = |to: String, label: &str, current: bool| {
        html! { a href=(to) aria-current=[current.then_some("true")] { (label) } }
    };
    html! {
        div.shown {
            nav.switch aria-label="Board of" {
                (link(asked.address(Show::All, By::Charters), "Charters", by == By::Charters))
                (link(asked.address(Show::All, By::Crew), "Crew", by == By::Crew))
            }
            @if by == By::Charters {
                nav.switch aria-label="Which charters" {
                    @for one in Show::ALL { (link(asked.address(one, by), one.words().1, one == show)) }
                }
                form.search method="get" action=(at("/")) role="search" {
                    @if show != Show::All { input type="hidden" name="show" value=(show.words().0); }
                    label for="search" { "Search" }
                    input #search type="search" name="q" value=(asked.q) placeholder="Vessel, name, day …" maxlength="100";
                    button.quiet.little { "Search" }
                }
            }
            a.to href=(at("/new-charter")) { "Add a charter" }
        }
    }
}
