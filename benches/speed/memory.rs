//! What the real `crewcall serve` keeps in memory: 200 crew, 500 charters, nothing to do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crewcall::app::{Caller, Given};
use crewcall::config::Config;
use crewcall_dispatch::cascade::Actor;
use crewcall_dispatch::model::Booking;
use jiff::ToSpan;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::report::Report;
use crate::{disk, sails};

const CREW: usize = 200;
const CHARTERS: usize = 500;
const AIM_KIB: u64 = 15 * 1024;
/// Pages asked for after the idle look.
const PAGES: usize = 500;

pub(crate) fn run(report: &mut Report) {
    let home = disk::directory();
    let listen = free_address();
    write_settings(home.path(), listen);
    Runtime::new().expect("a runtime").block_on(fill(home.path()));
    let mut serving = Serving::start(home.path());
    std::thread::sleep(Duration::from_secs(2));
    let (idle, _) = serving.memory();
    report
        .line("crewcall serve, idle, 200 crew, 500 charters", mebibytes(idle))
        .beside("15 MiB", idle as f64 / AIM_KIB as f64)
        .aim("at most 15 MiB", idle <= AIM_KIB);
    for page in 0..PAGES {
        // Each by a link of its own: one that is opened without end costs nothing.
        get(listen, &format!("/crew/accept?token=jada_crew_0123456789abcdef.{page}"));
    }
    let board = serving.signed_in_get(listen);
    assert!(board.contains("charter_499"), "the board shows every charter: {board}");
    let (after, peak) = serving.memory();
    let what = format!("… after {PAGES} pages and a board of all charters");
    report
        .line(what, mebibytes(after))
        .beside(format!("at its peak {}", mebibytes(peak)), after as f64 / peak as f64);
}

fn mebibytes(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port")
}

fn write_settings(home: &Path, listen: SocketAddr) {
    let settings = format!(
        "[operator]\nname = \"Harbor Sails\"\ntime_zone = \"America/Los_Angeles\"\nlink_prefix = \"jada\"\n\
         [server]\nlisten = \"{listen}\"\npublic_url = \"http://{listen}\"\n\
         [mail]\ntransport = \"file\"\nfrom = \"Harbor Sails <crew@example.com>\"\noffice = \"office@example.com\"\n"
    );
    std::fs::write(home.join("crewcall.toml"), settings).expect("a file");
}

async fn fill(home: &Path) {
    let config = Config::load(&home.join("crewcall.toml")).expect("settings");
    let app = config.open_app().await.expect("a store");
    let today = app.operator.zone.to_datetime(app.clock.now()).date();
    let people: Vec<_> = (0..CREW)
        .map(|n| {
            let rank = ["captain", "mate", "deckhand", "host"][n % 4];
            sails::member(rank, &format!("{rank}-{n}"), n as u32, |day| {
                (day < 60).then(|| (today + day.days()).to_string())
            })
        })
        .collect();
    let people: Vec<Given> = people.iter().map(Given::from).collect();
    let changes = app.compare_roster(people).await.expect("a roster").expect("right people");
    app.write_roster(&changes).await.expect("a roster");
    let caller = Caller::new(Actor::Office("Pat".into()), "bench");
    for n in 0..CHARTERS {
        let day = today + (1 + n as i32 / 10).days();
        let booking: Booking = serde_json::from_value(json!({
            "charter_id": format!("charter_{n}"), "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
            "departs_at": format!("{day}T16:00"), "returns_at": format!("{day}T19:00"),
            "call_time": format!("{day}T15:15"), "gross_revenue": "1450.00",
            "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }],
        }))
        .expect("a charter");
        let charter = booking.check(&app.operator.zone).expect("a right charter");
        app.book(charter, &caller).await.expect("a booking");
    }
}

/// The program, ended when this is dropped.
struct Serving {
    child: Child,
    setup_link: String,
}

impl Serving {
    fn start(home: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crewcall"));
        let command = command.arg("serve").current_dir(home).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("a program that starts");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        let link = said.lines().map_while(Result::ok).find_map(|line| {
            Some(line.split_once("http")?.1.to_owned()).filter(|link| link.contains("/setup?"))
        });
        Self { child, setup_link: link.expect("a link for signing in") }
    }

    /// Resident memory now and at its peak, in KiB.
    fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("/proc");
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).expect("a field of memory");
            line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
        };
        (field("VmRSS:"), field("VmHWM:"))
    }

    /// The board, as the office sees it.
    fn signed_in_get(&mut self, server: SocketAddr) -> String {
        let token = self.setup_link.split_once("token=").expect("a token").1.trim();
        let form = format!("token={token}&name=Pat");
        let answer = ask(
            server,
            &format!(
                "POST /setup HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nConnection: close\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
                form.len()
            ),
        );
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        let cookie = cookie.split(';').next().unwrap_or_default();
        ask(
            server,
            &format!("GET / HTTP/1.1\r\nHost: {server}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"),
        )
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks for a page, on a connection of its own.
pub(crate) fn get(server: SocketAddr, path: &str) -> String {
    ask(server, &format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n"))
}

fn ask(server: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(server).expect("a connection");
    stream.write_all(request.as_bytes()).expect("a request sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}
