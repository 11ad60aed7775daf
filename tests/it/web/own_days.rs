//! The coming days on a person's own page: what is said of them, saved, filled in, and locked.

use axum::http::StatusCode;
use crewcall_dispatch::cascade::{Command, Concern, OfferState};
use crewcall_dispatch::model::CrewMember;
use serde_json::{Value, json};

use super::form::hidden;
use super::own_page::{office, own_link, press, says};
use crate::support::invariants;
use crate::support::office::{Office, person};

/// The form of the days as the page has it, filled in where something is said, and sent.
pub(super) async fn fill(
    office: &Office,
    page: &str,
    said: &[(&str, &str)],
    button: &str,
) -> (StatusCode, String) {
    let mut fields = vec![("token".to_owned(), hidden(page, "token")), ("do".to_owned(), button.to_owned())];
    for row in page.split("<div class=\"day").skip(1) {
        let Some((_, name)) = row.split_once("<select id=\"") else { continue };
        let name = name.split('"').next().unwrap();
        let date = name.trim_start_matches("day-");
        let chosen = row
            .split("<option value=\"")
            .find(|option| option.split('>').next().unwrap().ends_with(" selected"));
        let chosen = chosen.map_or("", |option| option.split('"').next().unwrap());
        let time = row.split_once("type=\"time\" name=\"").unwrap().1.split_once("value=\"").unwrap().1;
        fields.push((format!("was-{date}"), hidden(row, &format!("was-{date}"))));
        fields.push((name.to_owned(), chosen.to_owned()));
        fields.push((format!("time-{date}"), time.split('"').next().unwrap().to_owned()));
    }
    for (name, value) in said {
        let field = fields.iter_mut().find(|(field, _)| field == name);
        field.unwrap_or_else(|| panic!("no {name} in {page}")).1 = (*value).to_owned();
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    press(office, "/crew/me", &fields).await
}

#[tokio::test]
async fn days_are_saved_in_one_go_and_calls_hear_of_it() {
    let office = office().await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let own = own_link(&office, "dana").await;
    let (_, page) = office.get(&own).await;
    let said = [
        ("day-2026-06-21", "yes"),
        ("day-2026-06-22", "no"),
        ("day-2026-06-23", "maybe"),
        ("day-2026-06-24", "am"),
        ("day-2026-06-25", "from"),
        ("time-2026-06-25", "14:00"),
        ("day-2026-06-27", "no"),
    ];
    let (status, page) = fill(&office, &page, &said, "save").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("Saved: Sun 21 Jun, Mon 22 Jun, Tue 23 Jun, Wed 24 Jun, Thu 25 Jun, Sat 27 Jun."),
        "{page}"
    );
    let expected = json!({ "2026-06-21": "available", "2026-06-22": "unavailable", "2026-06-23": "maybe",
        "2026-06-24": "AM only", "2026-06-25": "from 14:00", "2026-06-27": "unavailable" });
    assert_eq!(says(&office, "dana").await, expected);
    office.tick().await;
    let state = office.app.charter(&id).await.unwrap();
    assert_eq!(state.offers[0].state, OfferState::Rescinded, "by their own word they cannot sail then");
    assert_eq!(state.offers[1].crew_id.as_str(), "gene");
    // Sent again the same form changes nothing; and a day can be said nothing of again.
    let before = office.app.roster().await.unwrap();
    let (_, page) = fill(&office, &page, &[], "save").await;
    assert!(page.contains("Nothing had to be changed."), "{page}");
    assert_eq!(office.app.roster().await.unwrap(), before);
    fill(&office, &page, &[("day-2026-06-22", "")], "save").await;
    assert_eq!(says(&office, "dana").await["2026-06-22"], Value::Null);
    invariants::hold(&office.app).await;
}

#[tokio::test]
async fn what_others_write_meanwhile_stays_unless_it_is_said_otherwise_and_both_are_told() {
    let office = office().await;
    let own = own_link(&office, "dana").await;
    let (_, page) = office.get(&own).await;
    let mut record = person("captain", "dana", 1, &["lee", "sam"]).to_record();
    record["phone"] = "+1-619-555-0177".into();
    record["availability"] =
        json!({ "2026-06-27": "available", "2026-06-28": "ask Pat", "2026-06-29": "no" });
    office.import(&[CrewMember::parse(&record).unwrap()]).await;
    let (_, page) =
        fill(&office, &page, &[("day-2026-06-29", "yes"), ("day-2026-06-30", "no")], "save").await;
    assert!(
        page.contains("somebody else had changed: Mon 29 Jun to “no”. It says now what you said."),
        "{page}"
    );
    assert!(page.contains("somebody else changed Sun 28 Jun. You had not touched that"), "{page}");
    let expected = json!({ "2026-06-27": "available", "2026-06-28": "ask Pat", "2026-06-29": "available", "2026-06-30": "unavailable" });
    assert_eq!(says(&office, "dana").await, expected);
    let member = office.app.member(&"dana".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(member.phone.unwrap().as_str(), "+1-619-555-0177");
    assert!(page.contains(">“ask Pat”</option>"), "words of one's own can be kept: {page}");
}

#[tokio::test]
async fn filling_in_saves_nothing_and_loses_nothing_that_was_chosen() {
    let office = office().await;
    let own = own_link(&office, "dana").await;
    let (_, page) = office.get(&own).await;
    let before = office.app.roster().await.unwrap();
    let chosen = [("day-2026-06-22", "until"), ("time-2026-06-22", "15:30"), ("day-2026-06-23", "from")];
    let (status, page) = fill(&office, &page, &chosen, "weekends").await;
    assert_eq!(status, StatusCode::OK);
    // Saturday the 20th to Sunday the 12th of July.
    assert!(page.contains("Filled in: 8 days. Nothing is saved yet: look, and press Save."), "{page}");
    // The return key in a field saves nothing either.
    let (status, page) = fill(&office, &page, &[], "return-key").await;
    assert!(status == StatusCode::OK && !page.contains("Saved") && !page.contains("Filled in"), "{page}");
    let (_, page) = fill(&office, &page, &[], "same_week").await;
    assert!(page.contains("Filled in: 6 days."), "{page}");
    assert!(page.contains("name=\"time-2026-07-13\" value=\"15:30\""), "{page}");
    assert_eq!(office.app.roster().await.unwrap(), before);
    // An hour is missing: nothing of it is saved, and all of it is still there.
    let (status, page) = fill(&office, &page, &[], "save").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Tue 23 Jun: from which hour? Give it as 14:00"), "{page}");
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 4, "{page}");
    assert_eq!(office.app.roster().await.unwrap(), before);
    let tuesdays =
        ["2026-06-23", "2026-06-30", "2026-07-07", "2026-07-14"].map(|date| format!("time-{date}"));
    let hours: Vec<(&str, &str)> = tuesdays.iter().map(|name| (name.as_str(), "09:00")).collect();
    let (status, page) = fill(&office, &page, &hours, "save").await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let says = says(&office, "dana").await;
    let of = |date: &str| says[date].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        ["2026-06-22", "2026-06-23", "2026-06-27", "2026-07-12", "2026-07-13"].map(of),
        ["until 15:30", "from 09:00", "unavailable", "unavailable", "until 15:30"]
    );
    assert_eq!(of("2026-07-18"), "", "it was beyond the four weeks");
}

/// The office has somebody aboard whose day is off by the record: it is told, and the person stays.
#[tokio::test]
async fn a_day_of_which_the_evening_is_booked_elsewhere_is_locked_as_a_whole() {
    let office = office().await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    let own = own_link(&office, "dana").await;
    let (_, page) = office.get(&own).await;
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "dana".parse().unwrap(),
        reason: "rang".into(),
    };
    office.run(&id, assign).await.unwrap();
    let (_, page) = fill(&office, &page, &[("day-2026-06-27", "no"), ("day-2026-06-28", "no")], "save").await;
    assert!(
        page.contains("Saved: Sun 28 Jun.") && page.contains("You are aboard a sail on Sat 27 Jun"),
        "{page}"
    );
    assert_eq!(
        says(&office, "dana").await,
        json!({ "2026-06-27": "available", "2026-06-28": "unavailable" })
    );
    let state = office.app.charter(&id).await.unwrap();
    let operator = &office.app.operator;
    let concerns = state.concerns(&operator.zone, &operator.policy, office.time.now());
    assert!(!concerns.iter().any(|concern| matches!(concern, Concern::Conflict(_))));
}
