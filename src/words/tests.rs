use serde_json::{Value, json};

use super::*;

fn charter() -> Value {
    json!({ "charter_id": "c1", "vessel": "America", "departs_at": "2026-06-27T23:00:00Z",
        "returns_at": "2026-06-28T02:00:00Z", "call_time": "2026-06-27T22:15:00Z", "dock": "pier 3", "guests": 6,
        "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }] })
}

fn event(fact: Value) -> AuditEvent {
    let mut event = json!({ "charter_id": "c1", "seq": 1, "at": "2026-06-20T19:00:00Z", "by": { "crew": "dana" },
        "via": "tick" });
    event.as_object_mut().unwrap().extend(fact.as_object().unwrap().clone());
    serde_json::from_value(event).unwrap()
}

fn told(fact: Value) -> String {
    let made =
        event(json!({ "fact": "offer_made", "offer": 1, "seat": { "position": "captain", "number": 1 },
        "crew_id": "dana", "token_id": "jada_crew_k3v9" }));
    let booked = event(json!({ "fact": "charter_booked", "charter": charter() }));
    let state = CharterState::replay([&booked, &made]).unwrap();
    let names = Names(BTreeMap::from([("dana".parse().unwrap(), "Dana Reyes".into())]));
    let zone = TimeZone::get("America/Los_Angeles").unwrap();
    super::fact(&event(fact), &state, &names, &zone)
}

#[test]
fn every_fact_is_a_sentence_with_names_and_local_times() {
    let outage = json!({ "from": "2026-06-20T10:00:00Z", "until": "2026-06-20T18:00:00Z" });
    for (fact, sentence) in [
        (
            json!({ "fact": "charter_booked", "charter": charter() }),
            "booked: America, Sat 27 Jun 2026, 16:00 PDT, from pier 3; crew: 1 captain, 2 deckhand",
        ),
        (json!({ "fact": "charter_cancelled" }), "the charter was cancelled"),
        (
            json!({ "fact": "note_written", "text": "Engine trouble." }),
            "a note of the office: “Engine trouble.”",
        ),
        (json!({ "fact": "commented", "comment": "Sorry" }), "a word to the office: “Sorry”"),
        (json!({ "fact": "message_posted", "text": "Hello" }), "a message to the others: “Hello”"),
        (
            json!({ "fact": "offer_accepted", "offer": 1, "comment": "Until six." }),
            "Dana Reyes accepted captain 1: “Until six.”",
        ),
        (json!({ "fact": "call_paused" }), "the call rests: nobody new is asked"),
        (json!({ "fact": "call_resumed" }), "the call goes on"),
        (json!({ "fact": "call_stopped" }), "the call was stopped"),
        (
            json!({ "fact": "reordered", "position": "captain", "ranked": ["kim", "dana"] }),
            "the order was changed; captain: kim, Dana Reyes",
        ),
        (
            json!({ "fact": "assigned", "offer": 2, "seat": { "position": "captain", "number": 1 },
                "crew_id": "dana", "token_id": "jada_crew_k3v9", "reason": "agreed by phone" }),
            "Dana Reyes was put aboard as captain 1: agreed by phone",
        ),
        (
            json!({ "fact": "turned_up", "offer": 2, "seat": { "position": "mate", "number": 1 },
                "crew_id": "kim", "token_id": "jada_crew_k3v9", "reason": "was seen" }),
            "kim sailed as mate 1, which was not in the books: was seen",
        ),
        (
            json!({ "fact": "released", "offer": 1, "why": { "no_show": { "reason": "overslept" } } }),
            "Dana Reyes did not come as captain 1: overslept",
        ),
        (
            json!({ "fact": "figures_recorded", "was": { "actual_hours": "3:00" },
                "figures": { "gratuity": "120.00", "hours_of": { "dana": "2:30" } } }),
            "what it came to was recorded; gratuity: 120.00, not unknown; hours: unknown, not 3:00; hours of Dana Reyes: 2:30, not unknown",
        ),
        (
            json!({ "fact": "asked_aboard", "offer": 1, "reason": "agreed by phone" }),
            "Dana Reyes was put aboard as captain 1: agreed by phone",
        ),
        (
            json!({ "fact": "offer_prolonged", "offer": 1, "reply_by": "2026-06-20T20:00:00Z",
                "closes_at": "2026-06-20T20:02:00Z" }),
            "Dana Reyes has until 13:00 PDT to answer",
        ),
        (
            json!({ "fact": "offer_rescinded", "offer": 1, "why": "seat_taken" }),
            "the offer of captain 1 to Dana Reyes was taken back: somebody else has the seat",
        ),
        (
            json!({ "fact": "call_started", "orders": [
                { "position": "captain", "ranked": ["dana", "kim"] },
                { "position": "deckhand", "ranked": [] }] }),
            "the call began; captain: Dana Reyes, kim; deckhand: nobody",
        ),
        (
            json!({ "fact": "people_left_out", "position": "captain", "skipped": [
                { "crew_id": "lee", "reasons": [{ "reason": "unavailable", "date": "2026-06-27" }] }] }),
            "not asked as captain: lee (unavailable on 2026-06-27 (roster))",
        ),
        (
            json!({ "fact": "crew_paired", "position": "deckhand", "paired": ["lee"] }),
            "the captain's usual crew goes first as deckhand: lee",
        ),
        (
            json!({ "fact": "crew_paired", "position": "deckhand", "paired": [] }),
            "the captain has no usual deckhand; the ranked order decides",
        ),
        (
            json!({ "fact": "person_skipped", "position": "captain", "crew_id": "dana",
                "reasons": [{ "reason": "no_contact" }, { "reason": "assigned", "charter_id": "c2" }] }),
            "Dana Reyes was skipped for captain: has no e-mail address, aboard c2 at that time, turnaround included",
        ),
        (
            json!({ "fact": "cascade_waits", "position": "captain", "waiting_for": ["dana"] }),
            "asking for captain waits: another sail at that time is being offered to Dana Reyes",
        ),
        (
            json!({ "fact": "offer_made", "offer": 1, "seat": { "position": "captain", "number": 1 },
                "crew_id": "dana", "token_id": "jada_crew_k3v9" }),
            "Dana Reyes was asked for captain 1 (link jada_crew_k3v9)",
        ),
        (
            json!({ "fact": "offer_sent", "offer": 1, "reply_by": "2026-06-20T21:40:00Z",
                "closes_at": "2026-06-20T21:42:00Z" }),
            "mail to Dana Reyes handed over; reply by 14:40 PDT",
        ),
        (
            json!({ "fact": "offer_sent", "offer": 1, "reply_by": "2026-06-21T21:40:00Z",
                "closes_at": "2026-06-20T21:42:00Z", "ambiguous": true }),
            "mail to Dana Reyes handed over; reply by Sun 21 Jun 2026, 14:40 PDT (perhaps twice: an answer was lost)",
        ),
        (
            json!({ "fact": "offer_extended", "offer": 1, "closes_at": "2026-06-20T21:40:00Z", "outage": outage }),
            "Dana Reyes has until 14:40 PDT, because crewcall was down from 03:00 PDT to 11:00 PDT",
        ),
        (json!({ "fact": "offer_accepted", "offer": 1 }), "Dana Reyes accepted captain 1"),
        (json!({ "fact": "accept_undone", "offer": 1 }), "Dana Reyes took back the yes for captain 1"),
        (json!({ "fact": "offer_declined", "offer": 1 }), "Dana Reyes declined captain 1"),
        (json!({ "fact": "offer_expired", "offer": 1 }), "Dana Reyes did not answer in time for captain 1"),
        (
            json!({ "fact": "offer_rescinded", "offer": 1, "why": "captain_withdrew" }),
            "the offer of captain 1 to Dana Reyes was taken back: the captain withdrew",
        ),
        (
            json!({ "fact": "mail_returned", "offer": 1, "error": "550 no such user", "email": "dana@example.com" }),
            "mail to Dana Reyes came back: 550 no such user; they are offered no sail at dana@example.com until mail arrives there again",
        ),
        (
            json!({ "fact": "offer_undeliverable", "offer": 1, "error": "550 no such user" }),
            "the mail to Dana Reyes did not arrive: 550 no such user",
        ),
        (json!({ "fact": "call_filled" }), "every seat is taken"),
        (
            json!({ "fact": "call_exhausted", "positions": ["captain", "deckhand"], "departed": false }),
            "nobody is left to ask for captain, deckhand; the office is alerted",
        ),
        (
            json!({ "fact": "call_urgent", "position": "mate" }),
            "there is no time left to ask everyone for mate in turn; the office is alerted",
        ),
        (
            json!({ "fact": "position_exhausted", "position": "mate" }),
            "nobody is left to ask for mate now; the office is told",
        ),
        (
            json!({ "fact": "call_exhausted", "positions": ["captain"], "departed": true }),
            "the sail left before every seat was taken: captain",
        ),
        (
            json!({ "fact": "mail_sent", "notice": { "kind": "offer_copy", "offer": 1 } }),
            "copy of Dana Reyes's offer to the office handed over",
        ),
        (
            json!({ "fact": "mail_dropped", "notice": { "kind": "crew_list", "to": "dana" }, "why": "it is late" }),
            "crew list to Dana Reyes not sent: it is late",
        ),
        // An offer that this state does not know is still told of.
        (json!({ "fact": "offer_declined", "offer": 9 }), "offer 9 declined offer 9"),
    ] {
        assert_eq!(told(fact), sentence);
    }
}

#[test]
fn long_lists_are_counted() {
    let ids: Vec<CrewId> = (0..12).map(|n| format!("p{n}").parse().unwrap()).collect();
    assert_eq!(Names::default().list(&ids), "p0, p1, p2, p3, p4, p5, p6, p7 and 4 more");
}
