//! From a draft to its approval, and on.

use std::sync::Arc;

use crewcall::statement::{self, StatementError};
use crewcall::store::{MemoryStore, Table};
use crewcall_dispatch::cascade::{CharterState, Command, Fact};
use crewcall_dispatch::model::CharterId;
use crewcall_dispatch::statement::{Books, Change, Material, Paid, Remark, Sailing, Why, draft};

use super::{booked, came_to, complete, crew, later, month, of, on_every_store, rules, sailed, view};
use crate::support::meanwhile::{Before, Meanwhile};
use crate::support::office::{Office, START, caller, people};

/// What a month says of itself, in short.
async fn said(office: &Office, of: &str) -> String {
    let view = view(office, of).await;
    let mut said: Vec<String> = view
        .draft
        .statements
        .iter()
        .map(|statement| format!("{} {}", statement.crew_id, statement.total()))
        .collect();
    said.extend(view.draft.open().map(|account| format!("{} open", account.charter_id)));
    said.join(", ")
}

#[tokio::test]
async fn a_month_is_drafted_approved_and_locked_on_every_store() {
    on_every_store(|store| async move {
        let office = later(&booked(store).await, "2026-07-01T09:00:00-07:00");
        assert_eq!(said(&office, "2026-06").await, "dana 0.00, lee 0.00, morning open, evening open");
        came_to(&office, "morning", "90.00").await;
        assert_eq!(said(&office, "2026-06").await, "dana 190.00, lee 115.00, evening open");
        let bonus = |who: &'static str, amount: &str, why: &str| {
            let (app, amount, why) = (office.app.clone(), amount.parse().unwrap(), why.to_owned());
            async move { statement::enter(&app, month("2026-06"), &crew(who), amount, why, &caller(), None).await }
        };
        bonus("dana", "25.00", "came at short notice").await.unwrap();
        bonus("lee", "-5.00", "a lost winch handle").await.unwrap();
        bonus("zoe", "1.00", "by mistake").await.unwrap();
        statement::take_back(&office.app, month("2026-06"), 3, &caller()).await.unwrap();
        // Twice is once.
        statement::take_back(&office.app, month("2026-06"), 3, &caller()).await.unwrap();
        assert_eq!(said(&office, "2026-06").await, "dana 215.00, lee 110.00, evening open");

        let seen = view(&office, "2026-06").await;
        let approved = statement::approve(&office.app, month("2026-06"), Some(&seen.digest), &caller()).await.unwrap();
        assert_eq!(approved.draft, seen.draft);
        assert_eq!(approved.books.approved.as_ref().unwrap().by, "Pat");
        // Whatever happens now changes nothing of it, and comes with the next.
        came_to(&office, "morning", "100.00").await;
        came_to(&office, "evening", "0.00").await;
        assert_eq!(view(&office, "2026-06").await.draft, seen.draft);
        assert!(matches!(bonus("dana", "1.00", "late").await, Err(StatementError::Rejected(_))));
        let office = later(&office, "2026-08-01T09:00:00-07:00");
        assert_eq!(said(&office, "2026-07").await, "dana 150.00, lee 75.00");
        // What is paid late is traced as well, and says by which rule.
        let draft = view(&office, "2026-07").await.draft;
        for adjustment in draft.statements.iter().flat_map(|statement| &statement.adjustments) {
            let Why::Later { line: Some(line), .. } = &adjustment.why else { panic!("{adjustment:?}") };
            let accepted = line.accepted.as_ref().unwrap();
            let event = office.app.event(&line.charter_id, accepted.seq).await.unwrap().unwrap();
            assert!(matches!(event.fact, Fact::Assigned { .. }) && !line.rules.is_empty());
        }
        let july = statement::approve(&office.app, month("2026-07"), None, &caller()).await.unwrap();
        assert_eq!(of(&july, "dana").year_to_date().to_string(), "365.00");
        assert_eq!(of(&july, "dana").last_month.unwrap().to_string(), "215.00");
        assert_eq!(july.draft.last_month.unwrap().paid.to_string(), "325.00");
        let office = later(&office, "2026-09-01T09:00:00-07:00");
        assert_eq!(said(&office, "2026-08").await, "", "nothing is paid twice");
    })
    .await;
}

#[tokio::test]
async fn each_line_says_where_the_audit_has_the_yes() {
    let office = complete().await;
    let view = view(&office, "2026-06").await;
    for line in view.draft.statements.iter().flat_map(|statement| &statement.lines) {
        let accepted = line.accepted.as_ref().unwrap();
        let event = office.app.event(&line.charter_id, accepted.seq).await.unwrap().unwrap();
        assert_eq!((event.at, &event.via), (accepted.at, &accepted.via));
        let fact = serde_json::to_value(&event.fact).unwrap();
        assert_eq!(fact["fact"], "assigned");
    }
}

#[tokio::test]
async fn replayed_from_the_audit_it_is_the_same_statement() {
    let office = complete().await;
    let (dana, why) = (crew("dana"), "came at short notice".to_owned());
    statement::enter(&office.app, month("2026-06"), &dana, "25.00".parse().unwrap(), why, &caller(), None)
        .await
        .unwrap();
    let id: CharterId = "evening".parse().unwrap();
    office.run(&id, Command::NoShow { crew_id: crew("lee"), reason: "overslept".into() }).await.unwrap();
    let (position, crew_id) = ("deckhand".parse().unwrap(), crew("sam"));
    office.run(&id, Command::TurnedUp { position, crew_id, reason: "was on the dock".into() }).await.unwrap();
    let approved = statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();

    let mut sailings = Vec::new();
    for id in ["morning", "evening"] {
        let events = office.app.audit(&id.parse().unwrap()).await.unwrap();
        sailings.push(Sailing::new(CharterState::replay(&events).unwrap(), &events));
    }
    let events = statement::history(&*office.app.store, month("2026-06")).await.unwrap();
    let mut books = Books::replay(month("2026-06"), &events);
    assert_eq!(books.approved, approved.books.approved);
    assert_eq!(books, approved.books);
    books.approved = None;
    let people = office.app.roster().await.unwrap();
    let names = people.into_iter().map(|member| (member.crew_id, member.name)).collect();
    let replayed = draft(Material {
        books: &books,
        rules: &rules(),
        sailings: &sailings,
        paid: &Paid::default(),
        last_month: None,
        names: &names,
        zone: &office.app.operator.zone,
        now: office.app.clock.now(),
    });
    assert_eq!(replayed, approved.draft);
    let who: Vec<&str> = replayed.statements.iter().map(|statement| statement.crew_id.as_str()).collect();
    assert_eq!(who, ["dana", "lee", "sam"]);
}

#[tokio::test]
async fn what_was_looked_at_is_what_is_approved() {
    let office = complete().await;
    let seen = view(&office, "2026-06").await.digest;
    came_to(&office, "morning", "90.01").await;
    let refused = statement::approve(&office.app, month("2026-06"), Some(&seen), &caller()).await;
    assert!(matches!(refused, Err(StatementError::Changed(_))), "{refused:?}");
    let seen = view(&office, "2026-06").await.digest;
    statement::approve(&office.app, month("2026-06"), Some(&seen), &caller()).await.unwrap();
    // Pressed twice, it stays as it was; from an old page it is told.
    statement::approve(&office.app, month("2026-06"), Some(&seen), &caller()).await.unwrap();
    let refused = statement::approve(&office.app, month("2026-06"), Some("another"), &caller()).await;
    assert!(matches!(refused, Err(StatementError::Changed(_))), "{refused:?}");
}

#[tokio::test]
async fn months_are_approved_in_their_order_once_they_are_over() {
    let office = complete().await;
    let caller = caller();
    let approved = |of: &'static str| statement::approve(&office.app, month(of), None, &caller);
    assert!(matches!(approved("2026-07").await, Err(StatementError::NotOver { .. })));
    office.advance("1488h").await;
    approved("2026-05").await.unwrap();
    let refused = approved("2026-07").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "2026-06 was not approved, and something is to be paid in it or is open; approve it first: crewcall statement 2026-06 --approve"
    );
    approved("2026-06").await.unwrap();
    // July had none, and keeps nobody waiting.
    approved("2026-08").await.unwrap();
    assert!(matches!(approved("2026-07").await, Err(StatementError::LaterApproved { .. })));
}

#[tokio::test]
async fn a_bonus_goes_to_somebody_on_the_roster_and_a_form_counts_once() {
    let office = complete().await;
    let (caller, june) = (caller(), month("2026-06"));
    let enter = |who: &str, once: Option<crewcall::app::Once>| {
        let (app, who, caller) = (office.app.clone(), crew(who), caller.clone());
        async move {
            statement::enter(&app, june, &who, "5.00".parse().unwrap(), "tips".into(), &caller, once.as_ref())
                .await
        }
    };
    assert!(matches!(enter("nobody", None).await, Err(StatementError::NotOnRoster(_))));
    let once = office.app.once("statements/2026-06", &caller, "key", "form");
    enter("dana", Some(once.clone())).await.unwrap();
    let books = enter("dana", Some(once)).await.unwrap();
    assert_eq!(books.entries.len(), 1);
}

/// An office whose month is complete, on a store in which something can be planned; and the same office at another desk.
async fn two_desks() -> (Arc<Meanwhile>, Office, Office) {
    let inner = Arc::new(MemoryStore::new());
    let store = Arc::new(Meanwhile::on(inner.clone()));
    let office = sailed(store.clone()).await;
    came_to(&office, "morning", "90.00").await;
    came_to(&office, "evening", "50.01").await;
    let other = Office::run_by(super::paying(), inner, office.app.clock.now());
    (store, office, other)
}

#[tokio::test]
async fn two_who_approve_at_once_approve_the_same() {
    let (store, office, other) = two_desks().await;
    let june = month("2026-06");
    store.plan(Before::CommitOf(Table::Service), async move {
        statement::approve(&other.app, june, None, &caller()).await.unwrap();
    });
    let slower = statement::approve(&office.app, june, None, &caller()).await.unwrap();
    assert!(store.has_happened() && slower.is_approved());
    let events = statement::history(&*office.app.store, june).await.unwrap();
    assert_eq!(events.len(), 1, "it is approved once: {events:?}");
}

#[tokio::test]
async fn what_is_given_in_a_month_that_is_being_passed_over_is_not_lost() {
    let (store, office, other) = two_desks().await;
    statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();
    let (office, other) =
        (later(&office, "2026-09-02T12:00:00-07:00"), later(&other, "2026-09-02T12:00:00-07:00"));
    let (between, july) = (store.clone(), month("2026-07"));
    // After July was found empty, and before August is approved.
    store.plan(Before::CommitOf(Table::Service), async move {
        between.plan(Before::CommitOf(Table::Service), async move {
            let (dana, amount, caller) = (crew("dana"), "50.00".parse().unwrap(), caller());
            let given = statement::enter(&other.app, july, &dana, amount, "late".into(), &caller, None);
            given.await.unwrap();
        });
    });
    let august = statement::approve(&office.app, month("2026-08"), None, &caller()).await;
    assert!(store.has_happened());
    assert!(matches!(august, Err(StatementError::Changed(_))), "{august:?}");
    let august = statement::approve(&office.app, month("2026-08"), None, &caller()).await;
    assert!(matches!(august, Err(StatementError::EarlierOpen { before }) if before == july), "{august:?}");
}

#[tokio::test]
async fn of_two_approvals_that_cross_each_other_one_counts_whole() {
    let (store, office, other) = two_desks().await;
    let june = month("2026-06");
    let between = store.clone();
    // After the slower one has written its rows, and before it has approved them.
    store.plan(Before::CommitOf(Table::Service), async move {
        between.plan(Before::CommitOf(Table::Service), async move {
            came_to(&other, "morning", "99.00").await;
            statement::approve(&other.app, june, None, &caller()).await.unwrap();
        });
    });
    let slower = statement::approve(&office.app, june, None, &caller()).await;
    assert!(store.has_happened());
    assert!(matches!(slower, Err(StatementError::Changed(_))), "{slower:?}");
    let stands = view(&office, "2026-06").await;
    assert_eq!(of(&stands, "dana").sails().gratuity.to_string(), "74.51");
    assert_eq!(statement::approve(&office.app, june, None, &caller()).await.unwrap().draft, stands.draft);
}

#[tokio::test]
async fn what_is_owed_for_earlier_months_is_said_to_stand_in_two_drafts() {
    let office = complete().await;
    statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();
    came_to(&office, "morning", "100.00").await;
    let office = later(&office, "2026-09-02T12:00:00-07:00");
    let also = async |of: &str| view(&office, of).await.also_in();
    assert_eq!((also("2026-07").await, also("2026-08").await), (None, Some(month("2026-07"))));
    let august = statement::approve(&office.app, month("2026-08"), None, &caller()).await;
    assert!(matches!(august, Err(StatementError::EarlierOpen { before }) if before == month("2026-07")));
    statement::approve(&office.app, month("2026-07"), None, &caller()).await.unwrap();
    assert_eq!((also("2026-07").await, also("2026-08").await), (None, None));
}

#[tokio::test]
async fn what_is_carried_over_comes_with_the_name_of_whoever_owes_it() {
    let office = complete().await;
    let (june, sam, caller) = (month("2026-06"), crew("sam"), caller());
    let taken = "-5.00".parse().unwrap();
    statement::enter(&office.app, june, &sam, taken, "a lost key".into(), &caller, None).await.unwrap();
    let name = of(&view(&office, "2026-06").await, "sam").name.clone();
    statement::approve(&office.app, june, None, &caller).await.unwrap();
    let office = later(&office, "2026-08-02T12:00:00-07:00");
    let july = view(&office, "2026-07").await;
    assert_eq!(
        (of(&july, "sam").name.as_str(), of(&july, "sam").total().to_string()),
        (&*name, "-5.00".into())
    );
    assert_ne!(name, "sam");
}

#[tokio::test]
async fn in_a_month_that_was_passed_over_nothing_is_given_any_more() {
    let office = complete().await;
    statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();
    let (may, dana, caller) = (month("2026-05"), crew("dana"), caller());
    let given =
        statement::enter(&office.app, may, &dana, "5.00".parse().unwrap(), "late".into(), &caller, None);
    let refused = given.await.unwrap_err().to_string();
    assert_eq!(
        refused,
        "2026-06 is approved, so nothing of 2026-05 is paid any more; give it in a later month"
    );
}

#[tokio::test]
async fn where_nothing_is_ever_paid_nothing_is_given() {
    let office = complete().await;
    let give = async |of: &str| {
        let (dana, amount) = (crew("dana"), "5.00".parse().unwrap());
        statement::enter(&office.app, month(of), &dana, amount, "tips".into(), &caller(), None).await
    };
    for of in ["2020-06", "2036-06"] {
        let refused = give(of).await.unwrap_err().to_string();
        assert_eq!(refused, format!("{of} is more than a year from now; check the year"));
    }
    give("2026-05").await.unwrap();
    let approve = async |of: &str| statement::approve(&office.app, month(of), None, &caller()).await;
    let june = approve("2026-06").await;
    assert!(
        matches!(june, Err(StatementError::GivenBefore { before }) if before == month("2026-05")),
        "{june:?}"
    );
    statement::take_back(&office.app, month("2026-05"), 1, &caller()).await.unwrap();
    approve("2026-06").await.unwrap();
    let may = approve("2026-05").await;
    assert!(
        matches!(may, Err(StatementError::PaidElsewhere { first, .. }) if first == month("2026-06")),
        "{may:?}"
    );
}

#[tokio::test]
async fn amounts_of_two_currencies_are_not_added_up() {
    let office = complete().await;
    statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();
    let mut operator = super::paying();
    operator.pay.currency = "EUR".into();
    let office = Office::run_by(operator, office.app.store.clone(), office.app.clock.now());
    for of in ["2026-06", "2026-07"] {
        let refused = statement::month(&office.app, month(of)).await.unwrap_err().to_string();
        assert!(
            refused.contains("approved in USD, and pay.currency is EUR by now; set it back"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_month_in_which_something_is_listed_for_the_last_time_is_not_passed_over() {
    let office = sailed(Arc::new(MemoryStore::new())).await;
    came_to(&office, "morning", "90.00").await;
    statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();
    let office = later(&office, "2027-08-02T12:00:00-07:00");
    let july = statement::approve(&office.app, month("2027-07"), None, &caller()).await;
    assert!(
        matches!(july, Err(StatementError::EarlierOpen { before }) if before == month("2027-06")),
        "{july:?}"
    );
    let june = statement::approve(&office.app, month("2027-06"), None, &caller()).await.unwrap();
    assert!(june.draft.still_open[0].remarks.contains(&Remark::ListedLast));
    let becomes = async |of: &str| statement::change_in(&office.app, month(of)).await.unwrap();
    assert_eq!(becomes("2026-06").await, Change::TooLate);
    assert_eq!(becomes("2026-07").await, Change::Adjusts);
    assert_eq!(becomes("2027-07").await, Change::InTime);
    statement::approve(&office.app, month("2027-07"), None, &caller()).await.unwrap();
}

/// A sail without a crew, in a month that is passed over for that; who sailed it is known only when the first months that were
/// approved are more than a year ago.
#[tokio::test]
async fn a_sail_of_a_month_that_was_passed_over_is_paid_also_when_older_months_are_forgotten() {
    let office = Office::run_by(super::paying(), Arc::new(MemoryStore::new()), START.parse().unwrap());
    office.import(&people()).await;
    let id = office.book("empty", (9, 12), &[("captain", 1)]).await.unwrap();
    let office = later(&office, "2026-08-02T12:00:00-07:00");
    for of in ["2025-05", "2026-07"] {
        statement::approve(&office.app, month(of), None, &caller()).await.unwrap();
    }
    let office = later(&office, "2027-06-02T12:00:00-07:00");
    let (position, crew_id) = ("captain".parse().unwrap(), crew("dana"));
    office.run(&id, Command::TurnedUp { position, crew_id, reason: "told so".into() }).await.unwrap();
    came_to(&office, "empty", "0.00").await;
    assert_eq!(of(&view(&office, "2027-05").await, "dana").total().to_string(), "145.00");
}
