//! The sail on a crew page: when, where, with whom, for what pay.

use crewcall_dispatch::cascade::Offer;
use crewcall_dispatch::model::Charter;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::pages::OfferView;
use crate::times;
use crate::web::layout;
use crate::words;

/// The days that a sail touches, as a form sends them back.
pub(super) fn days_of(charter: &Charter, zone: &TimeZone) -> String {
    let days = charter.days(zone);
    let dates = days.first().zip(days.last());
    dates.map_or_else(String::new, |(first, last)| format!("{}/{}", first.date, last.date))
}

/// The dock, and the way there: Maps URLs are documented, and phones open them in the app that people chose
/// (developers.google.com/maps/documentation/urls).
pub(super) fn dock(dock: &str) -> Markup {
    let map = "https://www.google.com/maps/search/?api=1&query=";
    html! {
        (dock) " "
        a.map href={ (map) (utf8_percent_encode(dock, NON_ALPHANUMERIC)) } rel="noreferrer" { "Map" }
    }
}

impl OfferView<'_> {
    /// What everyone has to know of the sail.
    pub(super) fn sail(&self, reply_by: Option<Timestamp>) -> Markup {
        let charter = &self.state.charter;
        let zone = &self.operator.zone;
        let aboard: Vec<String> = self
            .state
            .aboard()
            .iter()
            .map(|offer| format!("{} ({})", self.names.get(&offer.crew_id), offer.seat.position))
            .collect();
        html! {
            dl.facts {
                dt { "Vessel" } dd { (charter.vessel) ", as " (self.seat()) }
                dt { "Departs" } dd { (times::full(charter.departs_at, zone)) }
                dt { "Returns" } dd { (times::full(charter.returns_at, zone)) }
                dt { "Be aboard by" }
                @if reply_by.is_some() {
                    dd { strong { (times::aboard_by(charter.call_time, self.now, zone)) } }
                } @else {
                    dd { strong { (times::full(charter.call_time, zone)) } }
                }
                dt { "Dock" } dd { (dock(&charter.dock)) }
                dt { "Guests" } dd { (charter.guests) }
                // Not for whoever has nothing to do with the sail any more.
                @if self.state.cancelled_at.is_none() && self.concerns_them() {
                    dt { "Aboard" } dd { @if aboard.is_empty() { "nobody yet" } @else { (aboard.join(", ")) } }
                }
                @if let Some(pay) = self.pay() { dt { "Pay" } dd { (pay) } }
                @if let Some(reply_by) = reply_by {
                    dt { "Reply by" }
                    dd {
                        strong { (times::full(reply_by, zone)) }
                        " (" (times::span(reply_by.duration_since(self.now))) " left)"
                    }
                }
            }
        }
    }

    /// Whether they are asked, aboard, stand by, or are responsible for a seat.
    fn concerns_them(&self) -> bool {
        let id = &self.offer.crew_id;
        self.state.offers.iter().any(|offer| offer.crew_id == *id && offer.binds())
            || self.state.standing_by().any(|offer| offer.crew_id == *id)
    }

    /// What the rules say that the seat is paid, to whoever is asked or has it.
    fn pay(&self) -> Option<String> {
        if self.state.cancelled_at.is_some() || !self.offer.in_force() {
            return None;
        }
        let (charter, pay) = (&self.state.charter, &self.operator.pay);
        let date = self.operator.zone.to_datetime(charter.departs_at).date();
        let Offer { crew_id, seat, .. } = self.offer;
        let offered = pay.rules.offered(crew_id, &seat.position, &charter.vessel, date)?;
        words::offered(&offered, &pay.currency)
    }

    /// What goes along with a no.
    pub(super) fn off(&self) -> Markup {
        html! {
            (layout::return_key("answer"))
            label.tick {
                input type="checkbox" name="off" value=(days_of(&self.state.charter, &self.operator.zone)) checked[self.draft.off];
                " If you can't: mark me off on " (self.days()) " altogether"
            }
        }
    }

    /// The days that the sail touches.
    pub(super) fn days(&self) -> String {
        let (charter, zone) = (&self.state.charter, &self.operator.zone);
        let (first, last) = (times::day(charter.call_time, zone), times::day(charter.last_instant(), zone));
        if first == last { first } else { format!("{first} to {last}") }
    }

    /// As what the person sails; before that, as what they were asked.
    pub(super) fn seat(&self) -> &str {
        let aboard = self.state.aboard();
        let holds = aboard.iter().find(|offer| offer.crew_id == self.offer.crew_id);
        holds.map_or(self.offer.seat.position.as_str(), |offer| offer.seat.position.as_str())
    }

    pub(super) fn first_name(&self) -> &str {
        self.names.get(&self.offer.crew_id).split_whitespace().next().unwrap_or_default()
    }
}
