//! Who may be asked, and for everyone else the reason why not.

use std::collections::BTreeMap;

use crewcall_dispatch::commitments::{Commitment, CommitmentKind, Commitments};
use crewcall_dispatch::eligibility::{Sail, Verdict};
use crewcall_dispatch::model::{Booking, Charter, CrewMember};
use crewcall_dispatch::policy::{Policy, UnknownAvailability};
use crewcall_dispatch::vessel::{Gate, Override, Severity, Vessel};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// A sail from 16:00 to 19:00 local time, aboard by 15:15.
fn charter(more: Value) -> Charter {
    let mut booking = json!({
        "charter_id": "ch", "vessel": "America", "dock": "pier 3", "guests": 6, "call_time": "2026-06-27T15:15",
        "departs_at": "2026-06-27T16:00", "returns_at": "2026-06-27T19:00",
        "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 1 }],
    });
    booking.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value::<Booking>(booking).unwrap().check(&zone()).unwrap()
}

fn zone() -> TimeZone {
    TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").unwrap()
}

/// Dana, available that day, with whatever else the record says.
fn dana(more: Value) -> CrewMember {
    let mut record = json!({ "crew_id": "dana", "name": "Dana", "rank": "captain", "email": "dana@example.com",
        "availability": { "2026-06-27": "available", "2026-06-28": "available" } });
    record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    CrewMember::parse(record.as_object().unwrap()).unwrap()
}

fn america(inspected: bool) -> Vessel {
    Vessel {
        name: "america".into(),
        inspected,
        complement: Vec::new(),
        credentials: Vec::new(),
        gates: BTreeMap::new(),
    }
}

fn policy(vessel: Vessel) -> Policy {
    Policy { vessels: vec![vessel], ..Policy::default() }
}

/// What is said against, and after a bar what is only to be looked at.
fn said(verdict: &Verdict) -> String {
    let list = |reasons: &[_]| reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (list(&verdict.against), list(&verdict.warnings)) {
        (against, warnings) if warnings.is_empty() => against,
        (against, warnings) => format!("{against}|{warnings}"),
    }
}

#[track_caller]
fn check_record(policy: &Policy, sail: Value, record: Value, expected: &str) {
    let charter = charter(sail);
    let sail = Sail { charter: &charter, zone: &zone(), policy, overrides: &[] };
    assert_eq!(said(&sail.record(&dana(record), &"captain".parse().unwrap())), expected);
}

#[test]
fn contact_rank_and_dates() {
    let skip = Policy::default();
    let on = |word: &str| json!({ "availability": { "2026-06-27": word } });
    check_record(&skip, json!({}), json!({}), "");
    check_record(&skip, json!({}), json!({ "email": null }), "has no e-mail address");
    check_record(&skip, json!({}), json!({ "left": true }), "has left");
    check_record(&skip, json!({}), json!({ "rank": "mate" }), "now sails as mate");
    check_record(&skip, json!({}), on("unavailable"), "unavailable on 2026-06-27 (roster)");
    check_record(&skip, json!({}), on("maybe"), "said \"maybe\" of 2026-06-27 (roster)");
    check_record(&skip, json!({}), json!({ "availability": {} }), "availability unknown on 2026-06-27");
    let ask = Policy { unknown_availability: UnknownAvailability::Ask, ..Policy::default() };
    check_record(&ask, json!({}), on("maybe"), "");
    check_record(&ask, json!({}), json!({ "availability": {} }), "");
    check_record(&ask, json!({}), on("unavailable"), "unavailable on 2026-06-27 (roster)");
}

#[test]
fn hours_of_a_day_have_to_cover_what_the_sail_takes_of_it() {
    let policy = Policy::default();
    let on = |word: &str| json!({ "availability": { "2026-06-27": word } });
    check_record(&policy, json!({}), on("after 3:15 pm"), "");
    check_record(&policy, json!({}), on("after 15:16"), "on 2026-06-27 available only from 15:16 (roster)");
    check_record(&policy, json!({}), on("AM only"), "on 2026-06-27 available only until 12:00 (roster)");
    check_record(&policy, json!({}), on("until 7 pm"), "");
    check_record(&policy, json!({}), on("until 18:59"), "on 2026-06-27 available only until 18:59 (roster)");
    let night = json!({ "returns_at": "2026-06-28T02:00" });
    let two =
        |first: &str, second: &str| json!({ "availability": { "2026-06-27": first, "2026-06-28": second } });
    check_record(&policy, night.clone(), two("after 2", "until 2 am"), "");
    check_record(
        &policy,
        night,
        two("until 23:00", "AM only"),
        "on 2026-06-27 available only until 23:00 (roster)",
    );
}

#[test]
fn licences_and_papers_have_to_hold_on_the_last_day_of_the_sail() {
    let (inspected, uninspected) = (policy(america(true)), policy(america(false)));
    let with = |papers: Value| json!({ "credentials": papers });
    let papers = |licence: &str, expires: &str| {
        with(json!({ licence: expires, "medical": "valid", "drug_program": "valid" }))
    };
    check_record(
        &inspected,
        json!({}),
        json!({}),
        "has no master on record, has no medical on record, has no drug_program on record",
    );
    check_record(&inspected, json!({}), papers("oupv", "valid"), "has no master on record");
    check_record(&uninspected, json!({}), papers("oupv", "valid"), "");
    check_record(&uninspected, json!({}), papers("master", "2026-06-27"), "");
    check_record(&uninspected, json!({}), papers("mate", "valid"), "has no oupv or master on record");
    let expired = "master valid until 2026-06-27 only";
    check_record(
        &inspected,
        json!({ "returns_at": "2026-06-28T00:01" }),
        papers("master", "2026-06-27"),
        expired,
    );
    check_record(&inspected, json!({ "returns_at": "2026-06-28T00:00" }), papers("master", "2026-06-27"), "");
    // Of several the one that lasts longest counts.
    let both =
        json!({ "oupv": "2026-06-01", "master": "2026-07-01", "medical": "valid", "drug_program": "valid" });
    check_record(&uninspected, json!({}), with(both), "");
}

#[test]
fn a_gate_blocks_warns_or_is_off_by_vessel() {
    let mut vessel = america(true);
    vessel.gates = [(Gate::Medical, Severity::Warn), (Gate::DrugProgram, Severity::Off)].into();
    vessel.credentials = vec![("captain".parse().unwrap(), "radio".into())];
    let expected = "has no master on record, has no radio on record|has no medical on record";
    check_record(&policy(vessel), json!({}), json!({}), expected);
    // Nothing is known of other boats.
    check_record(&policy(america(true)), json!({ "vessel": "Jada" }), json!({}), "");
}

#[test]
fn the_sail_itself_has_to_be_lawful() {
    let mut vessel = america(false);
    vessel.complement = serde_json::from_value(json!([{ "position": "deckhand", "quantity": 2 }])).unwrap();
    let policy = policy(vessel);
    let check = |more: Value, expected: &str| {
        let charter = charter(more);
        let sail = Sail { charter: &charter, zone: &zone(), policy: &policy, overrides: &[] };
        assert_eq!(said(&sail.itself()), expected);
    };
    let short = "the vessel's certificate requires 2 deckhand";
    check(json!({}), short);
    let positions =
        json!([{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }]);
    check(json!({ "positions": positions, "guests": 6 }), "");
    let guests = "7 passengers need a vessel with a Certificate of Inspection";
    check(json!({ "positions": positions, "guests": 7 }), guests);
    let bareboat = "a bareboat charter brings its own captain and crew";
    check(json!({ "positions": positions, "bareboat": true }), bareboat);
    check(json!({ "vessel": "Jada", "guests": 40, "bareboat": true }), "");
}

#[test]
fn an_override_turns_a_block_into_a_warning_for_whom_it_is() {
    let policy = policy(america(true));
    let charter = charter(json!({}));
    let record = dana(json!({ "credentials": { "master": "valid", "drug_program": "valid" } }));
    let check = |crew_id: Option<&str>, expected: &str| {
        let set_aside = Override {
            gate: Gate::Medical,
            crew_id: crew_id.map(|id| id.parse().unwrap()),
            reason: "certificate is in the post".into(),
            by: "Pat".into(),
            at: Timestamp::UNIX_EPOCH,
        };
        let sail = Sail { charter: &charter, zone: &zone(), policy: &policy, overrides: &[set_aside] };
        assert_eq!(said(&sail.record(&record, &"captain".parse().unwrap())), expected);
    };
    check(None, "|has no medical on record");
    check(Some("dana"), "|has no medical on record");
    check(Some("gene"), "has no medical on record");
}

#[track_caller]
fn check_commitments(position: &str, others: &[(&str, CommitmentKind, &str, &str)], expected: &str) {
    let policy = policy(america(true));
    let charter = charter(json!({}));
    let sail = Sail { charter: &charter, zone: &zone(), policy: &policy, overrides: &[] };
    let at = |time: &str| format!("2026-06-{time}:00-07:00").parse::<Timestamp>().unwrap();
    let entries = others.iter().map(|(id, kind, from, until)| Commitment {
        charter_id: id.parse().unwrap(),
        kind: *kind,
        from: at(from),
        until: at(until),
    });
    let commitments =
        Commitments { entries: entries.collect(), ..Commitments::none("dana".parse().unwrap()) };
    assert_eq!(said(&sail.commitments(&commitments, &position.parse().unwrap())), expected);
}

#[test]
fn other_sails_keep_their_distance() {
    use CommitmentKind::{Asked, Assigned};
    check_commitments("captain", &[], "");
    check_commitments(
        "captain",
        &[("x", Assigned, "27T13:00", "27T14:46")],
        "aboard x at that time, turnaround included",
    );
    check_commitments("captain", &[("x", Assigned, "27T13:00", "27T14:45")], "");
    check_commitments(
        "captain",
        &[("x", Asked, "27T19:29", "27T22:00")],
        "being asked for x at that time, turnaround included",
    );
    check_commitments("captain", &[("x", Asked, "27T19:30", "27T22:00")], "");
}

/// Twelve hours before 16:00 begin at 04:00, and the last 45 minutes are spent aboard.
#[test]
fn whoever_takes_the_watch_is_rested() {
    use CommitmentKind::{Asked, Assigned};
    check_commitments(
        "captain",
        &[("x", Assigned, "26T20:00", "27T09:15")],
        "|17 h 0 min of work within 24 h",
    );
    let tired =
        "with x only 5 h 59 min off duty in the 12 h before leaving port|17 h 1 min of work within 24 h";
    check_commitments("captain", &[("x", Assigned, "26T20:00", "27T09:16")], tired);
    check_commitments("mate", &[("x", Assigned, "26T20:00", "27T09:16")], tired);
    check_commitments(
        "deckhand",
        &[("x", Assigned, "26T20:00", "27T09:16")],
        "|17 h 1 min of work within 24 h",
    );
    check_commitments("captain", &[("x", Asked, "26T20:00", "27T09:16")], "");
    // Several short ones add up.
    let two = [("x", Assigned, "27T04:00", "27T08:00"), ("y", Assigned, "27T09:00", "27T10:30")];
    check_commitments("captain", &two, "with x only 5 h 45 min off duty in the 12 h before leaving port");
    // And this sail may be what leaves too little rest before the next one.
    let next = [("x", Assigned, "27T20:00", "27T23:00"), ("y", Assigned, "28T00:00", "28T02:00")];
    check_commitments("captain", &next, "with y only 5 h 15 min off duty in the 12 h before leaving port");
}

#[test]
fn two_who_are_not_to_sail_together() {
    let (policy, charter) = (Policy::default(), charter(json!({})));
    let sail = Sail { charter: &charter, zone: &zone(), policy: &policy, overrides: &[] };
    let (plain, apart) = (dana(json!({})), dana(json!({ "do_not_pair": ["gene"] })));
    let gene = |more: Value| {
        let mut record = dana(json!({})).to_record();
        record.insert("crew_id".into(), "gene".into());
        record.extend(more.as_object().unwrap().clone());
        CrewMember::parse(&record).unwrap()
    };
    let (calm, picky) = (gene(json!({})), gene(json!({ "do_not_pair": ["dana"] })));
    let with = |member, gene: Option<&CrewMember>| said(&sail.company(member, &[(&calm.crew_id, gene)]));
    assert_eq!(with(&plain, Some(&calm)), "");
    assert_eq!(with(&apart, Some(&calm)), "not to sail with gene");
    assert_eq!(with(&plain, Some(&picky)), "not to sail with gene");
    // Off the roster by now, and aboard all the same.
    assert_eq!(with(&apart, None), "not to sail with gene");
}
