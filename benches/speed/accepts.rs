//! Captains press Accept, all at once.
//!
//! 64 clients, each press with a link of its own, on the real router over a SQLite file. Beside it,
//! in turns: the very commits of these accepts, in the same order, without the program around them;
//! the same number of grouped commits of one small row, which is the strictest measure; and a
//! handler that answers the same page to the same clients without a store. The order matters:
//! neighbours share pages of the file, and captains do not answer in the order of the charters. The
//! dispatcher does not run: mails of filled calls stay in the outbox.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::response::Html;
use axum::routing::post;
use axum::{Form, Router};
use crewcall::app::{App, Caller};
use crewcall::sheet::Mode;
use crewcall::store::{SqliteStore, Store};
use crewcall::web::{self, Web, router};
use crewcall_dispatch::cascade::{Actor, Command};
use jiff::ToSpan;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::replay::{Recording, commit_all, size, small_commits};
use crate::report::Report;
use crate::sails::{self, Sail};
use crate::stats::{Crowd, median_run, rate};
use crate::{cpu, disk, http, stats};

const CLIENTS: usize = 64;
const ROUNDS: usize = 5;
/// Accepts in one round.
const ACCEPTS: usize = CLIENTS * 64;

pub(crate) fn run(report: &mut Report) {
    let runtime = Runtime::new().expect("a runtime");
    let directory = disk::directory();
    let syncs_before = disk::syncs(directory.path());
    let open = |name: &str| -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(directory.path().join(name)).expect("a store"))
    };
    let operator = sails::operator();
    let rounds: Vec<Vec<Sail>> = (0..=ROUNDS)
        .map(|round| (round * ACCEPTS..(round + 1) * ACCEPTS).map(|n| Sail::new(&operator, n)).collect())
        .collect();
    let recording = Arc::<Recording>::default();
    let (stores, small) = ([open("accepts.db"), open("replay.db")], open("small.db"));
    runtime.block_on(async {
        for sails in &rounds {
            sails::fill(&*recording, sails).await;
            for store in &stores {
                sails::fill(&**store, sails).await;
            }
        }
    });
    recording.take();

    let now = sails::asked_at() + 5.minutes();
    let pages = router(Web::new(sails::app(stores[0].clone(), now), Mode::Off), Router::new());
    let (server, bare) = runtime.block_on(async { (serve(pages).await, serve(bare()).await) });
    let remembering = sails::app(recording.clone(), now);

    let (mut smalls, mut alikes, mut bares, mut accepts) = (vec![], vec![], vec![], vec![]);
    let (mut written, mut accept_cpu, mut bare_cpu) = ((0, 0), vec![], vec![]);
    for (round, sails) in rounds.iter().enumerate() {
        let sails = &shuffled(sails);
        runtime.block_on(accept_all(&remembering, sails));
        let alike = recording.take();
        written = size(&alike);
        let forms: Vec<String> =
            sails.iter().map(|sail| format!("token={}&answer=accept", sail.token)).collect();
        let new = small_commits(&format!("round-{round}"), ACCEPTS);
        let one_small = runtime.block_on(commit_all(small.clone(), new, CLIENTS));
        let one_alike = runtime.block_on(commit_all(stores[1].clone(), alike, CLIENTS));
        let post = |to, forms| cpu::measured(|| http::post_all(to, forms, CLIENTS, "<h1>You're on</h1>"));
        let (one_accept, cpu_of_accepts) = post(server, forms.clone());
        let (one_bare, cpu_of_bares) = post(bare, forms);
        // The first round fills the caches.
        if round > 0 {
            smalls.push(one_small);
            alikes.push(one_alike);
            accepts.push(one_accept);
            bares.push(one_bare);
            accept_cpu.push(cpu_of_accepts);
            bare_cpu.push(cpu_of_bares);
        }
    }
    let syncs_after = disk::syncs(directory.path());
    let [smalls, alikes, bares, accepts] = [smalls, alikes, bares, accepts].map(median_run);
    tell(report, written, &smalls, &alikes, &bares, &accepts);
    let each = |used: &[[Duration; 2]], of: usize| {
        stats::median(used.iter().map(|used| used[of]).collect()) / ACCEPTS as u32
    };
    let (pages, writer, bare) = (each(&accept_cpu, 0), each(&accept_cpu, 1), each(&bare_cpu, 0));
    report.line("processor time of one accept, without the client", stats::time(pages + writer)).beside(
        format!("a handler without a store: {}", stats::time(bare)),
        (pages + writer).div_duration_f64(bare),
    );
    report.line("… of which the thread that writes", stats::time(writer));
    report
        .line("the disk: single synced pages, before", rate(syncs_before))
        .beside(format!("after: {}", rate(syncs_after)), syncs_before / syncs_after);
}

fn tell(
    report: &mut Report,
    written: (usize, usize),
    small: &Crowd,
    alike: &Crowd,
    bare: &Crowd,
    accepts: &Crowd,
) {
    let share = accepts.rate / small.rate;
    report
        .line("accepts over HTTP, 64 clients", rate(accepts.rate))
        .beside(format!("grouped commits of one small row: {}", rate(small.rate)), share)
        .aim("at least 60 %", share >= 0.6);
    let (rows, bytes) = written;
    let share = accepts.rate / alike.rate;
    report
        .line("", "")
        .beside(
            format!("grouped commits of an accept's {rows} rows, {bytes} bytes: {}", rate(alike.rate)),
            share,
        )
        .aim("at least 60 %", share >= 0.6);
    report
        .line("", "")
        .beside(format!("a handler without a store: {}", rate(bare.rate)), accepts.rate / bare.rate);
    let longer = accepts.p99.as_secs_f64() / small.p99.as_secs_f64();
    report
        .line("one accept", accepts.percentiles())
        .beside(format!("commits of one small row: {}", small.percentiles()), longer)
        .aim("p99 within twice theirs", longer <= 2.0);
    let longer = accepts.p99.as_secs_f64() / alike.p99.as_secs_f64();
    report
        .line("", "")
        .beside(format!("commits of an accept's rows: {}", alike.percentiles()), longer)
        .aim("p99 within twice theirs", longer <= 2.0);
}

/// Captains do not answer in the order in which they were asked. The same order in every run.
fn shuffled(sails: &[Sail]) -> Vec<&Sail> {
    const STRIDE: usize = 2_897;
    const { assert!(ACCEPTS.is_multiple_of(2) && !STRIDE.is_multiple_of(2), "else some would come twice") };
    (0..sails.len()).map(|n| &sails[n * STRIDE % sails.len()]).collect()
}

pub(crate) async fn serve(pages: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(web::serve(listener, pages, std::future::pending()));
    address
}

/// Reads the form and answers a page of the same size.
fn bare() -> Router {
    async fn answer(Form(form): Form<Vec<(String, String)>>) -> Html<String> {
        let page = "<p>Shelter Island, pier 3</p>".repeat(60);
        Html(format!("<h1>You're on</h1><p>{}</p>{page}", form.len()))
    }
    Router::new().route("/crew/accept", post(answer))
}

/// The same accepts without pages, to see what they write.
pub(crate) async fn accept_all(app: &Arc<App>, sails: &[&Sail]) {
    let mut tasks = JoinSet::new();
    for sail in sails {
        let (app, id, captain) = (app.clone(), sail.id.clone(), sail.captain.clone());
        tasks.spawn(async move {
            let caller = Caller::new(Actor::Crew(captain), "link jada_crew_0123456789abcdef");
            app.run(&id, &Command::Accept(Sail::OFFER), &caller).await.expect("an accept");
        });
    }
    tasks.join_all().await;
}
