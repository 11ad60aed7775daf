//! Who may be asked for a charter, and for everyone else the reason why not.
//!
//! | question | looks at |
//! | --- | --- |
//! | [`Sail::itself`] | the charter and the vessel: may anybody be asked at all |
//! | [`Sail::record`] | a person's record: contact, rank, dates, credentials |
//! | [`Sail::commitments`] | the person's other sails: overlaps, rest, hours of work |
//! | [`Sail::contact`] | whether mail to the person was refused |
//! | [`Sail::company`] | who else is aboard or being asked |

mod duty;
mod reason;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::commitments::{Commitment, CommitmentKind, Commitments};
use crate::limits;
use crate::model::{Availability, Charter, CrewId, CrewMember, Day, Meaning, Rank};
use crate::policy::{Policy, UnknownAvailability};
use crate::vessel::{Gate, Override, Severity, Vessel};

pub use reason::Reason;

/// Passengers that a vessel without a Certificate of Inspection may carry (46 USC 2101).
const UNINSPECTED_GUESTS: u32 = 6;

/// A sail for which people are judged, and the rules by which they are.
#[derive(Debug, Clone, Copy)]
pub struct Sail<'a> {
    /// The sail.
    pub charter: &'a Charter,
    /// The operator's zone, in which dates are dates.
    pub zone: &'a TimeZone,
    /// The operator's settings.
    pub policy: &'a Policy,
    /// Gates that the office has set aside for this charter.
    pub overrides: &'a [Override],
}

/// What speaks against asking somebody, and what people only have to look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Why not.
    pub against: Vec<Reason>,
    /// What does not keep anyone from being asked: the settings say so, or the office did.
    pub warnings: Vec<Reason>,
}

impl Verdict {
    fn against(reason: Reason) -> Self {
        Self { against: vec![reason], warnings: Vec::new() }
    }

    /// Both verdicts together.
    pub fn and(mut self, other: Self) -> Self {
        self.against.extend(other.against);
        self.warnings.extend(other.warnings);
        self
    }

    /// Nobody of this name is on the roster.
    pub fn not_on_roster() -> Self {
        Self::against(Reason::NotOnRoster)
    }
}

impl Sail<'_> {
    /// What speaks against the sail as a whole, whoever sails.
    pub fn itself(&self) -> Verdict {
        let mut reasons = Vec::new();
        if self.charter.bareboat {
            reasons.push(Reason::Bareboat);
        }
        if let Some(vessel) = self.vessel() {
            if !vessel.inspected && self.charter.guests > UNINSPECTED_GUESTS {
                reasons.push(Reason::NoCertificate { guests: self.charter.guests });
            }
            let seats = |position: &Rank| {
                let mut needs = self.charter.positions.iter();
                needs.find(|need| need.position == *position).map_or(0, |need| need.quantity)
            };
            let missing = vessel.complement.iter().filter(|need| seats(&need.position) < need.quantity);
            reasons.extend(missing.map(|required| Reason::Complement { required: required.clone() }));
        }
        self.judge(None, reasons)
    }

    /// What the person's record says: that they have not left, contact, rank, every date that the sail touches,
    /// credentials.
    pub fn record(&self, member: &CrewMember, position: &Rank) -> Verdict {
        self.record_on(&self.charter.days(self.zone), member, position)
    }

    /// As [`Sail::record`], with the days that the sail touches: they are the same for everyone, and when the zone is
    /// asked for them anew for each of thousands, that is what takes the time.
    pub fn record_on(&self, days: &[Day], member: &CrewMember, position: &Rank) -> Verdict {
        let other_rank = (member.rank != *position).then(|| Reason::OtherRank { rank: member.rank.clone() });
        let left = member.left.then_some(Reason::Left);
        let no_contact = member.email.is_none().then_some(Reason::NoContact);
        let days_off = days.iter().filter_map(|day| self.day(member, *day));
        let papers = self.credentials(days, member, position);
        let reasons = left.into_iter().chain(other_rank).chain(no_contact).chain(days_off).chain(papers);
        self.judge(Some(&member.crew_id), reasons)
    }

    fn day(&self, member: &CrewMember, Day { date, from, until }: Day) -> Option<Reason> {
        let said = member.availability.get(&date);
        match said.map(Availability::meaning) {
            Some(Meaning::Available) => None,
            Some(Meaning::Within(hours)) if hours.cover(from, until) => None,
            Some(Meaning::Within(hours)) => Some(Reason::OutsideHours { date, hours: hours.to_string() }),
            Some(Meaning::Unavailable) => Some(Reason::Unavailable { date }),
            Some(Meaning::Unclear) | None => match self.policy.unknown_availability {
                UnknownAvailability::Ask => None,
                UnknownAvailability::Skip => {
                    let said = said.map(|said| quote(said.words()));
                    Some(Reason::UnknownAvailability { date, said })
                }
            },
        }
    }

    /// Credentials have to be valid on every day of the sail, not on the day of the offer.
    fn credentials(&self, days: &[Day], member: &CrewMember, position: &Rank) -> Vec<Reason> {
        let Some(last) = days.last().map(|day| day.date) else { return Vec::new() };
        let Some(vessel) = self.vessel() else { return Vec::new() };
        let mut needed: Vec<(Gate, &[&str])> = Vec::new();
        if position.is_captain() {
            let licences: &[&str] = if vessel.inspected { &["master"] } else { &["oupv", "master"] };
            needed.extend([(Gate::License, licences), (Gate::Medical, &["medical"])]);
        }
        needed.push((Gate::DrugProgram, &["drug_program"]));
        let own = vessel.credentials.iter().filter(|(for_position, _)| for_position == position);
        let own: Vec<[&str; 1]> = own.map(|(_, credential)| [credential.as_str()]).collect();
        needed.extend(own.iter().map(|name| (Gate::Credentials, name.as_slice())));
        needed.into_iter().filter_map(|(gate, names)| self.credential(member, gate, names, last)).collect()
    }

    /// One of `names` is enough.
    fn credential(&self, member: &CrewMember, gate: Gate, names: &[&str], last: Date) -> Option<Reason> {
        let held = names.iter().filter_map(|name| Some((*name, member.credentials.get(*name)?)));
        // Of several the one that lasts longest; one without an end lasts longest of all.
        let best = held.max_by_key(|(_, credential)| (credential.expires().is_none(), credential.expires()));
        match best.map(|(name, credential)| (name, credential.expires())) {
            None => Some(Reason::CredentialMissing { gate, credential: names.join(" or ") }),
            Some((name, Some(expires))) if expires < last => {
                Some(Reason::CredentialExpired { gate, credential: name.to_owned(), expires })
            }
            Some(_) => None,
        }
    }

    /// What the person's other sails leave room for.
    pub fn commitments(&self, commitments: &Commitments, position: &Rank) -> Verdict {
        let Charter { charter_id, call_time, returns_at, .. } = self.charter;
        let overlapping = commitments.overlapping(charter_id, *call_time, *returns_at, self.policy);
        let mut reasons: Vec<Reason> = overlapping
            .map(|entry| match entry.kind {
                CommitmentKind::Assigned | CommitmentKind::Leaving => {
                    Reason::Assigned { charter_id: entry.charter_id.clone() }
                }
                CommitmentKind::Asked => Reason::Asked { charter_id: entry.charter_id.clone() },
            })
            .collect();
        if self.vessel().is_some() {
            let aboard = |entry: &&Commitment| entry.kind.binds() && entry.charter_id != *charter_id;
            let others: Vec<&Commitment> = commitments.entries.iter().filter(aboard).collect();
            if takes_the_watch(position) {
                reasons.extend(duty::too_little_rest(self.charter, &others));
            }
            reasons.extend(duty::too_much_work(self.charter, &others));
        }
        self.judge(Some(&commitments.crew_id), reasons)
    }

    /// Whether mail reaches the person, as far as is known. It speaks against asking them, and not against whoever
    /// answers all the same.
    pub fn contact(&self, member: &CrewMember, commitments: &Commitments) -> Verdict {
        let refused = commitments.refused.iter().map(|refused| &refused.email);
        let same = refused.filter(|email| member.email.as_ref() == Some(*email));
        self.judge(Some(&member.crew_id), same.map(|email| Reason::Undeliverable { email: email.clone() }))
    }

    /// Whether the person may sail with those who are aboard or being asked.
    /// Of whoever has left the roster there is only the id.
    pub fn company(&self, member: &CrewMember, others: &[(&CrewId, Option<&CrewMember>)]) -> Verdict {
        let apart = |(id, other): &&(&CrewId, Option<&CrewMember>)| {
            let refuses = other.is_some_and(|other| other.do_not_pair.contains(&member.crew_id));
            member.do_not_pair.contains(*id) || refuses
        };
        let with = others.iter().filter(apart).map(|(id, _)| Reason::DoNotPair { with: (*id).clone() });
        self.judge(Some(&member.crew_id), with)
    }

    fn vessel(&self) -> Option<&Vessel> {
        self.policy.vessel(&self.charter.vessel)
    }

    fn judge(&self, crew_id: Option<&CrewId>, reasons: impl IntoIterator<Item = Reason>) -> Verdict {
        let mut verdict = Verdict::default();
        for reason in reasons {
            let severity = match (reason.gate(), self.vessel()) {
                (None, _) => Severity::Block,
                (Some(_), None) => Severity::Off,
                (Some(gate), Some(vessel)) => match vessel.severity(gate) {
                    Severity::Block if self.is_overridden(gate, crew_id) => Severity::Warn,
                    severity => severity,
                },
            };
            match severity {
                Severity::Block => verdict.against.push(reason),
                Severity::Warn => verdict.warnings.push(reason),
                Severity::Off => {}
            }
        }
        verdict
    }

    fn is_overridden(&self, gate: Gate, crew_id: Option<&CrewId>) -> bool {
        let about = |known: &Override| known.crew_id.is_none() || known.crew_id.as_ref() == crew_id;
        self.overrides.iter().any(|known| known.gate == gate && about(known))
    }
}

/// Captain and mate take charge of the watch.
fn takes_the_watch(position: &Rank) -> bool {
    position.is_captain() || position.as_str() == "mate"
}

/// The beginning of somebody's words, as it can stand in a record.
fn quote(words: &str) -> String {
    let end = words.floor_char_boundary(limits::REASON_BYTES);
    // Written as JSON, a control character takes six times its room.
    words[..end].replace(char::is_control, " ")
}
