//! What must hold of everything that is stored, whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use crewcall::app::{App, Job, OutboxRow};
use crewcall::store::{Table, read};
use crewcall_dispatch::cascade::{
    Actor, AuditEvent, CallStatus, CharterState, Fact, Notice, Offer, OfferNo, OfferState, RescindReason,
};
use crewcall_dispatch::commitments::{CommitmentKind, Commitments};
use crewcall_dispatch::limits;
use crewcall_dispatch::link::TokenRecord;
use crewcall_dispatch::model::CharterId;
use jiff::{SignedDuration, Timestamp};

/// Reads the whole store and panics on the first thing that does not hold.
pub(crate) async fn hold(app: &App) {
    let charters = app.charters(None).await.unwrap();
    let outbox = outbox(app).await;
    for state in &charters {
        let audit = app.audit(&state.charter.charter_id).await.unwrap();
        one_person_a_seat(state, &audit, app);
        nobody_fills_two_seats(state);
        nobody_asked_twice_in_a_round(state, &audit);
        no_crew_without_a_captain(state);
        the_audit_tells_the_story(state, &audit);
        something_is_awaited(state, &outbox, &charters, app).await;
        one_alert(state, &audit, &outbox);
        every_offer_has_its_link(state, app).await;
        mails_are_sent_once(&audit);
    }
    commitments_are_what_the_charters_say(&charters, app).await;
    nobody_is_on_two_boats(&charters, app);
}

/// Everything that waits to be carried out.
pub(crate) async fn outbox(app: &App) -> Vec<OutboxRow> {
    let rows = app.store.due(Table::Outbox, Timestamp::MAX, 10_000).await.unwrap();
    rows.iter().map(|row| row.parse::<OutboxRow>().unwrap().value).collect()
}

/// A seat is held by one person, or offered to one; to several at once if the settings say so, or to those whom the
/// office itself asks beside them.
fn one_person_a_seat(state: &CharterState, audit: &[AuditEvent], app: &App) {
    let at_once = app.operator.policy.ask_at_once as usize;
    let by_office = made_by_office(audit);
    for seat in state.charter.seats() {
        let of = |wanted: &dyn Fn(&Offer) -> bool| {
            state.offers.iter().filter(|offer| offer.seat == seat && wanted(offer)).count()
        };
        let accepted = of(&|offer| offer.state.is_aboard());
        let beside = |offer: &Offer| accepted == 0 && by_office.contains(&offer.no);
        let open = of(&|offer| offer.state.is_open() && !beside(offer));
        let most = if accepted == 0 { at_once } else { 1 };
        assert!(accepted + open <= most, "{seat} has {accepted} accepted and {open} open offers");
    }
}

/// Offers that a command of the office has made.
fn made_by_office(audit: &[AuditEvent]) -> BTreeSet<OfferNo> {
    audit
        .iter()
        .filter(|event| matches!(event.by, Actor::Office(_)))
        .filter_map(|event| if let Fact::OfferMade { offer, .. } = event.fact { Some(offer) } else { None })
        .collect()
}

/// Nobody fills two seats of one charter.
fn nobody_fills_two_seats(state: &CharterState) {
    let mut held = BTreeSet::new();
    for offer in &state.offers {
        if offer.binds() {
            assert!(held.insert(&offer.crew_id), "{} is asked or aboard twice", offer.crew_id);
        }
    }
}

/// Nobody is asked twice for a seat in one round, but for those whom we gave no time to answer, and those whom the office
/// itself asks once more.
fn nobody_asked_twice_in_a_round(state: &CharterState, audit: &[AuditEvent]) {
    let by_office = made_by_office(audit);
    let mut asked = BTreeSet::new();
    // Who is put aboard by hand is not asked.
    let had_a_say =
        |offer: &&Offer| !offer.by_hand && !offer.rescinded.is_some_and(RescindReason::keeps_the_turn);
    for offer in state.offers.iter().filter(had_a_say) {
        let once = (&offer.seat.position, offer.round, &offer.crew_id);
        assert!(asked.insert(once) || by_office.contains(&offer.no), "{once:?} was asked twice");
    }
}

/// Nobody of the crew is asked without a captain.
fn no_crew_without_a_captain(state: &CharterState) {
    let crew = state.open_offers().any(|offer| !offer.seat.position.is_captain());
    assert!(!crew || state.captain().is_some(), "crew is asked without a captain");
}

/// Replaying the audit gives the state.
fn the_audit_tells_the_story(state: &CharterState, audit: &[AuditEvent]) {
    let numbers: Vec<u64> = audit.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=state.facts).collect::<Vec<_>>(), "the audit has gaps");
    assert_eq!(CharterState::replay(audit).as_ref(), Some(state), "the audit tells another story");
}

/// A call that runs awaits something: an answer, a mail, or somebody who is busy.
async fn something_is_awaited(
    state: &CharterState,
    outbox: &[OutboxRow],
    charters: &[CharterState],
    app: &App,
) {
    if state.status() != CallStatus::Running {
        return;
    }
    assert!(state.next_deadline().is_some(), "a running call has no deadline");
    let pending = |notice: &Notice| {
        outbox.iter().any(|row| {
            row.charter_id.as_ref() == Some(&state.charter.charter_id) && row.job == Job::Mail(notice.clone())
        })
    };
    for offer in state.open_offers() {
        let on_its_way = pending(&Notice::Offer { offer: offer.no });
        assert_eq!(
            offer.state == OfferState::Queued,
            on_its_way,
            "{:?} of {:?}",
            offer.no,
            state.charter.charter_id
        );
        assert_eq!(offer.state == OfferState::Sent, offer.closes_at.is_some());
    }
    let call = state.call.as_ref().unwrap();
    let waits = call.cascades.iter().flat_map(|cascade| &cascade.waiting_for).next();
    // Who has yet to confirm a change is asked to, or the office knows that there was no answer.
    let unconfirmed = state.reconfirming().next().is_some();
    for offer in state.reconfirming() {
        let on_its_way = pending(&Notice::Changed { offer: offer.no, revision: state.revision });
        assert!(on_its_way || offer.reply_by.is_some(), "{:?} is to be confirmed, and nobody asks", offer.no);
    }
    if state.open_offers().next().is_none() && !unconfirmed {
        let person = waits.expect("a running call asks nobody and waits for nobody");
        let commitments = read::<Commitments>(&*app.store, person.as_str()).await.unwrap().unwrap().value;
        let noted = commitments.waiting.contains(&state.charter.charter_id);
        let id = &state.charter.charter_id;
        let nudged = outbox.iter().any(|row| matches!(&row.job, Job::Nudge(waiting) if waiting.contains(id)));
        assert!(noted || nudged, "a call waits for {person}, and nobody will tell it");
        assert!(
            nudged || charters.iter().any(|other| other.open_offers().any(|offer| offer.crew_id == *person))
        );
    }
}

/// An exhausted call alerts the office once.
fn one_alert(state: &CharterState, audit: &[AuditEvent], outbox: &[OutboxRow]) {
    let count = |wanted: fn(&Fact) -> bool| audit.iter().filter(|event| wanted(&event.fact)).count();
    let episodes = count(|fact| matches!(fact, Fact::CallExhausted { .. }));
    let ended = count(|fact| {
        matches!(
            fact,
            Fact::MailSent { notice: Notice::Exhausted, .. }
                | Fact::MailDropped { notice: Notice::Exhausted, .. }
        )
    });
    let pending = outbox
        .iter()
        .filter(|row| {
            row.charter_id.as_ref() == Some(&state.charter.charter_id)
                && row.job == Job::Mail(Notice::Exhausted)
        })
        .count();
    assert_eq!(episodes, ended + pending, "one alert for each time that the call was exhausted");
}

async fn every_offer_has_its_link(state: &CharterState, app: &App) {
    for offer in &state.offers {
        let record =
            read::<TokenRecord>(&*app.store, offer.token_id.as_str()).await.unwrap().expect("a link").value;
        let token = app.operator.key.offer_token(&state.charter.charter_id, offer);
        assert!(record.matches(&token), "the link of {:?} does not open", offer.no);
        assert_eq!((record.offer, &record.crew_id), (offer.no, &offer.crew_id));
        // Whoever is released had answered before that.
        match offer.state {
            OfferState::Released => assert!(record.used_at <= offer.ended_at),
            state => assert_eq!(record.used_at, offer.ended_at.filter(|_| state.is_answer())),
        }
        assert_eq!(record.expires_at, offer.closes_at);
    }
}

/// A row ends once, sent or dropped.
fn mails_are_sent_once(audit: &[AuditEvent]) {
    let mut offers = BTreeSet::new();
    for event in audit {
        if let Fact::OfferSent { offer, .. } | Fact::MailSent { notice: Notice::Offer { offer }, .. } =
            &event.fact
        {
            assert!(offers.insert(*offer), "{offer:?} was handed over twice in the record");
        }
    }
}

/// Of sails that are over for so long that no rule asks for them, commitments may know no more.
async fn commitments_are_what_the_charters_say(charters: &[CharterState], app: &App) {
    let mut expected: BTreeMap<String, BTreeMap<CharterId, CommitmentKind>> = BTreeMap::new();
    let remembered = SignedDuration::from_hours(limits::SAIL_REMEMBERED_HOURS);
    let over = |state: &&CharterState| state.charter.returns_at + remembered <= app.clock.now();
    let long_over: BTreeSet<&CharterId> =
        charters.iter().filter(over).map(|state| &state.charter.charter_id).collect();
    for state in charters.iter().filter(|state| state.cancelled_at.is_none() && !over(state)) {
        for offer in &state.offers {
            let kind = match offer.state {
                OfferState::Queued | OfferState::Sent => CommitmentKind::Asked,
                OfferState::Accepted | OfferState::Reconfirming => CommitmentKind::Assigned,
                OfferState::DroppedOut => CommitmentKind::Leaving,
                _ => continue,
            };
            expected
                .entry(offer.crew_id.to_string())
                .or_default()
                .insert(state.charter.charter_id.clone(), kind);
        }
    }
    for member in app.roster().await.unwrap() {
        let id = member.crew_id.as_str();
        let stored = read::<Commitments>(&*app.store, id).await.unwrap().map(|read| read.value.entries);
        let stored = stored.unwrap_or_default().into_iter().map(|entry| (entry.charter_id, entry.kind));
        let stored: BTreeMap<_, _> = stored.filter(|(id, _)| !long_over.contains(id)).collect();
        assert_eq!(stored, expected.remove(id).unwrap_or_default(), "the commitments of {id}");
    }
}

/// Nobody is confirmed on two sails that overlap.
fn nobody_is_on_two_boats(charters: &[CharterState], app: &App) {
    let turnaround = app.operator.policy.turnaround;
    for (n, one) in charters.iter().enumerate() {
        for other in &charters[n + 1..] {
            let apart = one.charter.returns_at + turnaround <= other.charter.call_time
                || other.charter.returns_at + turnaround <= one.charter.call_time;
            if apart || one.cancelled_at.is_some() || other.cancelled_at.is_some() {
                continue;
            }
            let confirmed = |offer: &&Offer| offer.state == OfferState::Accepted;
            for offer in one.offers.iter().filter(confirmed) {
                let mut others = other.offers.iter().filter(confirmed);
                let twice = others.any(|also| also.crew_id == offer.crew_id);
                assert!(!twice, "{} is on two boats", offer.crew_id);
            }
        }
    }
}
