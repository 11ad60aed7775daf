//! Every change of clocks in the operator's zone from 2024 to 2040: no offer lapses early, and no sail shows
//! a wrong local time.

use std::sync::Arc;

use crewcall::store::MemoryStore;
use crewcall::times;
use crewcall_dispatch::cascade::{Command, OfferState};
use crewcall_dispatch::model::CrewMember;
use crewcall_dispatch::policy::QuietHours;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::json;

use crate::support::office::{Office, booking, operator};

/// The moments at which the clocks change, two a year.
fn transitions(zone: &TimeZone) -> Vec<Timestamp> {
    let (from, until): (Timestamp, Timestamp) =
        ("2024-01-01T00:00:00Z".parse().unwrap(), "2041-01-01T00:00:00Z".parse().unwrap());
    let all: Vec<Timestamp> =
        zone.following(from).map(|change| change.timestamp()).take_while(|at| *at < until).collect();
    assert_eq!(all.len(), 2 * 17);
    all
}

fn half_hours() -> impl Iterator<Item = SignedDuration> {
    (-12..=12).map(|n| SignedDuration::from_mins(30 * n))
}

/// What people read, read by somebody who knows only that PST is eight hours behind and PDT seven.
fn read(text: &str) -> Timestamp {
    let (local, zone) = text.rsplit_once(' ').unwrap();
    let offset = match zone {
        "PST" => "-08:00",
        "PDT" => "-07:00",
        other => panic!("{other} is no zone of this coast"),
    };
    let local = jiff::civil::DateTime::strptime("%a %d %b %Y, %H:%M", local).unwrap();
    format!("{local}{offset}").parse().unwrap()
}

#[test]
fn no_sail_shows_a_wrong_local_time() {
    let zone = operator().zone;
    let mut shown = 0;
    for change in transitions(&zone) {
        for away in half_hours() {
            let departs_at = change + away;
            // As a booking system sends it, with the offset of the day or in UTC.
            let mut sail = booking("ch", (16, 19), &[("captain", 1)]);
            sail.departs_at = departs_at.to_string();
            sail.call_time = (departs_at - 45.minutes())
                .to_zoned(zone.clone())
                .strftime("%Y-%m-%dT%H:%M:%S%:z")
                .to_string();
            sail.returns_at = (departs_at + 3.hours()).to_string();
            let charter = sail.check(&zone).unwrap();
            for at in [charter.call_time, charter.departs_at, charter.returns_at] {
                assert_eq!(read(&times::full(at, &zone)), at);
                shown += 1;
            }
            // The day that the sail takes begins at the call time, by the clocks there.
            let day = charter.days(&zone)[0];
            let clock = times::clock(charter.call_time, &zone);
            assert_eq!(day.from.strftime("%H:%M").to_string(), clock[..5], "{departs_at}");
        }
    }
    println!("{shown} times were read");
}

fn captain(id: &str, sails_on: &str) -> CrewMember {
    let record = json!({ "crew_id": id, "name": id, "rank": "captain", "cascade_order": 1,
        "email": format!("{id}@example.com"), "availability": { sails_on: "available" } });
    CrewMember::parse(record.as_object().unwrap()).unwrap()
}

#[tokio::test]
async fn no_offer_lapses_early() {
    let operator = operator();
    let mut lapsed = 0;
    for change in transitions(&operator.zone) {
        for away in half_hours() {
            let asked_at = change + away;
            let departs_at = asked_at + SignedDuration::from_hours(10 * 24);
            let office = Office::on(Arc::new(MemoryStore::new()), asked_at);
            let date = operator.zone.to_datetime(departs_at - 45.minutes()).date().to_string();
            let last = operator.zone.to_datetime(departs_at + 3.hours()).date().to_string();
            let mut dana = captain("dana", &date).to_record();
            dana["availability"][&last] = "available".into();
            office.import(&[CrewMember::parse(&dana).unwrap()]).await;
            let mut sail = booking("ch", (16, 19), &[("captain", 1)]);
            sail.departs_at = departs_at.to_string();
            sail.call_time = (departs_at - 45.minutes()).to_string();
            sail.returns_at = (departs_at + 3.hours()).to_string();
            let charter = sail.check(&operator.zone).unwrap();
            let caller = crate::support::office::caller();
            let id = office.app.book(charter, &caller).await.unwrap().charter.charter_id;
            office.run(&id, Command::Start).await.unwrap();
            office.tick().await;
            let open = office.app.charter(&id).await.unwrap().offers[0].clone();
            let closes_at = open.closes_at.unwrap();
            assert_eq!(
                closes_at.duration_since(asked_at),
                SignedDuration::from_mins(122),
                "asked at {asked_at}"
            );
            for (at, state) in [
                (closes_at - SignedDuration::from_millis(1), OfferState::Sent),
                (closes_at, OfferState::Expired),
            ] {
                let then = Office::on(office.app.store.clone(), at);
                then.app.beat_through().await.unwrap();
                let now = then.run(&id, Command::Settle).await.unwrap();
                assert_eq!(now.offers[0].state, state, "asked at {asked_at}, at {at}");
            }
            lapsed += 1;
        }
    }
    println!("{lapsed} offers lapsed in their time");
}

/// At night the clock stands still; what is left in the morning is what was left in the evening.
#[test]
fn a_night_in_which_the_clocks_change_takes_nothing_from_anyone() {
    let zone = operator().zone;
    let quiet: QuietHours = "22:00-07:00".parse().unwrap();
    let window = SignedDuration::from_hours(2);
    for change in transitions(&zone) {
        for away in half_hours() {
            let from = change + away;
            let reply_by = quiet.after_awake(from, window, &zone);
            assert_eq!(quiet.awake_between(from, reply_by, &zone), window, "from {from}");
            let clock = zone.to_datetime(reply_by).time();
            let (evening, morning) = (jiff::civil::time(22, 0, 0, 0), jiff::civil::time(7, 0, 0, 0));
            assert!(morning < clock && clock <= evening, "reply by {clock}");
        }
    }
}
