//! An operator's directory: settings, people, charters, and a mail server beside it.

use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};

use crewcall::app::App;
use crewcall::config::Config;
use crewcall_dispatch::cascade::{CallStatus, CharterState};
use serde_json::{Value, json};

use super::mailroom::Mailroom;
use super::server::Server;
use crate::home::Home;

pub(super) struct Harbor {
    pub(super) home: Home,
    pub(super) mail: Arc<Mailroom>,
    pub(super) port: u16,
}

impl Harbor {
    /// With settings and nothing else: the store is not there yet. `policy` is the section of that name.
    pub(super) fn new(policy: &str) -> Self {
        Self::with_mail(policy, Mailroom::start(&[]))
    }

    /// With a mail server of its own kind.
    pub(super) fn with_mail(policy: &str, mail: Mailroom) -> Self {
        let home = Home::empty();
        let (port, smtp) = (free_port(), mail.port());
        home.write(
            "crewcall.toml",
            format!(
                r#"[operator]
name = "Harbor Sails"
time_zone = "America/Los_Angeles"
link_prefix = "jada"
[server]
listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"
[mail]
transport = "smtp"
from = "Harbor Sails <crew@example.com>"
office = "office@example.com"
per_minute = 6000
[mail.smtp]
host = "127.0.0.1"
port = {smtp}
tls = "none"
[policy]
{policy}
"#
            ),
        );
        Self { home, mail: Arc::new(mail), port }
    }

    /// The same on tables in DynamoDB, which are made, and with them the link key.
    #[cfg(feature = "aws")]
    pub(super) fn on_dynamodb(policy: &str, mail: Mailroom, endpoint: &str) -> Self {
        let harbor = Self::with_mail(policy, mail);
        let settings = std::fs::read_to_string(harbor.home.path().join("crewcall.toml")).unwrap();
        harbor.home.write(
            "crewcall.toml",
            format!("{settings}[store]\nkind = \"dynamodb\"\ntable_prefix = \"harbor-\"\n"),
        );
        harbor.home.has_aws_at(endpoint);
        let made = harbor.home.run(&["store", "setup", "--json"]).json();
        assert_eq!(made["made"].as_array().unwrap().len(), 4);
        harbor
    }

    /// Brings in everyone in [`people`].
    pub(super) fn import(&self) {
        self.home.write("roster.json", people().to_string());
        self.home.run(&["roster", "import", "roster.json"]).done();
    }

    /// Books a charter of a captain and two deckhands.
    pub(super) fn book(&self, id: &str, day: u32, hour: u32) {
        self.home.feed(&["charter", "add"], charter(id, day, hour).to_string()).done();
    }

    pub(super) fn start_call(&self, id: &str) {
        self.home.run(&["call", "start", id]).done();
    }

    /// Where its server listens.
    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Its server, listening and ready.
    pub(super) fn serve(&self) -> Server {
        let mut server = self.spawn();
        server.wait_until_ready();
        server
    }

    /// Its server, which may not listen yet.
    pub(super) fn spawn(&self) -> Server {
        Server::spawn(self.home.path(), self.port)
    }

    /// The store, opened by this process as one more beside the others.
    pub(super) fn app(&self) -> Arc<App> {
        let config = Config::load(&self.home.path().join("crewcall.toml")).unwrap();
        // Some callers are within a runtime and some are not; to open a file waits for nothing.
        let mut opening = pin!(config.open_app());
        match opening.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(app) => app.unwrap(),
            Poll::Pending => panic!("opening a file waits"),
        }
    }
}

/// The store of a harbor on DynamoDB, opened by this process as one more.
#[cfg(feature = "aws")]
pub(super) fn app_on_dynamodb(harbor: &Harbor, endpoint: &str) -> Arc<App> {
    use crewcall::clock::SystemClock;
    use crewcall::config::StoreConfig;
    use crewcall::store::DynamoStore;
    use crewcall_dispatch::link::LinkKey;

    let config = Config::load(&harbor.home.path().join("crewcall.toml")).unwrap();
    let StoreConfig::DynamoDb(names) = &config.store else { panic!("{:?}", config.store) };
    let store = DynamoStore::new(&crate::dynamodb::settings(endpoint), names.clone());
    let key = std::fs::read_to_string(harbor.home.path().join("crewcall.db.key")).unwrap();
    let key = data_encoding::HEXLOWER.decode(key.trim().as_bytes()).unwrap().try_into().unwrap();
    let operator = config.operator(LinkKey::new(key, &config.link_prefix));
    Arc::new(App::new(Arc::new(store), Arc::new(SystemClock), operator))
}

/// Whether nobody is being asked any more.
pub(super) fn is_over(state: &CharterState) -> bool {
    matches!(state.status(), CallStatus::Filled | CallStatus::Exhausted)
}

/// A port that no outgoing connection gets by chance: below those that systems hand out by themselves.
pub(super) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id().wrapping_mul(37) + NEXT.fetch_add(1, Ordering::Relaxed) * 131;
        let port = 20_000 + u16::try_from(number % 12_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Four captains and seven deckhands; Dana sails with Lee and Sam, Gene with Sam and Zoe.
pub(super) fn people() -> Value {
    let captains =
        [("dana", &["lee", "sam"][..]), ("gene", &["sam", "zoe"]), ("maya", &[]), ("ines", &["kai"])];
    let deckhands = ["lee", "sam", "zoe", "kai", "ruth", "tom", "bo"];
    let person = |rank: &str, order: usize, name: &str, paired: &[&str]| {
        json!({
            "crew_id": name, "name": format!("{}{} Example", name[..1].to_uppercase(), &name[1..]),
            "rank": rank, "cascade_order": order, "email": format!("{name}@example.com"),
            "phone": "+1-619-555-0100", "paired_crew": paired,
            "availability": { "2099-06-27": "available", "2099-06-28": "available", "2099-06-29": "available" },
        })
    };
    let captains =
        captains.iter().enumerate().map(|(n, (name, paired))| person("captain", n + 1, name, paired));
    let deckhands = deckhands.iter().enumerate().map(|(n, name)| person("deckhand", n + 1, name, &[]));
    captains.chain(deckhands).collect()
}

fn charter(id: &str, day: u32, hour: u32) -> Value {
    json!({
        "charter_id": id, "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
        "departs_at": format!("2099-06-{day:02}T{hour:02}:00"),
        "returns_at": format!("2099-06-{day:02}T{:02}:00", hour + 3),
        "call_time": format!("2099-06-{day:02}T{:02}:15", hour - 1),
        "positions": [ { "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 } ],
    })
}
