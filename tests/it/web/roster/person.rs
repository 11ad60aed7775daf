//! One person: the record is changed, added to, and never half of it.

use axum::http::StatusCode;
use crewcall_dispatch::cascade::{Command, OfferState};
use serde_json::{Value, json};

use super::{Desk, words};
use crate::support::invariants;

#[tokio::test]
async fn a_record_is_changed_field_by_field_and_what_the_page_does_not_know_stays() {
    let desk = Desk::new().await;
    let papers = json!({ "master": "2028-05-01", "medical": "2026-07-19" });
    desk.put(
        "dana",
        json!({ "credentials": papers, "shirt": { "size": "M" }, "created_at": "2026-05-15T10:30:00Z" }),
    )
    .await;
    let page = desk.get("/roster/people/dana").await;
    let said = [
        ("name", "Dana Sample"),
        ("email", " dana.sample@example.com "),
        ("phone", ""),
        ("cascade_order", "7"),
        ("time_zone", "America/New_York"),
        ("pair-0", "Sam Example"),
        ("pair-1", "zoe"),
        ("not_pair-0", "kai example"),
        // Of the credentials one goes, one is longer, two are new.
        ("gone-0", "yes"),
        ("until-1", "2027-07-19"),
        ("paper-2", "First Aid"),
        ("until-2", "2029-01-31"),
        ("paper-3", "drug_program"),
        ("endless-3", "yes"),
    ];
    let (status, answer) = desk.fill_in(&page, "/roster/people/dana", &said).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    let record = Value::Object(desk.member("dana").await.to_record());
    let expected = json!({ "crew_id": "dana", "name": "Dana Sample", "email": "dana.sample@example.com", "rank": "captain",
        "cascade_order": 7, "time_zone": "America/New_York", "paired_crew": ["sam", "zoe"], "do_not_pair": ["kai"],
        "credentials": { "medical": "2027-07-19", "first_aid": "2029-01-31", "drug_program": "valid" },
        "availability": { "2026-06-27": "available" }, "shirt": { "size": "M" }, "created_at": "2026-05-15T10:30:00Z" });
    assert_eq!(record, expected);
    let page = desk.get("/roster/people/dana?saved=yes").await;
    assert!(page.contains("Saved.") && page.contains("value=\"Sam Example\""), "{page}");
    // Sent as it is, it changes nothing.
    let (status, _) = desk.fill_in(&page, "/roster/people/dana", &[]).await;
    assert_eq!(
        (status, Value::Object(desk.member("dana").await.to_record())),
        (StatusCode::SEE_OTHER, expected)
    );
    invariants::hold(&desk.office.app).await;
}

#[tokio::test]
async fn faults_are_said_beside_the_field_and_what_was_typed_is_kept() {
    let desk = Desk::new().await;
    let before = desk.office.app.roster().await.unwrap();
    let page = desk.get("/roster/people/dana").await;
    for (said, field, problem) in [
        (&[("name", "")][..], "name", "The name is missing"),
        (&[("email", "dana")], "email", "The address "),
        (&[("phone", "x")], "phone", "The phone number "),
        (&[("rank", "admiral")], "rank", "write one of captain"),
        (&[("rank", "mate")], "pair-0", "only captains have a usual crew"),
        (&[("cascade_order", "first")], "cascade_order", "Write a whole number"),
        (&[("time_zone", "Mars/North")], "time_zone", "time zone database"),
        (&[("pair-0", "Nobody Example")], "pair-0", "Nobody on the roster is called Nobody Example"),
        (&[("pair-2", "lee")], "pair-2", "Lee stands here twice"),
        (&[("not_pair-0", "lee")], "not_pair-0", "who stands in paired_crew as well"),
        (&[("paper-0", "medical")], "until-0", "Until when does it hold?"),
        (&[("until-0", "2027-01-01")], "paper-0", "Which credential is it?"),
        (
            &[("paper-0", "medical"), ("until-0", "soon")],
            "until-0",
            "That is no day; write the last day as 2027-05-01",
        ),
        (&[("paper-0", "m/d"), ("endless-0", "yes")], "paper-0", "is no name of a credential"),
    ] {
        let (status, answer) = desk
            .fill_in(&page, "/roster/people/dana", &[&[("phone", "+1-619-555-0177")], said].concat())
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{said:?}: {answer}");
        assert!(words(&answer).contains(problem), "{problem} is missing in {}", words(&answer));
        assert!(answer.contains(&format!("id=\"{field}-problem\"")), "{said:?}: {answer}");
        for (name, value) in said {
            let kept = [
                format!("name=\"{name}\" type=\"text\" value=\"{value}\""),
                format!("name=\"{name}\" type=\"email\" value=\"{value}\""),
                format!("name=\"{name}\" type=\"tel\" value=\"{value}\""),
                format!("name=\"{name}\" type=\"date\" value=\"{value}\""),
                format!("<option value=\"{value}\" selected>"),
                format!("name=\"{name}\" type=\"checkbox\" value=\"{value}\" checked"),
            ];
            assert!(kept.iter().any(|kept| answer.contains(kept)), "{name} is lost in {answer}");
        }
    }
    assert_eq!(desk.office.app.roster().await.unwrap(), before);
    let (status, answer) = desk.post("/roster/people/dana", &[("name", "D")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
}

#[tokio::test]
async fn of_two_who_change_somebody_the_later_is_told_and_nothing_is_lost() {
    let desk = Desk::new().await;
    desk.put("dana", json!({ "credentials": { "master": "2028-05-01", "medical": "2026-07-19" } })).await;
    let page = desk.get("/roster/people/dana").await;
    desk.put("dana", json!({ "phone": "+1-619-555-0111", "email": "d@example.com", "credentials": { "master": "2028-05-01", "medical": "2027-07-19" } })).await;
    // Other fields do not stand in each other's way.
    let (status, answer) = desk.fill_in(&page, "/roster/people/dana", &[("name", "Dana Sample")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    let both = desk.member("dana").await;
    assert_eq!((both.name.as_str(), both.phone.unwrap().as_str()), ("Dana Sample", "+1-619-555-0111"));
    // The same ones do.
    let said = [("phone", "+1-619-555-0122"), ("until-1", "2030-01-01"), ("cascade_order", "4")];
    let (status, answer) = desk.fill_in(&page, "/roster/people/dana", &said).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    let text = words(&answer);
    for part in [
        "Somebody else changed this meanwhile, to “+1-619-555-0111”. Save once more to have it as you wrote it.",
        "Medical: somebody else changed this meanwhile, to “2027-07-19”.",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert_eq!(desk.member("dana").await.cascade_order, Some(1), "all of it or nothing");
    // The form has what was typed, and of the rest what stands by now.
    let (status, _) = desk.fill_in(&answer, "/roster/people/dana", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let dana = desk.member("dana").await;
    assert_eq!(
        (dana.cascade_order, dana.phone.unwrap().as_str(), dana.email.unwrap().as_str()),
        (Some(4), "+1-619-555-0122", "d@example.com")
    );
    assert_eq!(dana.credentials["medical"].to_string(), "2030-01-01");
    assert_eq!(dana.name, "Dana Sample");
}

#[tokio::test]
async fn somebody_new_is_added_once_and_is_nobody_who_is_there() {
    let desk = Desk::new().await;
    let page = desk.get("/roster/new").await;
    let said = [
        ("name", "Éva Sample"),
        ("email", "eva@example.com"),
        ("rank", "deckhand"),
        ("paper-0", "first_aid"),
        ("until-0", "2027-05-01"),
    ];
    let (status, answer) = desk.fill_in(&page, "/roster/new", &[("name", "Éva Sample"), ("rank", "")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        words(&answer).contains("The rank is missing") && answer.contains("value=\"Éva Sample\""),
        "{answer}"
    );
    for _ in 0..2 {
        let (status, answer) = desk.fill_in(&page, "/roster/new", &said).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    }
    let eva = Value::Object(desk.member("eva-sample").await.to_record());
    assert_eq!(
        eva,
        json!({ "crew_id": "eva-sample", "name": "Éva Sample", "email": "eva@example.com", "rank": "deckhand", "credentials": { "first_aid": "2027-05-01" } })
    );
    // The id is somebody's.
    let (status, answer) =
        desk.fill_in(&page, "/roster/new", &[&said[..], &[("crew_id", "lee")]].concat()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        words(&answer).contains("The id is that of Lee Example, who is on the roster; choose another one."),
        "{answer}"
    );
    assert_eq!(desk.member("lee").await.name, "Lee Example");
    assert_eq!(desk.office.app.roster().await.unwrap().len(), 11);
    // An id may be the name of another page.
    let (status, _) = desk.fill_in(&page, "/roster/new", &[&said[..], &[("crew_id", "days")]].concat()).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(desk.get("/roster").await.contains("href=\"/roster/people/days\""));
    assert!(desk.get("/roster/people/days").await.contains("action=\"/roster/people/days\""));
}

#[tokio::test]
async fn whoever_has_left_is_asked_no_more_until_they_are_back() {
    let desk = Desk::new().await;
    let id = desk.office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    desk.office.run(&id, Command::Start).await.unwrap();
    desk.office.tick().await;
    let text = words(&desk.get("/roster/people/dana").await);
    assert!(text.contains("Sat 27 Jun, 16:00 PDT America ch captain asked, no answer yet"), "{text}");
    assert!(desk.get("/roster/people/dana").await.contains("href=\"/charters/ch\""));
    let (status, _) = desk.post("/roster/people/dana/left", &[("left", "yes")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    desk.office.tick().await;
    let state = desk.office.app.charter(&id).await.unwrap();
    assert_eq!(state.offers[0].state, OfferState::Rescinded);
    let page = desk.get("/roster/people/dana").await;
    assert!(page.contains("has left") && page.contains("is back</button>"), "{page}");
    desk.post("/roster/people/dana/left", &[("left", "no")]).await;
    assert!(!desk.member("dana").await.left);
    let (status, _) = desk.post("/roster/people/dana/left", &[("left", "maybe")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    invariants::hold(&desk.office.app).await;
}
