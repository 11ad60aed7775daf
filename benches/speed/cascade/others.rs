//! What one step costs through the whole program, on a SQLite file, when there are few other charters and when there
//! are many. It must not matter how many there are. Those at the same time want the same people, and who comes next
//! then takes a longer look.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crewcall::app::{App, Caller, Given};
use crewcall::store::{COMMIT_ITEMS, Expect, SqliteStore, Store, Write};
use crewcall_dispatch::cascade::{self, Actor, Command, OfferNo};
use crewcall_dispatch::model::{Charter, CharterId};
use jiff::SignedDuration;
use tokio::runtime::Runtime;

use super::season;
use super::world::World;
use crate::report::Report;
use crate::{disk, sails, stats};

const PEOPLE: usize = 5_000;
/// Charters that are measured, beside the others.
const MEASURED: usize = 40;
const FEW: usize = 20;
const MANY: usize = 2_000;

/// Those that are measured leave at eight, and are back long before these leave.
const EVENING: i64 = 16;

/// What it is called, and where its time stands.
type Step = (&'static str, fn(&Times) -> Duration);

/// What each step of one charter took.
struct Times {
    plan: Duration,
    start: Duration,
    accept: Duration,
}

pub(super) fn run(report: &mut Report) {
    let runtime = Runtime::new().expect("a runtime");
    let directory = disk::directory();
    let office = |name: &str, others: usize, hour: Option<i64>| {
        let store = SqliteStore::open(directory.path().join(name)).expect("a store");
        runtime.block_on(office(Arc::new(store), others, hour))
    };
    let offices = [
        office("few", FEW, Some(EVENING)),
        office("many", MANY, Some(EVENING)),
        office("at once", MANY, None),
    ];
    // In turns, because a machine is not as fast at one time as at another.
    let mut measured = [const { Vec::new() }; 3];
    for charter in &offices[0].charters {
        for (office, measured) in offices.iter().zip(&mut measured) {
            measured.push(runtime.block_on(times(&office.app, &charter.charter_id)));
        }
    }
    let steps: [Step; 3] = [
        ("a plan", |times| times.plan),
        ("the start of a call", |times| times.start),
        ("an accept", |times| times.accept),
    ];
    for (what, of) in steps {
        let [few, many, at_once] =
            measured.each_ref().map(|times| stats::median(times.iter().map(of).collect()));
        let ratio = many.div_duration_f64(few);
        let beside = format!("among 20: {}", stats::time(few));
        report
            .line(format!("{what}, roster of 5,000, among 2,000 open charters"), stats::time(many))
            .beside(beside.clone(), ratio)
            .aim("no more", ratio < 1.25);
        report
            .line("… of which 20 a day, over all hours, want the same people", stats::time(at_once))
            .beside(beside, at_once.div_duration_f64(few));
    }
}

/// An office with so many open charters, and those that are measured.
struct Office {
    app: Arc<App>,
    charters: Vec<Charter>,
}

/// The others leave at that hour, or at any.
async fn office(store: Arc<dyn Store>, others: usize, hour: Option<i64>) -> Office {
    let app = sails::app(store, sails::asked_at());
    let world = World::new(&app.operator, PEOPLE, others + MEASURED);
    let people: Vec<Given> = world.roster.iter().map(Given::from).collect();
    let changes = app.compare_roster(people).await.expect("a roster").expect("right people");
    app.write_roster(&changes).await.expect("a roster");
    // The first ones are measured: they are the same, whatever there is beside them.
    let (measured, open) = world.charters.split_at(MEASURED);
    for charter in measured {
        app.book(charter.clone(), &caller()).await.expect("a booking");
    }
    let open: Vec<Charter> = open.iter().map(|charter| leaving(charter, hour, &app)).collect();
    begin(&app, &world, &open).await;
    Office { app, charters: measured.to_vec() }
}

/// The same charter at that hour of its day.
fn leaving(charter: &Charter, hour: Option<i64>, app: &App) -> Charter {
    let mut charter = charter.clone();
    let now = i64::from(app.operator.zone.to_datetime(charter.departs_at).hour());
    let by = SignedDuration::from_hours(hour.map_or(0, |hour| hour - now));
    for time in [&mut charter.call_time, &mut charter.departs_at, &mut charter.returns_at] {
        *time += by;
    }
    charter
}

fn caller() -> Caller {
    Caller::new(Actor::Office("Pat".into()), "bench")
}

async fn times(app: &App, id: &CharterId) -> Times {
    let begun = Instant::now();
    app.plan(id, &caller()).await.expect("a plan");
    let plan = begun.elapsed();
    let begun = Instant::now();
    app.run(id, &Command::Start, &caller()).await.expect("a start");
    let start = begun.elapsed();
    Times { plan, start, accept: accept(app, id).await }
}

/// Puts charters into the store whose calls have begun, as the rules leave them.
async fn begin(app: &App, world: &World, open: &[Charter]) {
    let mut people = season::everyone(&world.roster);
    let context = sails::context(&app.operator, Actor::Office("Pat".into()), sails::asked_at());
    let put = |write: Result<Write, _>| write.expect("a row");
    let (mut rows, mut bound) = (Vec::new(), BTreeMap::new());
    for charter in open {
        let booked = cascade::book(charter.clone(), &context).expect("a booking").state;
        let begun = cascade::decide(&booked, &people, &Command::Start, &context).expect("a start");
        rows.push(put(Write::put(&begun.state, Expect::Absent)));
        rows.extend(begun.new_links.iter().map(|link| put(Write::put(link, Expect::Absent))));
        for commitments in begun.commitments {
            people.insert_commitments(commitments.clone());
            bound.insert(commitments.crew_id.clone(), commitments);
        }
    }
    rows.extend(bound.values().map(|commitments| put(Write::put(commitments, Expect::Absent))));
    for some in rows.chunks(COMMIT_ITEMS) {
        app.store.commit(some.to_vec()).await.expect("a commit");
    }
}

async fn accept(app: &App, id: &CharterId) -> Duration {
    let state = app.charter(id).await.expect("a charter");
    let offer = OfferNo(1);
    let crew = Caller::new(Actor::Crew(state.offer(offer).expect("an offer").crew_id.clone()), "link");
    let begun = Instant::now();
    app.run(id, &Command::Accept(offer), &crew).await.expect("an accept");
    begun.elapsed()
}
