//! An office on DynamoDB tables, whose pages and ticks are functions.

use std::sync::Arc;

use crewcall::app::{App, Caller};
use crewcall::clock::SystemClock;
use crewcall::config::{Config, StoreConfig};
use crewcall::store::DynamoStore;
use crewcall_dispatch::cascade::{Actor, CharterState, Command};
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::CharterId;
use serde_json::Value;

use super::events::{Page, schedule};
use super::runtime::{Lambda, Process};
use crate::cli::home::{AWS_CONFIG, CHARTER, Home, ROSTER, SETTINGS};
use crate::support::dynamodb::{dynoxide, fresh_names, settings};
use crate::support::proxy::Proxy;

/// The charter of these tests.
pub(super) const ID: &str = "charter_5678";

/// The office: its people and a charter, whose call has not begun.
pub(super) struct Harbor {
    pub(super) home: Home,
    pub(super) lambda: Lambda,
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
        let home = Home::empty();
        home.write(
            "crewcall.toml",
            format!("{SETTINGS}[store]\nkind = \"dynamodb\"\ntable_prefix = \"{prefix}\"\n{more}"),
        );
        home.write(
            AWS_CONFIG,
            format!(
                "[default]\nregion = us-west-2\nendpoint_url = {}\n\
                 aws_access_key_id = test\naws_secret_access_key = test\n",
                peer.endpoint
            ),
        );
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
            proxy,
            settings,
        }
    }

    /// One more process of the function.
    pub(super) fn process(&self) -> Process {
        self.lambda.process(&self.settings)
    }

    pub(super) async fn start_call(&self) {
        self.run(&Command::Start).await;
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
