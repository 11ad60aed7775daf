//! A month of days: every cell is changed in place, and nobody undoes what others wrote.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::{Command, OfferState};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::CrewMember;
use serde_json::{Value, json};

use super::{Desk, words};
use crate::support::faulty::{Fault, Faulty};
use crate::support::invariants;
use crate::support::office::person;

const JUNE: &str = "/roster/days?month=2026-06";
const OF_DECKHANDS: &str = "/roster/days?month=2026-06&amp;rank=deckhand";

impl Desk {
    async fn says(&self, id: &str) -> Value {
        self.member(id).await.to_record()["availability"].clone()
    }
}

/// The name of the field of somebody's day.
pub(super) fn cell(page: &str, id: &str, day: u32) -> String {
    let row = page.split_once(&format!("\" value=\"{id}\"")).unwrap_or_else(|| panic!("no {id} in {page}")).0;
    let row = row.rsplit_once("who.").unwrap().1;
    format!("{row}.{day}")
}

#[tokio::test]
async fn a_month_is_changed_in_place_and_calls_hear_of_it() {
    let desk = Desk::new().await;
    let id = desk.office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    desk.office.run(&id, Command::Start).await.unwrap();
    desk.office.tick().await;
    let page = desk.get(JUNE).await;
    let of = |id: &str, day: u32| cell(&page, id, day);
    let said = [
        (of("dana", 27), "no"),
        (of("dana", 28), " Yes "),
        (of("lee", 20), "maybe"),
        (of("lee", 21), "am"),
        (of("lee", 22), "from 2"),
        (of("lee", 23), "until 17:00"),
        (of("lee", 24), "9-5"),
        (of("lee", 27), ""),
    ];
    let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let (status, answer) = desk.fill_in(&page, JUNE, &said).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert_eq!(desk.says("dana").await, json!({ "2026-06-27": "unavailable", "2026-06-28": "available" }));
    let expected = json!({ "2026-06-20": "maybe", "2026-06-21": "AM only", "2026-06-22": "from 14:00", "2026-06-23": "until 17:00", "2026-06-24": "9-5" });
    assert_eq!(desk.says("lee").await, expected);
    desk.office.tick().await;
    let state = desk.office.app.charter(&id).await.unwrap();
    assert_eq!(state.offers[0].state, OfferState::Rescinded, "dana cannot sail then");
    assert!(desk.get(&format!("{JUNE}&saved=8")).await.contains("Saved: 8 days."));
    // Sent as it is, it changes nothing.
    let before = desk.office.app.roster().await.unwrap();
    let page = desk.get(JUNE).await;
    for value in ["from 14:00", "AM", "9-5", "no"] {
        assert!(page.contains(&format!("value=\"{value}\" list=\"words\"")), "{value} is missing in {page}");
    }
    let (status, _) = desk.fill_in(&page, JUNE, &[]).await;
    assert_eq!((status, desk.office.app.roster().await.unwrap()), (StatusCode::SEE_OTHER, before));
    invariants::hold(&desk.office.app).await;
}

#[tokio::test]
async fn what_others_wrote_meanwhile_stays_and_is_told_cell_by_cell() {
    let desk = Desk::new().await;
    let page = desk.get(JUNE).await;
    desk.put("dana", json!({ "phone": "+1-619-555-0177", "availability": { "2026-06-27": "no", "2026-06-29": "ask Pat" } })).await;
    let [same, other, free] = [27, 29, 30].map(|day| cell(&page, "dana", day));
    let gene = cell(&page, "gene", 30);
    let said =
        [(same.as_str(), "maybe"), (other.as_str(), "yes"), (free.as_str(), "no"), (gene.as_str(), "yes")];
    let (status, answer) = desk.fill_in(&page, JUNE, &said).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    let text = words(&answer);
    for part in [
        "Saved: 2 days.",
        "Dana Example, Sat 27 Jun: somebody else changed this meanwhile, to “no”. That stays; you had written “maybe”.",
        "Dana Example, Mon 29 Jun: somebody else changed this meanwhile, to “ask Pat”. That stays; you had written “yes”.",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let expected = json!({ "2026-06-27": "no", "2026-06-29": "ask Pat", "2026-06-30": "unavailable" });
    assert_eq!(desk.says("dana").await, expected);
    assert_eq!(desk.says("gene").await["2026-06-30"], "available");
    assert_eq!(desk.member("dana").await.phone.unwrap().as_str(), "+1-619-555-0177");
    // Knowing that, it is written once more.
    let (status, _) = desk.fill_in(&answer, JUNE, &[(&other, "yes")]).await;
    assert_eq!(
        (status, desk.says("dana").await["2026-06-29"].clone()),
        (StatusCode::SEE_OTHER, json!("available"))
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_said_by_its_cell_and_nothing_is_taken() {
    let desk = Desk::new().await;
    let before = desk.office.app.roster().await.unwrap();
    let page = desk.get(JUNE).await;
    let [bad, good] = [22, 23].map(|day| cell(&page, "sam", day));
    let (status, answer) = desk.fill_in(&page, JUNE, &[(&bad, "yess"), (&good, "no")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = words(&answer);
    assert!(
        text.contains(
            "Nothing is saved yet. Sam Example, Mon 22 Jun : “yess” says neither yes nor no; write yes, maybe"
        ),
        "{text}"
    );
    assert!(
        answer.contains("href=\"#cell-sam-2026-06-22\"") && answer.contains("id=\"cell-sam-2026-06-22\""),
        "{answer}"
    );
    assert_eq!(desk.office.app.roster().await.unwrap(), before);
    // What was typed is there still, and what the page had been shown with.
    desk.put("sam", json!({ "availability": { "2026-06-23": "maybe" } })).await;
    let (status, answer) = desk.fill_in(&answer, JUNE, &[(&bad, "yes")]).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    assert_eq!(desk.says("sam").await, json!({ "2026-06-22": "available", "2026-06-23": "maybe" }));
    // The return key saves nothing, and loses nothing.
    let page = desk.get(JUNE).await;
    let before = desk.office.app.roster().await.unwrap();
    let (status, answer) = desk.fill_in(&page, JUNE, &[(&good, "no"), ("do", "return-key")]).await;
    assert_eq!((status, desk.office.app.roster().await.unwrap()), (StatusCode::OK, before));
    assert!(answer.contains(&format!("name=\"{good}\" value=\"no\"")), "{answer}");
    for fields in [
        &[][..],
        &[("who.0", "dana")],
        &[("who.0", "a/b"), ("was.0", "{}")],
        &[("who.0", "dana"), ("was.0", "x")],
    ] {
        assert_eq!(desk.post(JUNE, fields).await.0, StatusCode::BAD_REQUEST, "{fields:?}");
    }
    let (status, _) =
        desk.office.request(crate::web::sign_in::get("/roster/days?month=june", &desk.cookie)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn days_with_a_sail_are_locked_and_lead_to_it() {
    let desk = Desk::new().await;
    let id = desk.office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    let page = desk.get(JUNE).await;
    let (day, next) = (cell(&page, "dana", 27), cell(&page, "dana", 28));
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "dana".parse().unwrap(),
        reason: "rang".into(),
    };
    desk.office.run(&id, assign).await.unwrap();
    let (status, answer) = desk.fill_in(&page, JUNE, &[(&day, "no"), (&next, "no")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(words(&answer).contains("Dana Example, Sat 27 Jun: they are aboard a sail by now"), "{answer}");
    assert_eq!(desk.says("dana").await, json!({ "2026-06-27": "available", "2026-06-28": "unavailable" }));
    let page = desk.get(JUNE).await;
    assert!(page.contains("href=\"/charters/ch\">⚓ America</a>"), "{page}");
    assert!(
        !page.contains(&format!("name=\"{day}\"")) && page.contains(&format!("name=\"{next}\"")),
        "{page}"
    );
    // Days that are over are shown and not asked for.
    assert!(!page.contains(&format!("name=\"{}\"", cell(&page, "dana", 19))), "{page}");
}

#[tokio::test]
async fn months_and_ranks_are_a_link_away_and_whoever_has_left_is_not_there() {
    let desk = Desk::new().await;
    desk.put("zoe", json!({ "left": true })).await;
    let page = desk.get("/roster/days").await;
    assert!(
        page.contains("Days, June 2026")
            && page.contains("month=2026-05\"")
            && page.contains("month=2026-07\""),
        "{page}"
    );
    let page = desk.get("/roster/days?month=2026-06&rank=deckhand").await;
    let text = words(&page);
    assert!(
        text.contains("Lee Example") && !text.contains("Dana Example") && !text.contains("Zoe Example"),
        "{text}"
    );
    let lee = cell(&page, "lee", 30);
    let mut fields = super::form::filled(&page, OF_DECKHANDS);
    fields.iter_mut().find(|(name, _)| *name == lee).unwrap().1 = "yes".into();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (status, answer) = desk.post("/roster/days?month=2026-06&rank=deckhand", &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert_eq!(desk.says("lee").await["2026-06-30"], "available");
    assert!(desk.get("/roster/days?month=2026-06&rank=a%0d%0ab").await.contains("Dana Example"));
}

/// A large roster is in pages; each is small enough to send and to take back.
#[tokio::test]
async fn fifty_people_of_a_month_are_no_large_page_and_all_of_it_can_be_changed() {
    let desk = Desk::new().await;
    let crowd: Vec<CrewMember> = (0..60)
        .map(|n| {
            let mut record = person("host", "kim", 100 + n, &[]).to_record();
            record["crew_id"] = format!("somebody-with-a-long-name-{n:02}").into();
            let days = (1..=31).map(|day| (format!("2026-07-{day:02}"), "available".into()));
            record["availability"] = Value::Object(days.collect());
            CrewMember::parse(&record).unwrap()
        })
        .collect();
    desk.office.import(&crowd).await;
    let page = desk.get("/roster/days?month=2026-07").await;
    assert!(page.len() < 320_000, "{} bytes", page.len());
    assert!(page.contains("month=2026-07&amp;page=1\""), "{page}");
    let said: Vec<(String, String)> = super::form::filled(&page, "/roster/days?month=2026-07");
    let said: Vec<(&str, &str)> = said
        .iter()
        .map(|(name, value)| match value.as_str() {
            "yes" => (name.as_str(), "from 14:00"),
            value => (name.as_str(), value),
        })
        .collect();
    let bytes: usize = said.iter().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
    assert!(bytes > limits::REQUEST_BYTES, "{bytes} bytes");
    let (status, answer) = desk.post("/roster/days?month=2026-07", &said).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert_eq!(desk.says("somebody-with-a-long-name-00").await["2026-07-31"], "from 14:00");
}

/// Whatever fails while the days of two people are saved, the page says no less and no more than what is saved.
#[tokio::test]
async fn what_a_failing_store_saved_is_what_the_page_says() {
    let mut said = BTreeSet::new();
    for place in 0.. {
        let store = Arc::new(Faulty::counting(Arc::new(MemoryStore::new())));
        let desk = Desk::on(store.clone()).await;
        let page = desk.get(JUNE).await;
        let (dana, lee) = (cell(&page, "dana", 27), cell(&page, "lee", 27));
        store.strike_after(place, Fault::Before);
        let (status, answer) = desk.fill_in(&page, JUNE, &[(&dana, "no"), (&lee, "no")]).await;
        let has_struck = store.has_struck();
        store.strike_after(usize::MAX, Fault::Before);
        let mut saved = 0;
        for id in ["dana", "lee"] {
            saved += usize::from(desk.says(id).await["2026-06-27"] == "unavailable");
        }
        if !has_struck {
            assert_eq!((status, saved), (StatusCode::SEE_OTHER, 2));
            break;
        }
        let is_told = match saved {
            0 => ["Nothing was saved.", "It is not certain that it was saved."]
                .iter()
                .any(|words| answer.contains(words)),
            1 => answer.contains("Of 2 people 1 are saved"),
            _ => panic!("both are saved, and the page is {status}: {answer}"),
        };
        assert!(status.is_server_error() && is_told, "{place}, {saved}: {answer}");
        said.insert(saved);
    }
    assert_eq!(said.len(), 2, "{said:?}");
}
