//! One booked sail, and the reading of one.

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{CharterId, Fault, Money, Rank, name};
use crate::limits;

/// One booked sail.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Charter {
    /// The id that the booking gave it.
    pub charter_id: CharterId,
    /// The boat.
    pub vessel: String,
    /// When the boat leaves the dock (UTC).
    pub departs_at: Timestamp,
    /// When it is back (UTC).
    pub returns_at: Timestamp,
    /// When the crew has to be aboard (UTC), not after departure.
    pub call_time: Timestamp,
    /// Where the crew boards.
    pub dock: String,
    /// Guests aboard.
    pub guests: u32,
    /// What the booking brought in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_revenue: Option<Money>,
    /// What whoever sold the charter keeps of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_fee: Option<Money>,
    /// What the guests gave the crew with the booking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gratuity: Option<Money>,
    /// The charterer takes the boat without a crew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bareboat: bool,
    /// The seats to fill: the captain first, then as given.
    pub positions: Vec<PositionNeed>,
}

/// What of a charter people say yes to. Where it changes, they are asked again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Terms {
    /// See [`Charter::vessel`].
    pub vessel: String,
    /// See [`Charter::departs_at`].
    pub departs_at: Timestamp,
    /// See [`Charter::returns_at`].
    pub returns_at: Timestamp,
    /// See [`Charter::call_time`].
    pub call_time: Timestamp,
    /// See [`Charter::dock`].
    pub dock: String,
}

impl Terms {
    /// Whether both are at the same time.
    pub fn same_time(&self, other: &Self) -> bool {
        (self.departs_at, self.returns_at, self.call_time)
            == (other.departs_at, other.returns_at, other.call_time)
    }
}

/// How many people of one position a charter needs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionNeed {
    /// The position.
    pub position: Rank,
    /// How many seats.
    pub quantity: u32,
}

/// One seat of a charter: the second deckhand's is `deckhand 2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seat {
    /// The position.
    pub position: Rank,
    /// Which of the position's seats, counted from 1.
    pub number: u32,
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.position, self.number)
    }
}

impl Charter {
    /// What people say yes to.
    pub fn terms(&self) -> Terms {
        let Self { vessel, departs_at, returns_at, call_time, dock, .. } = self;
        Terms {
            vessel: vessel.clone(),
            departs_at: *departs_at,
            returns_at: *returns_at,
            call_time: *call_time,
            dock: dock.clone(),
        }
    }

    /// Every seat, the captain's first.
    pub fn seats(&self) -> impl Iterator<Item = Seat> + '_ {
        self.positions.iter().flat_map(|need| {
            (1..=need.quantity).map(|number| Seat { position: need.position.clone(), number })
        })
    }

    /// The last instant before the return.
    pub fn last_instant(&self) -> Timestamp {
        self.returns_at - SignedDuration::from_nanos(1)
    }

    /// The days that the sail touches in `zone`, from the call time to the return. A return at
    /// midnight sharp does not touch the new day.
    pub fn days(&self, zone: &TimeZone) -> Vec<Day> {
        let first = zone.to_datetime(self.call_time);
        let end = zone.to_datetime(self.returns_at);
        let last = zone.to_datetime(self.last_instant()).date();
        let dates = first.date().series(jiff::Span::new().days(1)).take_while(|date| *date <= last);
        let day = |date| Day {
            date,
            from: if date == first.date() { first.time() } else { Time::midnight() },
            until: (date == end.date()).then(|| end.time()),
        };
        dates.map(day).collect()
    }
}

/// What a sail takes of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// From when on, as clocks there show it.
    pub from: Time,
    /// Until when; `None` for the end of the day.
    pub until: Option<Time>,
}

/// A booking as people and other programs write it: JSON, flags or a form, not yet checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// See [`Charter::charter_id`].
    #[serde(default)]
    pub charter_id: String,
    /// See [`Charter::vessel`].
    #[serde(default)]
    pub vessel: String,
    /// `2026-06-27T16:00:00-07:00`, or `2026-06-27T16:00` in the operator's zone.
    #[serde(default)]
    pub departs_at: String,
    /// As `departs_at`.
    #[serde(default)]
    pub returns_at: String,
    /// As `departs_at`.
    #[serde(default)]
    pub call_time: String,
    /// See [`Charter::dock`].
    #[serde(default)]
    pub dock: String,
    /// See [`Charter::guests`].
    #[serde(default)]
    pub guests: u32,
    /// An amount such as `"1450.00"`.
    #[serde(default)]
    pub gross_revenue: Option<String>,
    /// See [`Charter::channel_fee`]; an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_fee: Option<String>,
    /// See [`Charter::gratuity`]; an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gratuity: Option<String>,
    /// See [`Charter::bareboat`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bareboat: bool,
    /// See [`Charter::positions`].
    #[serde(default)]
    pub positions: Vec<PositionNeed>,
}

impl Booking {
    /// Checks everything and reads local times in `zone`.
    ///
    /// # Errors
    /// All faults, each with its field.
    pub fn check(self, zone: &TimeZone) -> Result<Charter, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut keep = |field: &str, problem: String| faults.push(Fault::new(field, problem));
        let charter_id = self.charter_id.trim().parse().map_err(|p| keep("charter_id", p)).ok();
        let vessel = name(&self.vessel).map_err(|p| keep("vessel", p)).ok();
        let departs_at = instant(&self.departs_at, zone).map_err(|p| keep("departs_at", p)).ok();
        let returns_at = instant(&self.returns_at, zone).map_err(|p| keep("returns_at", p)).ok();
        let call_time = instant(&self.call_time, zone).map_err(|p| keep("call_time", p)).ok();
        let dock = name(&self.dock).map_err(|p| keep("dock", p)).ok();
        let mut amount = |field: &str, text: Option<String>| {
            text.as_deref().map(str::parse::<Money>).transpose().map_err(|p| keep(field, p)).ok()
        };
        let gross_revenue = amount("gross_revenue", self.gross_revenue);
        let channel_fee = amount("channel_fee", self.channel_fee);
        let gratuity = amount("gratuity", self.gratuity);
        if let (Some(Some(revenue)), Some(Some(fee))) = (gross_revenue, channel_fee)
            && fee > revenue
        {
            let problem =
                format!("is {fee}, more than the gross_revenue of {revenue}; correct one of the two");
            keep("channel_fee", problem);
        }
        if self.guests > limits::GUESTS {
            keep("guests", format!("is {}; at most {} are taken", self.guests, limits::GUESTS));
        }
        if let Err(problem) = times(call_time, departs_at, returns_at) {
            faults.push(problem);
        }
        let positions = positions(self.positions).map_err(|p| faults.push(Fault::new("positions", p))).ok();
        let money = gross_revenue.zip(channel_fee).zip(gratuity);
        match (charter_id, vessel, departs_at, returns_at, call_time, dock, money, positions) {
            (
                Some(charter_id),
                Some(vessel),
                Some(departs_at),
                Some(returns_at),
                Some(call_time),
                Some(dock),
                Some(((gross_revenue, channel_fee), gratuity)),
                Some(positions),
            ) if faults.is_empty() => Ok(Charter {
                charter_id,
                vessel,
                departs_at,
                returns_at,
                call_time,
                dock,
                guests: self.guests,
                gross_revenue,
                channel_fee,
                gratuity,
                bareboat: self.bareboat,
                positions,
            }),
            _ => Err(faults),
        }
    }
}

/// An instant with its offset, or a local time of `zone` that exists exactly once.
pub(super) fn instant(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(
            "is missing; write it as 2026-06-27T16:00, or with an offset as 2026-06-27T16:00:00-07:00".into(),
        );
    }
    let in_bounds = |instant: Timestamp| {
        let year = zone.to_datetime(instant).year();
        let (first, last) = (limits::YEARS.start(), limits::YEARS.end());
        let known = limits::YEARS.contains(&year);
        if known {
            Ok(instant)
        } else {
            Err(format!("is in the year {year}; charters are taken from {first} to {last}"))
        }
    };
    if let Ok(instant) = text.parse::<Timestamp>() {
        return in_bounds(instant);
    }
    let local: jiff::civil::DateTime = text.parse().map_err(|_| {
        format!("is {text:?}; write it as 2026-06-27T16:00:00-07:00, or 2026-06-27T16:00 in local time")
    })?;
    // A date alone would be midnight, which nobody means who leaves the time out.
    if !text.contains(':') {
        return Err(format!("is {text:?}, a date without a time; write it as 2026-06-27T16:00"));
    }
    let instant = zone.to_ambiguous_timestamp(local).unambiguous().map_err(|_| {
        format!("is {text:?}, which the change of clocks makes twice or never; add the offset, as in -07:00")
    })?;
    in_bounds(instant)
}

fn times(
    call_time: Option<Timestamp>,
    departs_at: Option<Timestamp>,
    returns_at: Option<Timestamp>,
) -> Result<(), Fault> {
    if let (Some(departs_at), Some(returns_at)) = (departs_at, returns_at)
        && returns_at <= departs_at
    {
        return Err(Fault::new("returns_at", "is not after departs_at"));
    }
    if let (Some(call_time), Some(departs_at)) = (call_time, departs_at)
        && (call_time > departs_at || call_time < departs_at - SignedDuration::from_hours(24))
    {
        return Err(Fault::new(
            "call_time",
            "has to be at most 24 hours before departs_at, and not after it",
        ));
    }
    if let (Some(call_time), Some(returns_at)) = (call_time, returns_at)
        && returns_at.duration_since(call_time) > SignedDuration::from_hours(limits::CHARTER_HOURS)
    {
        return Err(Fault::new(
            "returns_at",
            format!("is more than {} hours after call_time", limits::CHARTER_HOURS),
        ));
    }
    Ok(())
}

/// One captain, every position once, not more seats than the limit; the captain is put first.
fn positions(mut needs: Vec<PositionNeed>) -> Result<Vec<PositionNeed>, String> {
    let captains: u32 = needs
        .iter()
        .filter(|need| need.position.is_captain())
        .fold(0, |sum, need| sum.saturating_add(need.quantity));
    if captains != 1 {
        return Err(format!("ask for {captains} captains; every charter has exactly one"));
    }
    if needs.len() > limits::POSITIONS {
        return Err(format!("has {} entries; at most {} are taken", needs.len(), limits::POSITIONS));
    }
    for (i, need) in needs.iter().enumerate() {
        if need.quantity == 0 {
            return Err(format!("ask for 0 of {}; leave it out instead", need.position));
        }
        if needs[..i].iter().any(|other| other.position == need.position) {
            return Err(format!("name {} twice; give one entry with the whole quantity", need.position));
        }
    }
    let seats = needs.iter().fold(0u32, |sum, need| sum.saturating_add(need.quantity));
    if seats > limits::SEATS {
        return Err(format!("add up to {seats} seats; at most {} are taken", limits::SEATS));
    }
    needs.sort_by_key(|need| !need.position.is_captain());
    Ok(needs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booking() -> Booking {
        serde_json::from_value(serde_json::json!({
            "charter_id": "charter_5678", "vessel": "America", "departs_at": "2026-06-27T16:00:00-07:00",
            "returns_at": "2026-06-27T19:00:00-07:00", "call_time": "2026-06-27T15:15", "dock": "Shelter Island, pier 3",
            "guests": 6, "gross_revenue": "1450.00",
            "positions": [{ "position": "deckhand", "quantity": 2 }, { "position": "captain", "quantity": 1 }]
        }))
        .unwrap()
    }

    fn zone() -> TimeZone {
        TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").unwrap()
    }

    #[test]
    fn local_times_are_read_in_the_operators_zone() {
        let charter = booking().check(&zone()).unwrap();
        assert_eq!(charter.call_time, "2026-06-27T22:15:00Z".parse().unwrap());
        let seats: Vec<String> = charter.seats().map(|seat| seat.to_string()).collect();
        assert_eq!(seats, ["captain 1", "deckhand 1", "deckhand 2"]);
    }

    #[test]
    fn a_local_time_that_the_clocks_skip_or_repeat_is_refused() {
        for local in ["2026-03-08T02:30", "2026-11-01T01:30"] {
            let faults = Booking { departs_at: local.into(), ..booking() }.check(&zone()).unwrap_err();
            assert!(faults[0].problem.contains("add the offset"), "{faults:?}");
        }
    }

    #[test]
    fn a_sail_touches_every_day_up_to_but_not_at_midnight() {
        let mut charter = booking().check(&zone()).unwrap();
        charter.returns_at = "2026-06-28T00:00:00-07:00".parse().unwrap();
        let day = |date: &str, from: &str, until: Option<&str>| Day {
            date: date.parse().unwrap(),
            from: from.parse().unwrap(),
            until: until.map(|until| until.parse().unwrap()),
        };
        assert_eq!(charter.days(&zone()), [day("2026-06-27", "15:15", None)]);
        charter.returns_at = "2026-06-28T00:00:01-07:00".parse().unwrap();
        let next = day("2026-06-28", "00:00", Some("00:00:01"));
        assert_eq!(charter.days(&zone()), [day("2026-06-27", "15:15", None), next]);
        charter.returns_at = "2026-06-27T19:00:00-07:00".parse().unwrap();
        assert_eq!(charter.days(&zone()), [day("2026-06-27", "15:15", Some("19:00"))]);
    }

    #[test]
    fn a_fee_is_no_more_than_the_revenue() {
        let fee = |fee: &str| Booking { channel_fee: Some(fee.into()), ..booking() }.check(&zone());
        assert!(fee("1450.00").is_ok());
        let faults = fee("1450.01").unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!(
            faults[0].to_string(),
            "channel_fee: is 1450.01, more than the gross_revenue of 1450.00; correct one of the two"
        );
    }

    #[test]
    fn faults_are_named_by_field() {
        let faults = Booking::default().check(&zone()).unwrap_err();
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(
            fields,
            ["charter_id", "vessel", "departs_at", "returns_at", "call_time", "dock", "positions"]
        );
    }
}
