//! What one charter pays each of those who sailed, or why that is open.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::record::{Account, HourlyPay, Parts, SharePay};
use super::rules::{Base, PayRule, PayRules, Split};
use super::split::split;
use crate::cascade::{AuditEvent, CharterState, Fact, Offer, OfferNo};
use crate::model::{Amount, CrewId, Minutes, Money, Rank};

/// A charter, with where the audit has each yes.
#[derive(Debug, Clone)]
pub struct Sailing {
    /// The charter.
    pub state: CharterState,
    /// The yes of each offer that has one.
    pub accepted: BTreeMap<OfferNo, Acceptance>,
}

/// Where the audit of the charter has what put somebody aboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The number of the event.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// From where: `link jada_crew_…`, `page`, `command line`.
    pub via: String,
    /// Whose word it was.
    pub how: How,
}

/// Whose word put somebody aboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The person said yes.
    Accepted,
    /// The office put them aboard.
    Assigned,
    /// The office said afterwards that they had sailed.
    TurnedUp,
}

/// Why a charter is not paid yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Open {
    /// It is not back yet.
    NotBack,
    /// How long the crew worked is not known, and somebody is paid by it.
    NoHours,
    /// What it brought in is not known, and somebody has a share of it.
    NoRevenue,
    /// What whoever sold it keeps is not known, and somebody has a share of the rest.
    NoChannelFee,
    /// What the guests gave is not known; nothing may be 0.00.
    NoGratuity,
    /// There is a gratuity, and no rule for it.
    NoSplit,
    /// There is a gratuity, and nobody to whom it goes.
    NobodyForGratuity,
    /// There is a gratuity that is split by hours, and nobody worked for a minute.
    NoMinutes,
    /// There is a gratuity, and nobody sailed in a position with any weight.
    NoWeight,
    /// No rule says what somebody is paid.
    NoRule {
        /// Who.
        crew_id: CrewId,
        /// As what they sailed.
        position: Rank,
    },
}

/// What about a charter needs a look, though it may be paid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// Nobody is known to have sailed in these seats.
    EmptySeats {
        /// The position.
        position: Rank,
        /// How many.
        seats: u32,
    },
    /// Nobody at all is: whether it sailed is for people to find out.
    NobodyAboard,
    /// Somebody was to sail and did not come.
    NoShow {
        /// Who.
        crew_id: CrewId,
    },
    /// Somebody sailed who was not in the books before.
    TurnedUp {
        /// Who.
        crew_id: CrewId,
    },
    /// Somebody is said to have worked for more than twice the time that was booked.
    LongHours {
        /// Who.
        crew_id: CrewId,
        /// How long.
        worked: Minutes,
    },
    /// Somebody had not confirmed the last change of the charter.
    Unconfirmed {
        /// Who.
        crew_id: CrewId,
    },
    /// What it brought in is not known.
    NoRevenue,
    /// There is a revenue, and what whoever sold it keeps is not known; it counts as nothing.
    NoChannelFee,
    /// The crew costs more than is left of the revenue.
    Loss,
    /// It was paid, and what is missing since is in the way of working it out again.
    PaidBefore,
    /// It is open for so long that later months do not look at it any more.
    ListedLast,
}

/// One person's pay of a charter.
#[derive(Debug, Clone)]
pub(super) struct Paying<'a> {
    pub(super) offer: &'a Offer,
    pub(super) worked: Option<Minutes>,
    pub(super) hourly: Option<HourlyPay>,
    pub(super) share: Option<SharePay>,
    pub(super) parts: Parts,
    /// The rules, as footnotes have them.
    pub(super) rules: Vec<String>,
}

impl Sailing {
    /// A charter, with its history.
    pub fn new(state: CharterState, events: &[AuditEvent]) -> Self {
        let mut accepted = BTreeMap::new();
        for event in events {
            let (offer, how) = match &event.fact {
                Fact::OfferAccepted { offer }
                | Fact::Reconfirmed { offer, .. }
                | Fact::CameBack { offer } => (offer, How::Accepted),
                Fact::Assigned { offer, .. } | Fact::AskedAboard { offer, .. } => (offer, How::Assigned),
                Fact::TurnedUp { offer, .. } => (offer, How::TurnedUp),
                _ => continue,
            };
            let (seq, at, via) = (event.seq, event.at, event.via.clone());
            accepted.insert(*offer, Acceptance { seq, at, via, how });
        }
        Self { state, accepted }
    }

    /// The day to which it belongs.
    pub fn date(&self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.state.charter.departs_at).date()
    }

    /// Its account, and what each of those who sailed is paid; nobody anything while it is open.
    pub(super) fn pay(
        &self,
        rules: &PayRules,
        zone: &TimeZone,
        now: Timestamp,
    ) -> (Account, Vec<Paying<'_>>) {
        let (state, date) = (&self.state, self.date(zone));
        let charter = &state.charter;
        let mut open = Vec::new();
        if charter.returns_at > now {
            open.push(Open::NotBack);
        }
        let mut paying = Vec::new();
        for offer in state.aboard() {
            let position = &offer.seat.position;
            match rules.pay(&offer.crew_id, position, &charter.vessel, date) {
                Some(rule) => paying.push(self.wage(offer, rule, &mut open)),
                None => {
                    open.push(Open::NoRule { crew_id: offer.crew_id.clone(), position: position.clone() })
                }
            }
        }
        self.share_gratuity(rules, date, &mut paying, &mut open);
        open.sort();
        open.dedup();
        if !open.is_empty() {
            paying.clear();
        }
        let crew_cost = paying.iter().map(|one| one.parts.wage()).sum();
        let mut account = Account {
            date,
            charter_id: charter.charter_id.clone(),
            vessel: charter.vessel.clone(),
            guests: charter.guests,
            gross_revenue: state.gross_revenue(),
            channel_fee: state.channel_fee(),
            gratuity: state.gratuity(),
            crew_cost,
            open,
            remarks: Vec::new(),
        };
        account.remarks = self.remarks(&account);
        (account, paying)
    }

    fn wage<'a>(&'a self, offer: &'a Offer, rule: &PayRule, open: &mut Vec<Open>) -> Paying<'a> {
        let state = &self.state;
        let worked = state.actual_hours(&offer.crew_id);
        let hourly = rule.hourly.and_then(|hourly| {
            if worked.is_none() {
                open.push(Open::NoHours);
            }
            Some(HourlyPay { paid: hourly.paid(worked?), rate: hourly.rate })
        });
        let share = rule.share.and_then(|share| {
            let (gross, fee) = (state.gross_revenue(), state.channel_fee());
            if gross.is_none() {
                open.push(Open::NoRevenue);
            }
            let base = match share.of {
                Base::Gross => gross?.into(),
                Base::Net => {
                    if fee.is_none() {
                        open.push(Open::NoChannelFee);
                    }
                    Amount::from(gross?) - Amount::from(fee?)
                }
            };
            Some(SharePay { base, part: share.part })
        });
        let parts = Parts {
            flat: rule.per_sail.map_or(Amount::ZERO, Amount::from),
            hourly: hourly.map_or(Amount::ZERO, HourlyPay::amount),
            share: share.map_or(Amount::ZERO, SharePay::amount),
            gratuity: Amount::ZERO,
        };
        Paying { offer, worked, hourly, share, parts, rules: vec![rule.to_string()] }
    }

    /// Gives each of those who sailed their part of the gratuity.
    fn share_gratuity(&self, rules: &PayRules, date: Date, paying: &mut [Paying<'_>], open: &mut Vec<Open>) {
        let gratuity = self.state.gratuity();
        let given = gratuity.filter(|gratuity| *gratuity != Money::default());
        let Some(rule) = rules.gratuity(&self.state.charter.vessel, date) else {
            open.extend(given.map(|_| Open::NoSplit));
            return;
        };
        // Of a boat that sails without a crew of ours nobody asks.
        if gratuity.is_none() && !paying.is_empty() {
            open.push(Open::NoGratuity);
        }
        let Some(given) = given else { return };
        let weight = |one: &Paying<'_>| match &rule.split {
            Split::Equal => Some(1),
            Split::ByRank(weights) => Some(weights.get(&one.offer.seat.position).copied().unwrap_or(1)),
            Split::ByHours => one.worked.map(|worked| worked.0),
        };
        let Some(weights) = paying.iter().map(weight).collect::<Option<Vec<u32>>>() else {
            open.push(Open::NoHours);
            return;
        };
        let Some(parts) = split(given.into(), &weights) else {
            open.push(match &rule.split {
                _ if paying.is_empty() => Open::NobodyForGratuity,
                Split::ByHours => Open::NoMinutes,
                Split::Equal | Split::ByRank(_) => Open::NoWeight,
            });
            return;
        };
        for (one, part) in paying.iter_mut().zip(parts) {
            one.parts.gratuity = part;
            one.rules.push(rule.to_string());
        }
    }

    fn remarks(&self, account: &Account) -> Vec<Remark> {
        let (state, charter) = (&self.state, &self.state.charter);
        let mut remarks = Vec::new();
        let aboard = state.aboard();
        if charter.bareboat {
            // It brings its own crew.
        } else if aboard.is_empty() {
            remarks.push(Remark::NobodyAboard);
        } else {
            let empty =
                charter.positions.iter().map(|need| (&need.position, state.open_seats(&need.position)));
            remarks.extend(empty.filter(|(_, seats)| *seats > 0).map(|(position, seats)| {
                Remark::EmptySeats { position: position.clone(), seats: seats as u32 }
            }));
        }
        let no_shows = state.offers.iter().filter(|offer| offer.no_show).map(|offer| &offer.crew_id);
        let missing = no_shows.filter(|id| !aboard.iter().any(|offer| offer.crew_id == **id));
        remarks.extend(missing.map(|id| Remark::NoShow { crew_id: id.clone() }));
        let booked = charter.returns_at.duration_since(charter.call_time).as_mins();
        for offer in aboard {
            let crew_id = offer.crew_id.clone();
            if self.accepted.get(&offer.no).is_some_and(|accepted| accepted.how == How::TurnedUp) {
                remarks.push(Remark::TurnedUp { crew_id: crew_id.clone() });
            }
            if let Some(worked) = state.actual_hours(&crew_id)
                && i64::from(worked.0) > 2 * booked
            {
                remarks.push(Remark::LongHours { crew_id, worked });
            }
        }
        let unconfirmed = state.reconfirming().map(|offer| offer.crew_id.clone());
        remarks.extend(unconfirmed.map(|crew_id| Remark::Unconfirmed { crew_id }));
        match (account.gross_revenue, account.channel_fee) {
            (None, _) if !account.open.contains(&Open::NoRevenue) => remarks.push(Remark::NoRevenue),
            (Some(_), None) if !account.open.contains(&Open::NoChannelFee) => {
                remarks.push(Remark::NoChannelFee)
            }
            _ => {}
        }
        if account.margin().is_some_and(|margin| margin < Amount::ZERO) {
            remarks.push(Remark::Loss);
        }
        remarks
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBack => f.write_str("it is not back yet"),
            Self::NoHours => f.write_str("the hours worked are missing"),
            Self::NoRevenue => f.write_str("the gross revenue is missing"),
            Self::NoChannelFee => f.write_str("the channel fee is missing (0.00 if there is none)"),
            Self::NoGratuity => f.write_str("the gratuity is missing (0.00 if there was none)"),
            Self::NoSplit => f.write_str("no rule of [pay.gratuity] says how its gratuity is split"),
            Self::NobodyForGratuity => f.write_str("nobody is there to have its gratuity"),
            Self::NoMinutes => {
                f.write_str("its gratuity is split by hours, and nobody worked for any; correct the hours")
            }
            Self::NoWeight => {
                f.write_str("its gratuity is split by rank, and nobody sailed in a position with any weight")
            }
            Self::NoRule { crew_id, position } => {
                write!(f, "no rule of [pay.rules] says what {crew_id} is paid as {position}")
            }
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptySeats { position, seats: 1 } => {
                write!(f, "nobody is known to have sailed as {position}")
            }
            Self::EmptySeats { position, seats } => {
                write!(f, "nobody is known to have sailed in {seats} seats of {position}")
            }
            Self::NobodyAboard => f.write_str("nobody is known to have sailed"),
            Self::NoShow { crew_id } => write!(f, "{crew_id} did not come"),
            Self::TurnedUp { crew_id } => write!(f, "{crew_id} sailed, who was not in the books before"),
            Self::LongHours { crew_id, worked } => {
                write!(f, "{crew_id} is said to have worked {worked} h, more than twice what was booked")
            }
            Self::Unconfirmed { crew_id } => write!(f, "{crew_id} had not confirmed the last change"),
            Self::NoRevenue => f.write_str("the gross revenue is not known"),
            Self::NoChannelFee => f.write_str("the channel fee is not known and counts as none"),
            Self::Loss => f.write_str("the crew costs more than is left of the revenue"),
            Self::PaidBefore => f.write_str("it was paid, and stays so until nothing of it is missing any more"),
            Self::ListedLast => f.write_str(
                "it is listed for the last time; what becomes known of it later has to be given by hand, as a bonus",
            ),
        }
    }
}
