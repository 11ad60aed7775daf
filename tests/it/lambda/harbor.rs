//! An office on DynamoDB tables, whose pages and ticks are functions.

use std::sync::Arc;

use crewcall::app::{App, Caller};
use crewcall::clock::{MovableClock, SystemClock};
use crewcall::config::{Config, StoreConfig};
use crewcall::mail::mailbox::Mailbox;
use crewcall::outbox::Outbox;
use crewcall::store::{DynamoStore, Expect, Write, read};
use crewcall::tick::{self, Pass};
use crewcall_dispatch::cascade::{Actor, CharterState, Command};
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::CharterId;
use crewcall_dispatch::policy::Outage;
use crewcall_dispatch::signs::Heartbeat;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::events::{Page, schedule};
use super::front::Front;
use super::runtime::{Lambda, Process};
use crate::cli::home::{CHARTER, Home, ROSTER, SETTINGS};
use crate::support::dynamodb::{dynoxide, fresh_names, settings};
use crate::support::proxy::Proxy;

/// The charter of these tests.
pub(super) const ID: &str = "charter_5678";

/// The id of the row with the signs of life.
const HEARTBEAT: &str = "heartbeat";

/// The office: its people and a charter, whose call has not begun.
pub(super) struct Harbor {
    pub(super) home: Home,
    pub(super) lambda: Lambda,
    /// Where people reach the pages.
    pub(super) front: Front,
    /// Between the functions and their tables.
    pub(super) proxy: Proxy,
    /// The store, opened by the test beside the functions.
    pub(super) app: Arc<App>,
    settings: Vec<(String, String)>,
}

impl Harbor {
    pub(super) async fn new() -> Self {
        Self::with("").await
    }

    /// With further lines of settings, which stand at the end of the file.
    pub(super) async fn with(more: &str) -> Self {
        let peer = dynoxide();
        let prefix = fresh_names().prefix;
        let front = Front::start().await;
        let written = SETTINGS.replace("https://crew.example.com", &front.address);
        let home = Home::empty();
        home.write(
            "crewcall.toml",
            format!("{written}[store]\nkind = \"dynamodb\"\ntable_prefix = \"{prefix}\"\n{more}"),
        );
        home.has_aws_at(&peer.endpoint);
        home.run(&["store", "setup"]).done();
        home.write("roster.json", ROSTER);
        home.run(&["roster", "import", "roster.json"]).done();
        home.feed(&["charter", "add"], CHARTER).done();
        let config = Config::load(&home.path().join("crewcall.toml")).unwrap();
        let StoreConfig::DynamoDb(names) = &config.store else { panic!("{:?}", config.store) };
        let store = DynamoStore::new(&settings(&peer.endpoint), names.clone());
        let key = std::fs::read_to_string(home.path().join("crewcall.db.key")).unwrap();
        let key = data_encoding::HEXLOWER.decode(key.trim().as_bytes()).unwrap().try_into().unwrap();
        let operator = config.operator(LinkKey::new(key, &config.link_prefix));
        let proxy = Proxy::before(&peer.endpoint).await;
        let settings = vec![("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), proxy.endpoint.to_string())];
        Self {
            app: Arc::new(App::new(Arc::new(store), Arc::new(SystemClock), operator)),
            lambda: Lambda::start(home.path()).await,
            home,
            front,
            proxy,
            settings,
        }
    }

    /// One more process of the function.
    pub(super) fn process(&self) -> Process {
        self.process_with(&[])
    }

    /// The same with further variables.
    pub(super) fn process_with(&self, more: &[(&str, &str)]) -> Process {
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.lambda.process(&self.settings.iter().cloned().chain(more).collect::<Vec<_>>())
    }

    /// From the next process on mail goes to the server of `[mail.smtp]`.
    pub(super) fn mails_by_smtp(&self) {
        let settings = std::fs::read_to_string(self.home.path().join("crewcall.toml")).unwrap();
        self.home.write("crewcall.toml", settings.replace("\"file\"", "\"smtp\""));
    }

    /// Brings the roster in once more, with this availability of Dana's.
    pub(super) fn import(&self, availability: &str) {
        let before = r#""2099-06-27": "available", "2099-06-28": "unavailable""#;
        assert!(ROSTER.contains(before));
        self.home.write("roster.json", ROSTER.replace(before, availability));
        self.home.run(&["roster", "import", "roster.json"]).done();
    }

    pub(super) async fn start_call(&self) {
        self.run(&Command::Start).await;
    }

    /// Starts the call so long ago, and hands over what is mailed then; no process has looked at anything since.
    pub(super) async fn start_call_ago(&self, ago: SignedDuration) {
        let then = Arc::new(MovableClock::frozen(Timestamp::now() - ago));
        let app = Arc::new(App::new(self.app.store.clone(), then, self.app.operator.clone()));
        let caller = Caller::new(Actor::Office("Pat".into()), "test");
        app.run(&id(), &Command::Start, &caller).await.unwrap();
        let outbox = Outbox { app, transport: Arc::new(Mailbox::new()) };
        tick::empty_outbox(&outbox, &mut Pass::default()).await.unwrap();
    }

    /// Leaves a sign of life as it was so long ago, of a process that served the pages.
    pub(super) async fn was_alive(&self, ago: SignedDuration, outage: Option<Outage>) {
        let at = Timestamp::now() - ago;
        let beat = Heartbeat { at, served_at: Some(at), outage };
        self.app.store.commit(vec![Write::put(&beat, Expect::Any).unwrap()]).await.unwrap();
    }

    /// The last sign of life.
    pub(super) async fn sign(&self) -> Heartbeat {
        read(&*self.app.store, HEARTBEAT).await.unwrap().unwrap().value
    }

    pub(super) async fn run(&self, command: &Command) -> CharterState {
        let caller = Caller::new(Actor::Office("Pat".into()), "test");
        self.app.run(&id(), command, &caller).await.unwrap()
    }

    pub(super) async fn charter(&self) -> CharterState {
        self.app.charter(&id()).await.unwrap()
    }

    /// The token in the newest link of somebody.
    pub(super) async fn token(&self, crew_id: &str) -> String {
        let state = self.charter().await;
        let offer = state.offers.iter().rfind(|offer| offer.crew_id.as_str() == crew_id).unwrap();
        self.app.operator.key.offer_token(&id(), offer).reveal()
    }

    /// Delivers a request, and gives its page.
    pub(super) async fn ask(&self, event: Value) -> Page {
        Page::of(&self.lambda.invoke(event).await.unwrap())
    }

    /// Delivers an event of the schedule, and gives what the tick did.
    pub(super) async fn tick(&self) -> Value {
        self.lambda.invoke(schedule()).await.unwrap()
    }

    /// The mails that left: to whom, and about what.
    pub(super) fn mails(&self) -> Vec<String> {
        let Ok(directory) = std::fs::read_dir(self.home.path().join("mail")) else { return Vec::new() };
        let mut mails: Vec<String> = directory
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .map(|bytes| {
                let mail = mail_parser::MessageParser::default().parse(&bytes).unwrap();
                let to = mail.to().unwrap().first().unwrap().address().unwrap().to_owned();
                format!("{to}: {}", mail.subject().unwrap())
            })
            .collect();
        mails.sort();
        mails
    }

    /// What the processes wrote to standard output.
    pub(super) fn metrics(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.home.path().join("metrics.log")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What they wrote to standard error.
    pub(super) fn log(&self) -> String {
        self.lambda.log()
    }
}

pub(super) fn id() -> CharterId {
    ID.parse().unwrap()
}
