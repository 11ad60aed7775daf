//! Sails as calendar programs read them (RFC 5545): the feed of one person, and the file of one sail.
//!
//! All times are UTC: a zone by its name alone, without its definition, is read differently by each program. Nothing
//! is of the clock, so the same sails give the same bytes. An entry has the same id as long as there is the charter, and
//! a sequence that only ever rises: the number of the last event that mattered to it.

use crewcall_dispatch::cascade::{CharterState, Offer, OfferState};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Parameter, Property};
use jiff::Timestamp;

use crate::operator::Operator;
use crate::plain::clean_line;
use crate::times;

/// How often a program should look for news, as it is asked to (RFC 7986, 5.7). Most choose for themselves.
const LOOK_AGAIN: &str = "PT4H";

/// The name of a file, as people save it.
pub const FILE_NAME: &str = "sail.ics";
/// The media type of what is downloaded.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// What a file does in the calendar that takes it (RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The sail is in it from then on, or stands as it is now.
    Publish,
    /// The sail is not in it any more.
    Cancel,
}

impl Method {
    fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Cancel => "CANCEL",
        }
    }

    /// The media type of such a file that comes with a mail.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Publish => "text/calendar; charset=utf-8; method=PUBLISH",
            Self::Cancel => "text/calendar; charset=utf-8; method=CANCEL",
        }
    }
}

/// The last event that mattered to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Its number.
    pub sequence: u64,
    /// When it was.
    pub at: Timestamp,
}

/// One sail of one person.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The charter.
    pub state: &'a CharterState,
    /// What the person is or was aboard by.
    pub offer: &'a Offer,
    /// Since when it stands as it does.
    pub stamp: Stamp,
}

/// The sails of one person.
pub fn feed(operator: &Operator, entries: &[Entry<'_>]) -> String {
    let mut calendar = calendar(operator, Method::Publish);
    let name = clean_line(&format!("Sails, {}", operator.name));
    // By the standard (RFC 7986, 5.1), where the library escapes what is called text; and as most programs have it.
    calendar.append_property(Property::new("NAME", name.as_str()).add_parameter("VALUE", "TEXT").done());
    calendar.append_property(Property::new("X-WR-CALNAME", name));
    let look_again = Property::new("REFRESH-INTERVAL", LOOK_AGAIN).add_parameter("VALUE", "DURATION").done();
    calendar.append_property(look_again);
    calendar.append_property(Property::new("X-PUBLISHED-TTL", LOOK_AGAIN));
    for entry in entries {
        calendar.push(event(operator, entry, Method::Publish));
    }
    calendar.to_string()
}

/// One sail.
pub fn file(operator: &Operator, entry: &Entry<'_>, method: Method) -> String {
    let mut calendar = calendar(operator, method);
    calendar.push(event(operator, entry, method));
    calendar.to_string()
}

fn calendar(operator: &Operator, method: Method) -> Calendar {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0".to_owned()),
        ("PRODID", format!("-//crewcall//{}//EN", clean_line(&operator.name))),
        ("CALSCALE", "GREGORIAN".to_owned()),
        ("METHOD", method.as_str().to_owned()),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    calendar
}

fn event(operator: &Operator, entry: &Entry<'_>, method: Method) -> Event {
    let Entry { state, offer, stamp } = *entry;
    let (charter, zone) = (&state.charter, &operator.zone);
    let position = &offer.seat.position;
    let status = match (method, offer.state) {
        (Method::Cancel, _) => EventStatus::Cancelled,
        // They still answer for it, or have yet to say whether they come.
        (Method::Publish, OfferState::DroppedOut | OfferState::Reconfirming) => EventStatus::Tentative,
        (Method::Publish, _) => EventStatus::Confirmed,
    };
    let words = format!(
        "Be aboard by {}, as {position}.\nDeparts {}, returns {}.\nGuests: {}. Charter {}.",
        times::full(charter.call_time, zone),
        times::full(charter.departs_at, zone),
        times::full(charter.returns_at, zone),
        charter.guests,
        charter.charter_id
    );
    let mut event = Event::new();
    event
        .uid(&operator.key.calendar_uid(&charter.charter_id, &offer.crew_id))
        .status(status)
        .summary(&clean_line(&format!("{}, {position}", charter.vessel)))
        .location(&clean_line(&charter.dock))
        .description(&words)
        .add_property("DTSTAMP", utc(stamp.at))
        .add_property("LAST-MODIFIED", utc(stamp.at))
        .add_property("SEQUENCE", stamp.sequence.to_string())
        .add_property("DTSTART", utc(charter.call_time))
        .add_property("DTEND", utc(charter.returns_at));
    // A quote would end the name, and there is no way to write one in it (RFC 5545, 3.2).
    let name = clean_line(&operator.name).replace('"', "'");
    let organizer = Property::new("ORGANIZER", format!("mailto:{}", operator.from.email))
        .append_parameter(Parameter::new("CN", &name))
        .done();
    event.append_property(organizer);
    event.done()
}

/// `20260627T230000Z`
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests;
