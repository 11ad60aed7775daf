//! Whoever gets mail.

use crewcall_dispatch::cascade::{Offer, OfferState};
use crewcall_dispatch::link::TokenId;
use crewcall_dispatch::model::{CrewId, Email};

use super::links::{is_own_page, links, token};
use crate::app::App;
use crate::mail::Mail;
use crate::mail::mailbox::Arrived;
use crate::store::StoreError;

/// The office's place among the people.
pub(in crate::demo) const OFFICE: &str = "office";

/// Somebody who gets mail.
pub(in crate::demo) struct Person {
    /// The id in the roster, or [`OFFICE`].
    pub(in crate::demo) id: String,
    pub(in crate::demo) name: String,
    /// What they are, for the reader.
    pub(super) rank: String,
    pub(in crate::demo) email: Option<Email>,
    /// The links that wait for an answer of theirs.
    waiting: Vec<TokenId>,
}

/// The office, and everybody on the roster: first those whose answer is awaited; last, addresses that are nobody's any
/// more, where mail went to some.
pub(super) async fn everyone(app: &App, mails: &[Arrived]) -> Result<Vec<Person>, StoreError> {
    let charters = app.charters(Some(app.clock.now())).await?;
    let waits = |offer: &&Offer| {
        offer.state.is_open() || offer.state == OfferState::Reconfirming && !offer.is_unconfirmed()
    };
    let waiting = |id: &CrewId| {
        let live = charters.iter().filter(|state| state.cancelled_at.is_none());
        let theirs = live.flat_map(|state| &state.offers).filter(waits).filter(|offer| offer.crew_id == *id);
        theirs.map(|offer| offer.token_id.clone()).collect()
    };
    let office = Person {
        id: OFFICE.into(),
        name: format!("{} office", app.operator.name),
        rank: "office".into(),
        email: Some(app.operator.office.clone()),
        waiting: Vec::new(),
    };
    let roster = app.roster().await?.into_iter().map(|member| Person {
        waiting: waiting(&member.crew_id),
        id: member.crew_id.to_string(),
        name: member.name,
        rank: member.rank.to_string(),
        email: member.email,
    });
    let mut people: Vec<Person> = std::iter::once(office).chain(roster).collect();
    people.sort_by_key(|person| person.id != OFFICE && !person.is_asked());
    for Arrived { mail, .. } in mails {
        if !people.iter().any(|person| person.has(mail)) {
            people.push(Person {
                id: mail.to.email.to_string(),
                name: mail.to.name.clone(),
                rank: format!("formerly at {}", mail.to.email),
                email: Some(mail.to.email.clone()),
                waiting: Vec::new(),
            });
        }
    }
    Ok(people)
}

impl Person {
    /// Whether the mail went to them.
    pub(super) fn has(&self, mail: &Mail) -> bool {
        self.email.as_ref() == Some(&mail.to.email)
    }

    /// Whether an answer of theirs is awaited.
    pub(super) fn is_asked(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether the mail has a link that waits for their answer.
    pub(super) fn is_asked_by(&self, mail: &Mail) -> bool {
        // The link is in the text as it is in the HTML.
        self.waiting.iter().any(|waiting| mail.text.contains(&format!("token={waiting}.")))
    }

    /// What they would open, of their mails from the newest on: a link that waits for their answer, else the newest.
    pub(super) fn link(&self, newest_first: &[&Arrived], public_url: &str) -> Option<String> {
        let all = newest_first.iter().flat_map(|arrived| links(&arrived.mail, public_url));
        let crew: Vec<_> = all.filter_map(|path| token(&path).map(|token| (token.id, path))).collect();
        let waiting = crew.iter().find(|(id, _)| self.waiting.contains(id));
        waiting.or(crew.first()).map(|(_, path)| path.clone())
    }

    /// Their own page, once its link has come by mail.
    pub(super) fn own_page(&self, newest_first: &[&Arrived], public_url: &str) -> Option<String> {
        newest_first
            .iter()
            .flat_map(|arrived| links(&arrived.mail, public_url))
            .find(|path| is_own_page(path))
    }
}
