//! The operator: whose boats these are, and how they want them crewed.

use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{Email, Phone, Rank};
use crewcall_dispatch::policy::Policy;
use crewcall_dispatch::statement::PayRules;
use jiff::tz::TimeZone;

use crate::mail::Address;

/// The operator's settings, parsed.
#[derive(Debug, Clone)]
pub struct Operator {
    /// The operator's name, as people read it.
    pub name: String,
    /// The zone in which people read times and dates.
    pub zone: TimeZone,
    /// The ranks that the operator sails with.
    pub ranks: Vec<Rank>,
    /// Where people reach the pages, without a slash at the end.
    pub public_url: String,
    /// Who mails come from.
    pub from: Address,
    /// Where the office reads its mail.
    pub office: Email,
    /// Where people ring the office.
    pub phone: Option<Phone>,
    /// How the cascade behaves.
    pub policy: Policy,
    /// What people are paid.
    pub pay: Pay,
    /// From which links are derived.
    pub key: LinkKey,
}

/// What people are paid.
#[derive(Debug, Clone, Default)]
pub struct Pay {
    /// By which rules.
    pub rules: PayRules,
    /// In which currency: the three letters of ISO 4217.
    pub currency: String,
    /// Who gets the owner's workbook; the office, if it is nobody.
    pub owner: Option<Address>,
}

impl Operator {
    /// How the office is reached, for a sentence: `ring the office at +1-619-555-0100 or write to …`.
    pub fn reach_office(&self) -> String {
        let at = self.phone.as_ref().map_or_else(String::new, |phone| format!(" at {phone}"));
        format!("ring the office{at} or write to {}", self.office)
    }

    /// The ranks, for a sentence.
    pub fn rank_list(&self) -> String {
        self.ranks.iter().map(Rank::as_str).collect::<Vec<_>>().join(", ")
    }
}
