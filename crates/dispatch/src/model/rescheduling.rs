//! A change of a charter as people write it.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::charter::instant;
use super::{Booking, Charter, Fault, PositionNeed};

/// What of a charter is to be otherwise; what is left out stays. A return and a call time that are left out move
/// along with the departure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rescheduling {
    /// See [`Charter::vessel`].
    pub vessel: Option<String>,
    /// `2026-06-27T16:00:00-07:00`, or `2026-06-27T16:00` in the operator's zone.
    pub departs_at: Option<String>,
    /// As `departs_at`.
    pub returns_at: Option<String>,
    /// As `departs_at`.
    pub call_time: Option<String>,
    /// See [`Charter::dock`].
    pub dock: Option<String>,
    /// See [`Charter::guests`].
    pub guests: Option<u32>,
    /// An amount such as `"1450.00"`.
    pub gross_revenue: Option<String>,
    /// See [`Charter::positions`]; those of the same name are replaced, the others stay. With a quantity of 0 the
    /// position goes.
    pub positions: Vec<PositionNeed>,
}

impl Rescheduling {
    /// The charter as it becomes; local times are read in `zone`.
    ///
    /// # Errors
    /// All faults, each with its field.
    pub fn apply(self, charter: &Charter, zone: &TimeZone) -> Result<Charter, Vec<Fault>> {
        let departs_at = match &self.departs_at {
            Some(text) => instant(text, zone).map_err(|p| vec![Fault::new("departs_at", p)])?,
            None => charter.departs_at,
        };
        let shift = departs_at.duration_since(charter.departs_at);
        let along = |at: jiff::Timestamp, field: &str| {
            let moved = at.checked_add(shift).map(|at| at.to_string());
            moved.map_err(|_| vec![Fault::new(field, "would be out of all bounds")])
        };
        let returns_at = match self.returns_at {
            Some(text) => text,
            None => along(charter.returns_at, "returns_at")?,
        };
        let call_time = match self.call_time {
            Some(text) => text,
            None => along(charter.call_time, "call_time")?,
        };
        let mut positions = charter.positions.clone();
        for need in self.positions {
            match positions.iter_mut().find(|known| known.position == need.position) {
                Some(known) => known.quantity = need.quantity,
                None => positions.push(need),
            }
        }
        positions.retain(|need| need.quantity > 0);
        let amount = |amount: Option<super::Money>| amount.map(|amount| amount.to_string());
        let booking = Booking {
            charter_id: charter.charter_id.to_string(),
            vessel: self.vessel.unwrap_or_else(|| charter.vessel.clone()),
            departs_at: departs_at.to_string(),
            returns_at,
            call_time,
            dock: self.dock.unwrap_or_else(|| charter.dock.clone()),
            guests: self.guests.unwrap_or(charter.guests),
            gross_revenue: self.gross_revenue.or(amount(charter.gross_revenue)),
            channel_fee: amount(charter.channel_fee),
            gratuity: amount(charter.gratuity),
            bareboat: charter.bareboat,
            positions,
        };
        booking.check(zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charter() -> Charter {
        let booking: Booking = serde_json::from_value(serde_json::json!({
            "charter_id": "charter_5678", "vessel": "America", "departs_at": "2026-06-27T16:00:00-07:00",
            "returns_at": "2026-06-27T19:00:00-07:00", "call_time": "2026-06-27T15:15", "dock": "pier 3",
            "guests": 6, "gross_revenue": "1450.00",
            "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }]
        }))
        .unwrap();
        booking.check(&zone()).unwrap()
    }

    fn zone() -> TimeZone {
        TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").unwrap()
    }

    fn need(position: &str, quantity: u32) -> PositionNeed {
        PositionNeed { position: position.parse().unwrap(), quantity }
    }

    #[test]
    fn what_is_left_out_stays() {
        assert_eq!(Rescheduling::default().apply(&charter(), &zone()).unwrap(), charter());
    }

    #[test]
    fn return_and_call_time_move_along_with_the_departure() {
        let later = Rescheduling { departs_at: Some("2026-06-28T17:30".into()), ..Rescheduling::default() };
        let moved = later.clone().apply(&charter(), &zone()).unwrap();
        assert_eq!(moved.returns_at, "2026-06-28T20:30:00-07:00".parse().unwrap());
        assert_eq!(moved.call_time, "2026-06-28T16:45:00-07:00".parse().unwrap());
        let shorter = Rescheduling { returns_at: Some("2026-06-28T19:00".into()), ..later };
        let moved = shorter.apply(&charter(), &zone()).unwrap();
        assert_eq!(moved.returns_at, "2026-06-28T19:00:00-07:00".parse().unwrap());
    }

    #[test]
    fn positions_are_changed_one_by_one() {
        let positions = vec![need("deckhand", 3), need("host", 1)];
        let change = Rescheduling { positions, ..Rescheduling::default() };
        let changed = change.apply(&charter(), &zone()).unwrap();
        assert_eq!(changed.positions, [need("captain", 1), need("deckhand", 3), need("host", 1)]);
        let change = Rescheduling { positions: vec![need("deckhand", 0)], ..Rescheduling::default() };
        assert_eq!(change.apply(&charter(), &zone()).unwrap().positions, [need("captain", 1)]);
    }

    #[test]
    fn what_makes_no_charter_is_refused_by_its_field() {
        for (change, field) in [
            (Rescheduling { departs_at: Some("soon".into()), ..Rescheduling::default() }, "departs_at"),
            (
                Rescheduling { returns_at: Some("2026-06-27T15:00".into()), ..Rescheduling::default() },
                "returns_at",
            ),
            (Rescheduling { vessel: Some(" ".into()), ..Rescheduling::default() }, "vessel"),
            (Rescheduling { positions: vec![need("captain", 0)], ..Rescheduling::default() }, "positions"),
        ] {
            let faults = change.apply(&charter(), &zone()).unwrap_err();
            assert_eq!(faults[0].field, field, "{faults:?}");
        }
    }
}
