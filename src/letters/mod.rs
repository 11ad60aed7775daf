//! Every sentence that crewcall mails.
//!
//! A letter is written once, as [`Letter`]; the text part and the HTML part are two settings of it.
//! All letters of one charter have one subject and hang on one thread, so that a mail program shows
//! them as one conversation.

mod crew;
mod envelope;
mod layout;
mod office;
mod own_page;
mod sign_in;
mod statement;
mod stopped;
mod trial;

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{Actor, AuditEvent, CharterState, Notice, Offer};
use crewcall_dispatch::model::{Charter, CrewId, CrewMember};
use jiff::Timestamp;

pub use envelope::Envelope;
pub use layout::{Block, Letter};
pub use own_page::{own_page, own_page_url};
pub use sign_in::sign_in;
pub use statement::{crew_statement, month_for_office, month_for_owner};
pub use stopped::mail_stopped;
pub use trial::trial;

use crate::calendar::{FILE_NAME, Method};
use crate::mail::{Address, Attachment, Mail, MessageId, Purpose};
use crate::operator::Operator;
use crate::times;
use crate::words::Names;

/// What a letter may speak of.
struct Desk<'a> {
    operator: &'a Operator,
    state: &'a CharterState,
    people: BTreeMap<&'a CrewId, &'a CrewMember>,
    beside: &'a Beside,
    now: Timestamp,
}

/// What a letter says that the charter's state does not have.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The event whose words it [quotes](Notice::quotes).
    pub quoted: Option<AuditEvent>,
    /// Where its reader's own page is, if they are to be told.
    pub own_page: Option<String>,
    /// What comes along for their calendar.
    pub sail_file: Option<SailFile>,
}

/// A sail for its reader's calendar.
#[derive(Debug, Clone)]
pub struct SailFile {
    /// What it does there.
    pub method: Method,
    /// What is in it.
    pub text: String,
}

impl SailFile {
    fn attached(&self) -> Attachment {
        let bytes = self.text.clone().into_bytes();
        Attachment { name: FILE_NAME.into(), media_type: self.method.media_type(), bytes }
    }

    fn told(&self) -> Block {
        Block::Small(match self.method {
            Method::Publish => "The file that comes with this mail puts the sail into your calendar.".into(),
            Method::Cancel => {
                "The file that comes with this mail takes the sail out of your calendar.".into()
            }
        })
    }
}

/// Writes the mail for a notice, under the key of its outbox row.
///
/// # Errors
/// Why the mail cannot be written: its reader has no address, or there is no such event.
pub fn write(
    operator: &Operator,
    state: &CharterState,
    people: &[CrewMember],
    notice: &Notice,
    beside: &Beside,
    key: &str,
    now: Timestamp,
) -> Result<Mail, String> {
    let people = people.iter().map(|member| (&member.crew_id, member)).collect();
    let desk = Desk { operator, state, people, beside, now };
    let to = desk.reader(notice)?;
    let mut letter = desk.letter(notice)?;
    letter.blocks.extend(beside.sail_file.as_ref().map(SailFile::told));
    let sender = &operator.from.email;
    Ok(Mail {
        key: key.to_owned(),
        from: operator.from.clone(),
        to,
        subject: subject(&state.charter, operator),
        text: letter.text(),
        html: letter.html(&operator.name),
        message_id: MessageId::for_key(key, sender),
        thread_root: Some(MessageId::for_key(&format!("{}/thread", state.charter.charter_id), sender)),
        date: now,
        purpose: purpose(notice),
        attachments: beside.sail_file.iter().map(SailFile::attached).collect(),
        thread_id: None,
    })
}

/// Whether a notice is an alert: something needs a person in the office.
pub fn purpose(notice: &Notice) -> Purpose {
    match notice {
        Notice::Exhausted
        | Notice::Urgent { .. }
        | Notice::PositionExhausted { .. }
        | Notice::Standby { .. }
        | Notice::Unconfirmed { .. }
        | Notice::Conflict { .. }
        | Notice::DroppedOut { .. }
        | Notice::NotTold { .. }
        | Notice::Undeliverable { .. } => Purpose::Alert,
        Notice::Offer { .. }
        | Notice::OfferCopy { .. }
        | Notice::CrewList { .. }
        | Notice::CrewListOffice
        | Notice::Reopened { .. }
        | Notice::ReopenedOffice { .. }
        | Notice::Rescinded { .. }
        | Notice::Assigned { .. }
        | Notice::Changed { .. }
        | Notice::AsAgreed { .. }
        | Notice::Noted { .. }
        | Notice::Released { .. }
        | Notice::Cancelled { .. }
        | Notice::CancelledOffice
        | Notice::Message { .. }
        | Notice::MessageOffice { .. }
        | Notice::Comment { .. } => Purpose::Charter,
    }
}

/// One subject for all mails of a charter: mail programs thread by it.
pub fn subject(charter: &Charter, operator: &Operator) -> String {
    let day = times::day(charter.departs_at, &operator.zone);
    format!("{}, {day} ({})", charter.vessel, charter.charter_id)
}

impl Desk<'_> {
    fn reader(&self, notice: &Notice) -> Result<Address, String> {
        match notice.recipient(self.state) {
            None => Ok(Address {
                name: format!("{} office", self.operator.name),
                email: self.operator.office.clone(),
            }),
            Some(id) => {
                let member = self.people.get(id).ok_or_else(|| format!("{id} is no longer on the roster"))?;
                let email =
                    member.email.clone().ok_or_else(|| format!("{} has no e-mail address", member.name))?;
                Ok(Address { name: member.name.clone(), email })
            }
        }
    }

    fn letter(&self, notice: &Notice) -> Result<Letter, String> {
        let offer = |no| self.state.offer(no).ok_or_else(|| format!("there is no {no:?}"));
        let quoted =
            || self.beside.quoted.as_ref().ok_or_else(|| "what it quotes is not on record".to_owned());
        Ok(match notice {
            Notice::Offer { offer: no } => self.offer(offer(*no)?),
            Notice::OfferCopy { offer: no } => self.offer_copy(offer(*no)?),
            Notice::CrewList { to } => self.crew_list(to),
            Notice::CrewListOffice => self.crew_list_office(),
            Notice::Reopened { offer: no, to } => self.reopened(offer(*no)?, to),
            Notice::NotTold { to } => self.not_told(to),
            Notice::ReopenedOffice { offer: no } => self.reopened_office(offer(*no)?),
            Notice::Exhausted => self.exhausted(),
            Notice::Urgent { position } => self.urgent(position),
            Notice::PositionExhausted { position } => self.position_exhausted(position),
            Notice::Rescinded { offer: no, why } => self.rescinded(offer(*no)?, *why),
            Notice::Changed { offer: no, .. } => self.changed(offer(*no)?),
            Notice::Unconfirmed { offer: no } => self.unconfirmed(offer(*no)?),
            Notice::AsAgreed { offer: no, .. } => self.as_agreed(offer(*no)?),
            Notice::Noted { offer: no } => self.noted(offer(*no)?),
            Notice::Standby { offer: no } => self.standby(offer(*no)?),
            Notice::Conflict { offer: no, .. } => self.conflict(offer(*no)?),
            Notice::DroppedOut { offer: no } => self.dropped_out(offer(*no)?),
            Notice::Released { offer: no } => self.released(offer(*no)?),
            Notice::Message { to, .. } => self.message(quoted()?, to),
            Notice::MessageOffice { .. } => self.message_office(quoted()?),
            Notice::Comment { .. } => self.comment(quoted()?),
            Notice::Assigned { offer: no } => self.assigned(offer(*no)?),
            Notice::Cancelled { to } => self.cancelled(to),
            Notice::CancelledOffice => self.cancelled_office(),
            Notice::Undeliverable { offer: no } => self.undeliverable(offer(*no)?),
        })
    }

    /// Who wrote something.
    fn author(&self, by: &Actor) -> String {
        match by {
            Actor::Crew(id) => self.name(id),
            Actor::Office(name) => format!("{} ({name})", self.operator.name),
            Actor::Crewcall => self.operator.name.clone(),
        }
    }

    /// The person's name; the id for whoever left the roster.
    fn name(&self, id: &CrewId) -> String {
        self.people.get(id).map_or_else(|| id.to_string(), |member| member.name.clone())
    }

    fn names(&self) -> Names {
        self.people.values().map(|member| (member.crew_id.clone(), member.name.clone())).collect()
    }

    /// What people call the person in a greeting.
    fn first_name(&self, id: &CrewId) -> String {
        self.name(id).split_whitespace().next().unwrap_or_default().to_owned()
    }

    /// The sail: what everyone has to know, office and crew alike.
    fn sail(&self) -> Vec<(&'static str, String)> {
        self.sail_aboard_by(times::full(self.state.charter.call_time, &self.operator.zone))
    }

    /// The same, with words of one's own for when to be aboard.
    fn sail_aboard_by(&self, aboard_by: String) -> Vec<(&'static str, String)> {
        let charter = &self.state.charter;
        let zone = &self.operator.zone;
        vec![
            ("Vessel", charter.vessel.clone()),
            ("Departs", times::full(charter.departs_at, zone)),
            ("Returns", times::full(charter.returns_at, zone)),
            ("Be aboard by", aboard_by),
            ("Dock", charter.dock.clone()),
            ("Guests", charter.guests.to_string()),
        ]
    }

    /// Who is aboard, one line a seat, by name.
    fn aboard_lines(&self) -> Vec<String> {
        let position = |offer: &Offer| times::capital(offer.seat.position.as_str());
        let aboard = self.state.aboard().into_iter();
        aboard.map(|offer| format!("{}: {}", position(offer), self.name(&offer.crew_id))).collect()
    }

    /// Who is aboard and how to reach them, one line a seat.
    fn crew_lines(&self) -> Vec<String> {
        self.state.aboard().into_iter().map(|offer| self.crew_line(offer)).collect()
    }

    /// `Captain: Dana Reyes, +1-619-555-0142`
    fn crew_line(&self, offer: &Offer) -> String {
        let phone = self.people.get(&offer.crew_id).and_then(|member| member.phone.as_ref());
        let phone = phone.map_or_else(String::new, |phone| format!(", {phone}"));
        format!("{}: {}{phone}", times::capital(offer.seat.position.as_str()), self.name(&offer.crew_id))
    }

    /// `America on Sat 27 Jun 2026`
    fn headline(&self) -> String {
        let charter = &self.state.charter;
        format!("{} on {}", charter.vessel, times::day(charter.departs_at, &self.operator.zone))
    }

    /// Where the office sees the charter.
    fn charter_url(&self) -> String {
        format!("{}/charters/{}", self.operator.public_url, self.state.charter.charter_id)
    }
}

#[cfg(test)]
mod tests;
