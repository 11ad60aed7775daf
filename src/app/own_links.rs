//! The links of a person: to their own page, and to their calendar.
//!
//! Both have one number. When it rises the links before have ended, all at once and in one commit; and as both are
//! derived, a mail that is sent again has the same.

use crewcall_dispatch::cascade::Actor;
use crewcall_dispatch::limits;
use crewcall_dispatch::link::{Own, OwnRecord, Purpose, Token, TokenId};
use crewcall_dispatch::model::{CrewId, CrewMember, Email};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::records::{LinkRecord, OutboxRow};
use super::{App, AppError, Caller};
use crate::store::{CommitError, Expect, Key, Record, StoreError, Table, Versioned, Write, read, read_many};

/// How long after a mail with the link people wait until they have another one sent. The office does not.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Which links somebody has: those of the latest number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OwnLinks {
    crew_id: CrewId,
    number: u32,
    made_at: Timestamp,
    page: TokenId,
    calendar: TokenId,
    /// When the last mail with the link was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mailed_at: Option<Timestamp>,
    /// How many mails there were.
    #[serde(default)]
    mails: u32,
}

impl Record for OwnLinks {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        row_id(&self.crew_id)
    }
}

fn row_id(crew_id: &CrewId) -> String {
    format!("own-links-{crew_id}")
}

/// The links that somebody has at present.
#[derive(Debug, Clone)]
pub struct OwnTokens {
    /// To their page.
    pub page: Token,
    /// To their calendar.
    pub calendar: Token,
    /// Their number.
    pub number: u32,
    /// Since when.
    pub made_at: Timestamp,
}

/// What somebody's link opens.
#[derive(Debug, Clone)]
pub enum OwnLink {
    /// What it was made for.
    Open(Box<CrewMember>),
    /// Nothing any more: there are later ones, or its person has left the roster.
    Ended,
}

/// What came of the wish to have the link of one's page mailed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageMail {
    /// It is on its way.
    Queued(Email),
    /// There was one a short while ago; from then on there can be another.
    Lately(Timestamp),
    /// The roster has no address.
    NoAddress,
    /// They are not on the roster, or have left: they have no page.
    NoPage,
}

/// What the store has of somebody's links.
struct Known {
    links: Option<Versioned<OwnLinks>>,
    /// Not those that the link key does not make any more.
    tokens: Option<OwnTokens>,
}

impl Known {
    fn expected(&self) -> Expect {
        self.links.as_ref().map_or(Expect::Absent, Versioned::expected)
    }
}

impl App {
    /// The links that somebody has. Without any they get some.
    ///
    /// # Errors
    /// If the store fails, or others write the same links all the time.
    pub async fn own_links(&self, crew_id: &CrewId) -> Result<OwnTokens, AppError> {
        for _ in 0..limits::COMMIT_ATTEMPTS {
            let known = self.known_links(crew_id).await?;
            if let Some(tokens) = known.tokens {
                return Ok(tokens);
            }
            let (links, tokens, writes) = self.later_links(crew_id, &known)?;
            if self.commit_links(&links, known.expected(), writes).await? {
                return Ok(tokens);
            }
        }
        Err(AppError::Superseded(Key::new(Table::Service, row_id(crew_id))))
    }

    /// The links that somebody has, if they have any.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn known_own_links(&self, crew_id: &CrewId) -> Result<Option<OwnTokens>, StoreError> {
        Ok(self.known_links(crew_id).await?.tokens)
    }

    /// Mails somebody the link of their own page, to the address that the roster has. `anew` ends the links that they
    /// have. They themselves can have it once in ten minutes, unless it is anew.
    ///
    /// # Errors
    /// As [`App::own_links`].
    pub async fn mail_own_page(
        &self,
        crew_id: &CrewId,
        anew: bool,
        caller: &Caller,
    ) -> Result<PageMail, AppError> {
        for _ in 0..limits::COMMIT_ATTEMPTS {
            let member = self.member(crew_id).await?.filter(|member| !member.left);
            let Some(member) = member else { return Ok(PageMail::NoPage) };
            if member.email.is_none() && !anew {
                return Ok(PageMail::NoAddress);
            }
            let now = self.clock.now();
            let known = self.known_links(crew_id).await?;
            let (mut links, mut writes) = match (&known.links, &known.tokens) {
                (Some(links), Some(_)) if !anew => (links.value.clone(), Vec::new()),
                _ => {
                    let (links, _, writes) = self.later_links(crew_id, &known)?;
                    (links, writes)
                }
            };
            let again = links.mailed_at.map(|at| at + PAUSE).filter(|again| now < *again);
            if let (Some(again), false, Actor::Crew(_)) = (again, anew, &caller.by) {
                return Ok(PageMail::Lately(again));
            }
            if member.email.is_some() {
                links.mailed_at = Some(now);
                links.mails += 1;
                let key = format!("own-page/{crew_id}/{:05}", links.mails);
                let row = OutboxRow::own_page(key, crew_id.clone(), links.number, now);
                writes.push(Write::put(&row, Expect::Absent)?);
            }
            if self.commit_links(&links, known.expected(), writes).await? {
                tracing::info!(%crew_id, anew, number = links.number, by = ?caller.by, via = caller.via, "the link of their own page");
                self.wake();
                return Ok(member.email.map_or(PageMail::NoAddress, PageMail::Queued));
            }
        }
        Err(AppError::Superseded(Key::new(Table::Service, row_id(crew_id))))
    }

    /// What a person's link opens; `None` if it is none for that, or one of its halves is wrong.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn own_link(&self, token: &Token, purpose: Purpose) -> Result<Option<OwnLink>, StoreError> {
        let record = match read::<LinkRecord>(&*self.store, token.id.as_str()).await?.map(|read| read.value) {
            Some(LinkRecord::Own(record)) if record.purpose == purpose && record.matches(token) => record,
            _ => return Ok(None),
        };
        let links = read::<OwnLinks>(&*self.store, &row_id(&record.crew_id)).await?;
        let holds = links.is_some_and(|links| links.value.number == record.number);
        let member = self.member(&record.crew_id).await?.filter(|member| holds && !member.left);
        Ok(Some(member.map_or(OwnLink::Ended, |member| OwnLink::Open(Box::new(member)))))
    }

    /// Whom a mail with the links of that number is for; `None` if it is not to be sent any more.
    pub(crate) async fn own_page_mail(
        &self,
        crew_id: &CrewId,
        number: u32,
    ) -> Result<Option<(CrewMember, OwnTokens)>, StoreError> {
        let tokens = self.known_links(crew_id).await?.tokens.filter(|tokens| tokens.number == number);
        let member = self.member(crew_id).await?.filter(|member| !member.left);
        Ok(member.zip(tokens))
    }

    async fn known_links(&self, crew_id: &CrewId) -> Result<Known, StoreError> {
        let Some(links) = read::<OwnLinks>(&*self.store, &row_id(crew_id)).await? else {
            return Ok(Known { links: None, tokens: None });
        };
        let tokens = self.tokens_of(&links.value);
        let ids = [tokens.page.id.as_str(), tokens.calendar.id.as_str()];
        let records = read_many::<OwnRecord>(&*self.store, &ids).await?;
        let holds = records
            .iter()
            .zip([&tokens.page, &tokens.calendar])
            .all(|(record, token)| record.as_ref().is_some_and(|record| record.value.matches(token)));
        Ok(Known { links: Some(links), tokens: holds.then_some(tokens) })
    }

    fn tokens_of(&self, links: &OwnLinks) -> OwnTokens {
        let OwnLinks { crew_id, number, made_at, .. } = links;
        let own = |purpose| Own { purpose, crew_id, number: *number, made_at: *made_at };
        let key = &self.operator.key;
        OwnTokens {
            page: key.own_token(links.page.clone(), &own(Purpose::MyPage)),
            calendar: key.own_token(links.calendar.clone(), &own(Purpose::Calendar)),
            number: *number,
            made_at: *made_at,
        }
    }

    /// Links of the next number, and their records.
    fn later_links(
        &self,
        crew_id: &CrewId,
        known: &Known,
    ) -> Result<(OwnLinks, OwnTokens, Vec<Write>), StoreError> {
        let before = known.links.as_ref().map(|links| &links.value);
        let number = before.map_or(0, |links| links.number) + 1;
        let made_at = self.clock.now();
        let own = |purpose| Own { purpose, crew_id, number, made_at };
        let key = &self.operator.key;
        let links = OwnLinks {
            crew_id: crew_id.clone(),
            number,
            made_at,
            page: key.new_own_id(&own(Purpose::MyPage)),
            calendar: key.new_own_id(&own(Purpose::Calendar)),
            mailed_at: before.and_then(|links| links.mailed_at),
            mails: before.map_or(0, |links| links.mails),
        };
        let tokens = self.tokens_of(&links);
        let both = [(&tokens.page, Purpose::MyPage), (&tokens.calendar, Purpose::Calendar)];
        let records =
            both.map(|(token, purpose)| Write::put(&OwnRecord::new(token, &own(purpose)), Expect::Absent));
        let records = records.into_iter().collect::<Result<_, _>>()?;
        Ok((links, tokens, records))
    }

    /// Whether it was written; not if somebody else was faster.
    async fn commit_links(
        &self,
        links: &OwnLinks,
        expect: Expect,
        mut writes: Vec<Write>,
    ) -> Result<bool, StoreError> {
        writes.insert(0, Write::put(links, expect)?);
        match self.store.commit(writes).await {
            Ok(()) => Ok(true),
            Err(CommitError::Conflict(_)) => {
                tokio::task::yield_now().await;
                Ok(false)
            }
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
