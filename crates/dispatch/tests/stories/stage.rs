//! A small stage for stories: one office, its people and charters, a frozen clock, and a store that
//! never loses a race.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{
    Actor, AuditEvent, CharterState, Command, Concern, Context, Decision, Fact, Need, Notice, OfferNo,
    OfferState, People, Plan, Preview, Rejection, Stop, book, decide, plan, preview,
};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{Charter, CharterId, CrewId, CrewMember, PositionNeed};
use crewcall_dispatch::policy::{Outage, Policy};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// Everything that a story needs.
pub(crate) struct Stage {
    pub(crate) now: Timestamp,
    pub(crate) policy: Policy,
    pub(crate) outage: Option<Outage>,
    pub(crate) can_answer: bool,
    pub(crate) by: Actor,
    pub(crate) comment: Option<String>,
    pub(crate) mails: Vec<(String, Notice)>,
    pub(crate) events: Vec<AuditEvent>,
    members: Vec<CrewMember>,
    charters: BTreeMap<CharterId, CharterState>,
    commitments: BTreeMap<CrewId, Commitments>,
    outbox: Vec<(CharterId, Notice)>,
    nudges: Vec<CharterId>,
}

impl Stage {
    /// A stage with these people, in the order of asking: `"ann captain xan,yul"` is a captain with a
    /// usual crew, `"zoe deckhand away"` has no time.
    pub(crate) fn new(people: &[&str]) -> Self {
        let members = people.iter().zip(1..).map(|(line, order)| member(line, order));
        Self {
            now: "2026-06-20T12:00:00Z".parse().expect("an instant"),
            policy: Policy::default(),
            outage: None,
            can_answer: true,
            by: Actor::Crewcall,
            comment: None,
            mails: Vec::new(),
            events: Vec::new(),
            members: members.collect(),
            charters: BTreeMap::new(),
            commitments: BTreeMap::new(),
            outbox: Vec::new(),
            nudges: Vec::new(),
        }
    }

    /// Where somebody lives: a zone in POSIX form, which needs no database.
    pub(crate) fn lives(&mut self, who: &str, zone: &str) {
        let member = self.members.iter_mut().find(|member| member.crew_id.as_str() == who);
        member.expect("somebody on stage").time_zone = Some(zone.to_owned());
    }

    /// What somebody says from now on of every day of the stories.
    pub(crate) fn says(&mut self, who: &str, word: &str) {
        let member = self.members.iter_mut().find(|member| member.crew_id.as_str() == who);
        let member = member.expect("somebody on stage");
        let mut record = member.to_record();
        record.insert(
            "availability".into(),
            json!(DATES.map(|date| (date, word)).into_iter().collect::<BTreeMap<_, _>>()),
        );
        *member = CrewMember::parse(&record).expect("a record without faults");
    }

    /// Somebody sails no more.
    pub(crate) fn leaves(&mut self, who: &str) {
        let member = self.members.iter_mut().find(|member| member.crew_id.as_str() == who);
        member.expect("somebody on stage").left = true;
    }

    /// Somebody has another address from now on.
    pub(crate) fn writes_from(&mut self, who: &str, email: &str) {
        let member = self.members.iter_mut().find(|member| member.crew_id.as_str() == who);
        member.expect("somebody on stage").email = Some(email.parse().expect("an address"));
    }

    /// Somebody has another rank from now on.
    pub(crate) fn becomes(&mut self, who: &str, rank: &str) {
        let member = self.members.iter_mut().find(|member| member.crew_id.as_str() == who);
        member.expect("somebody on stage").rank = rank.parse().expect("a rank");
    }

    /// Somebody does not want to sail with somebody else.
    pub(crate) fn keeps_away(&mut self, who: &str, from: &str) {
        let member = self.members.iter_mut().find(|member| member.crew_id.as_str() == who);
        member.expect("somebody on stage").do_not_pair.push(from.parse().expect("an id"));
    }

    /// Books a charter that departs a week from the beginning, with so many deckhands.
    pub(crate) fn book(&mut self, id: &str, deckhands: u32) {
        let crew = [("deckhand", deckhands)];
        self.book_crew(id, if deckhands > 0 { &crew } else { &[] });
    }

    /// The same with other positions beside the captain's.
    pub(crate) fn book_crew(&mut self, id: &str, crew: &[(&str, u32)]) {
        self.book_at(id, "2026-06-27T12:00:00Z".parse().expect("an instant"), crew);
    }

    /// The same with another departure; everyone who is not away can sail on the days around it.
    pub(crate) fn book_at(&mut self, id: &str, departs_at: Timestamp, crew: &[(&str, u32)]) {
        let need = |rank: &str, quantity| PositionNeed { position: rank.parse().expect("a rank"), quantity };
        let mut positions = vec![need("captain", 1)];
        positions.extend(crew.iter().map(|(rank, quantity)| need(rank, *quantity)));
        let charter = Charter {
            charter_id: id.parse().expect("an id"),
            vessel: "America".into(),
            departs_at,
            returns_at: departs_at + SignedDuration::from_hours(3),
            call_time: departs_at - SignedDuration::from_mins(45),
            dock: "pier 3".into(),
            guests: 6,
            gross_revenue: None,
            channel_fee: None,
            gratuity: None,
            bareboat: false,
            positions,
        };
        let key = LinkKey::new([7; 32], "jada");
        let booked = book(charter, &self.context(&key)).expect("a sail ahead");
        self.events.extend(booked.events);
        self.charters.insert(booked.state.charter.charter_id.clone(), booked.state);
    }

    /// Lets time pass, and nothing else happen.
    pub(crate) fn sleep(&mut self, minutes: i64) {
        self.now += SignedDuration::from_mins(minutes);
    }

    /// Lets time pass; then whatever is due is done, and all mails go out.
    pub(crate) fn advance(&mut self, minutes: i64) {
        self.sleep(minutes);
        let ids: Vec<CharterId> = self.charters.keys().cloned().collect();
        for id in ids {
            self.give(id.as_str(), &Command::Settle).expect("settling is never refused");
        }
        self.post();
    }

    /// Hands over every mail that is still true, and follows every nudge.
    pub(crate) fn post(&mut self) {
        while !self.outbox.is_empty() || !self.nudges.is_empty() {
            for id in std::mem::take(&mut self.nudges) {
                self.give(id.as_str(), &Command::Recheck).expect("settling is never refused");
            }
            for (id, notice) in std::mem::take(&mut self.outbox) {
                let command = match notice.outdated(&self.charters[&id]) {
                    Some(why) => Command::MailOutdated { notice: notice.clone(), why: why.into() },
                    None => {
                        self.mails.push((id.to_string(), notice.clone()));
                        Command::MailSent { notice: notice.clone(), ambiguous: false }
                    }
                };
                self.give(id.as_str(), &command).expect("a report is never refused");
            }
        }
    }

    /// Drops what is no longer true; whatever else is to go out waits, and is dropped when it is no longer true.
    pub(crate) fn outdated_only(&mut self) {
        for (id, notice) in std::mem::take(&mut self.outbox) {
            match notice.outdated(&self.charters[&id]) {
                Some(why) => {
                    let command = Command::MailOutdated { notice, why: why.into() };
                    self.give(id.as_str(), &command).expect("a report is never refused");
                }
                None => self.outbox.push((id, notice)),
            }
        }
    }

    /// The office starts a call, and the first mails go out.
    pub(crate) fn start(&mut self, charter: &str) {
        self.give(charter, &Command::Start).expect("it can be started");
        self.post();
    }

    /// A person answers the latest offer, and the mails that follow go out.
    pub(crate) fn accept(&mut self, charter: &str, who: &str) -> Result<(), Rejection> {
        self.answer(charter, who, Command::Accept)
    }

    /// See [`Stage::accept`].
    pub(crate) fn decline(&mut self, charter: &str, who: &str) -> Result<(), Rejection> {
        self.answer(charter, who, Command::Decline)
    }

    /// See [`Stage::accept`].
    pub(crate) fn undo(&mut self, charter: &str, who: &str) -> Result<(), Rejection> {
        self.answer(charter, who, Command::Undo)
    }

    /// A person accepts, and it is too late: they stand by, and win nothing.
    pub(crate) fn is_too_late(&mut self, charter: &str, who: &str) -> bool {
        self.accept(charter, who).expect("a late yes is no fault");
        let state = self.state(charter);
        let stands_by = state.standing_by().any(|offer| offer.crew_id.as_str() == who);
        stands_by && !state.aboard().iter().any(|offer| offer.crew_id.as_str() == who)
    }

    /// A person says yes to whatever they are asked, as the office would take it by phone.
    pub(crate) fn yes(&mut self, charter: &str, who: &str) -> Result<(), Rejection> {
        let state = self.state(charter);
        let command = Command::yes(state, state.offer(self.offer(charter, who)).expect("an offer"));
        let answer = self.give(charter, &command);
        self.post();
        answer
    }

    fn answer(&mut self, charter: &str, who: &str, command: fn(OfferNo) -> Command) -> Result<(), Rejection> {
        let answer = self.give(charter, &command(self.offer(charter, who)));
        self.post();
        answer
    }

    /// The latest offer to a person.
    pub(crate) fn offer(&self, charter: &str, who: &str) -> OfferNo {
        let theirs = self.state(charter).offers.iter().rfind(|offer| offer.crew_id.as_str() == who);
        theirs.unwrap_or_else(|| panic!("{who} was never asked")).no
    }

    /// What would follow from a command.
    pub(crate) fn decision(&self, charter: &str, command: &Command) -> Result<Decision, Rejection> {
        self.judged(charter, |state, people, context| decide(state, people, command, context))
    }

    /// What the office has to see to.
    pub(crate) fn concerns_of(&self, charter: &str) -> Vec<Concern<'_>> {
        self.state(charter).concerns(&TimeZone::UTC, &self.policy, self.now)
    }

    /// What a call will do if nobody answers.
    pub(crate) fn plan(&self, charter: &str) -> Plan {
        self.judged(charter, plan).expect("a call that can be started")
    }

    /// What a command would change.
    pub(crate) fn preview(&self, charter: &str, command: &Command) -> Preview {
        let judged = self.judged(charter, |state, people, context| preview(state, people, command, context));
        judged.expect("a command that can be done")
    }

    /// Brings the people who are asked for, until there is an answer.
    fn judged<T>(
        &self,
        charter: &str,
        judge: impl Fn(&CharterState, &People, &Context<'_>) -> Result<T, Stop>,
    ) -> Result<T, Rejection> {
        let id: CharterId = charter.parse().expect("an id");
        let key = LinkKey::new([7; 32], "jada");
        let mut people = People::default();
        loop {
            match judge(&self.charters[&id], &people, &self.context(&key)) {
                Ok(judged) => return Ok(judged),
                Err(Stop::Rejected(rejection)) => return Err(rejection),
                Err(Stop::Need(Need::Rank(rank))) => {
                    let members = self.members.iter().filter(|member| member.rank == rank).cloned();
                    people.insert_rank(rank.clone(), members.collect());
                }
                Err(Stop::Need(Need::People(ids))) => {
                    for id in ids {
                        people.insert(self.member(&id), self.commitments(&id));
                    }
                }
                Err(Stop::Need(Need::Charters(ids))) => {
                    for id in ids {
                        let state = self.charters.get(&id).cloned();
                        people.insert_charter(id, state);
                    }
                }
                Err(Stop::Need(Need::Commitments(ids))) => {
                    for id in ids {
                        people.insert_commitments(self.commitments(&id));
                    }
                }
            }
        }
    }

    /// Gives a command, and carries the decision out.
    pub(crate) fn give(&mut self, charter: &str, command: &Command) -> Result<(), Rejection> {
        let decision = self.decision(charter, command);
        // Said along with this command, and with none after it.
        self.comment = None;
        let decision = decision?;
        let id: CharterId = charter.parse().expect("an id");
        self.outbox.extend(decision.mails.into_iter().map(|mail| (id.clone(), mail.notice)));
        self.commitments.extend(decision.commitments.into_iter().map(|item| (item.crew_id.clone(), item)));
        self.nudges.extend(decision.nudges);
        self.events.extend(decision.events);
        self.charters.insert(id, decision.state);
        Ok(())
    }

    /// A charter as it stands.
    pub(crate) fn state(&self, charter: &str) -> &CharterState {
        self.charters.get(&charter.parse::<CharterId>().expect("an id")).expect("a charter of the story")
    }

    /// Who is being asked right now.
    pub(crate) fn asked(&self, charter: &str) -> Vec<&str> {
        self.state(charter).open_offers().map(|offer| offer.crew_id.as_str()).collect()
    }

    /// Who is aboard.
    pub(crate) fn aboard(&self, charter: &str) -> Vec<&str> {
        self.state(charter).aboard().into_iter().map(|offer| offer.crew_id.as_str()).collect()
    }

    /// Where the latest offer to a person stands.
    pub(crate) fn stands(&self, charter: &str, who: &str) -> OfferState {
        self.state(charter).offer(self.offer(charter, who)).expect("an offer").state
    }

    /// How many mails of a kind went out.
    pub(crate) fn sent(&self, charter: &str, slug: &str) -> usize {
        self.mails.iter().filter(|(of, notice)| of == charter && notice.slug() == slug).count()
    }

    /// The recorded reasons, as sentences, for which people were passed over.
    pub(crate) fn skipped(&self) -> Vec<String> {
        let skips = self.events.iter().filter_map(|event| match &event.fact {
            Fact::PersonSkipped { skipped, .. } => Some(vec![skipped.clone()]),
            Fact::PeopleLeftOut { skipped, .. } => Some(skipped.clone()),
            _ => None,
        });
        let say = |reasons: &[crewcall_dispatch::eligibility::Reason]| {
            reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        skips.flatten().map(|skip| format!("{}: {}", skip.crew_id, say(&skip.reasons))).collect()
    }

    /// What a person is bound to, and was.
    pub(crate) fn commitments_of(&self, who: &str) -> Commitments {
        self.commitments(&who.parse().expect("an id"))
    }

    fn member(&self, id: &CrewId) -> Option<CrewMember> {
        self.members.iter().find(|member| member.crew_id == *id).cloned()
    }

    fn commitments(&self, id: &CrewId) -> Commitments {
        self.commitments.get(id).cloned().unwrap_or_else(|| Commitments::none(id.clone()))
    }

    fn context<'a>(&'a self, key: &'a LinkKey) -> Context<'a> {
        static UTC: TimeZone = TimeZone::UTC;
        let (policy, outage) = (&self.policy, self.outage);
        Context {
            now: self.now,
            policy,
            zone: &UTC,
            find_zone: |name| TimeZone::posix(name).ok(),
            key,
            outage,
            can_answer: self.can_answer,
            by: self.by.clone(),
            via: "story",
            comment: self.comment.as_deref(),
        }
    }
}

/// The days of the stories.
const DATES: [&str; 3] = ["2026-06-27", "2026-06-28", "2026-07-07"];

fn member(line: &str, order: u32) -> CrewMember {
    let words: Vec<&str> = line.split(' ').collect();
    let away = words.get(2) == Some(&"away");
    let paired: Vec<&str> = match words.get(2) {
        Some(paired) if !away => paired.split(',').collect(),
        _ => Vec::new(),
    };
    let word = if away { "unavailable" } else { "available" };
    let dates: BTreeMap<&str, &str> = DATES.map(|date| (date, word)).into();
    let record = json!({
        "crew_id": words[0], "name": words[0], "rank": words[1], "cascade_order": order,
        "email": format!("{}@example.com", words[0]), "paired_crew": paired,
        "availability": dates,
    });
    CrewMember::parse(record.as_object().expect("an object")).expect("a record without faults")
}
