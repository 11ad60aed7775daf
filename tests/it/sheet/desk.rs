//! An office with its sheet at a Google of the tests, and its store.

use std::sync::Arc;

use crewcall::clock::SystemClock;
use crewcall::google::{Endpoints, Google, Patience, Scope};
use crewcall::secret::SecretPlace;
use crewcall::sheet::{Round, Sync, SyncError};
use crewcall::store::{MemoryStore, Store};
use crewcall_dispatch::model::{CrewId, CrewMember};
use crewcall_google_peer::{Call, Google as Peer, Quota, Spreadsheet};
use tempfile::TempDir;

use crate::support::office::Office;

const ACCOUNT: &str = "crew@example.com";

pub(crate) struct Desk {
    pub(crate) peer: Peer,
    pub(crate) sheet: Spreadsheet,
    pub(crate) office: Office,
    pub(crate) sync: Sync,
    _home: TempDir,
}

impl Desk {
    /// A roster of four, and a few days of June.
    pub(crate) async fn new() -> Self {
        Self::with(Patience::SHORT).await
    }

    pub(crate) async fn with(patience: Patience) -> Self {
        Self::empty(patience, Arc::new(MemoryStore::new())).await.filled()
    }

    /// The same on this store.
    pub(crate) async fn on(store: Arc<dyn Store>) -> Self {
        Self::empty(Patience::SHORT, store).await.filled()
    }

    fn filled(self) -> Self {
        let desk = self;
        desk.fill(
            "Sheet1",
            &[
                "Name|E-mail|Rank|Order|Remarks",
                "Dana Reyes|dana@example.com|Captain|1|",
                "Gene Hart|gene@example.com|Captain|2|likes mornings",
                "Lee Park|lee@example.com|deckhand|1|",
                "Sam Ortiz|sam@example.com|deckhand|2|",
            ],
        );
        desk.sheet.rename("Sheet1", "Roster");
        desk.sheet.add_tab("June Availability");
        desk.fill(
            "June Availability",
            &[
                "Name|Mon 6/22|Tue 6/23|Wed 6/24|Thu 6/25|Fri 6/26|Sat 6/27",
                "Dana Reyes|Y|Y||N||Y",
                "Lee Park||Y||||Y",
                "Gene Hart|N||Y|AM only||Y",
                "Sam Ortiz||||x||",
            ],
        );
        desk
    }

    /// An empty sheet.
    pub(crate) async fn empty(patience: Patience, store: Arc<dyn Store>) -> Self {
        let peer = Peer::start();
        peer.set_quota(Quota::UNLIMITED);
        peer.account(ACCOUNT);
        let client = peer.client();
        let token = peer.grant(&client, ACCOUNT, &[Scope::Spreadsheets.as_str()]);
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("google_refresh.json");
        std::fs::write(&file, client.authorized_user(ACCOUNT, &token)).unwrap();
        let endpoints = Endpoints {
            auth_uri: peer.auth_uri(),
            token_uri: peer.token_uri(),
            gmail: peer.gmail_base_url().to_owned(),
            sheets: peer.sheets_base_url().to_owned(),
        };
        let clock = Arc::new(SystemClock);
        let google = Google::new(
            SecretPlace::File(file),
            endpoints,
            vec![Scope::Spreadsheets],
            patience,
            clock.clone(),
        )
        .unwrap();
        let sheet = peer.spreadsheet(ACCOUNT, "Harbor Sails");
        let office = Office::on(store, crate::support::office::START.parse().unwrap());
        let sync = Sync { app: office.app.clone(), google, spreadsheet_id: sheet.id().to_owned() };
        Self { peer, sheet, office, sync, _home: home }
    }

    /// Types whole rows, from the first one on.
    pub(crate) fn fill(&self, tab: &str, rows: &[&str]) {
        for (number, row) in (1..).zip(rows) {
            for (column, text) in ('A'..).zip(row.split('|')).filter(|(_, text)| !text.is_empty()) {
                self.sheet.edit(&format!("{tab}!{column}{number}"), text);
            }
        }
    }

    pub(crate) async fn sync(&self) -> Round {
        self.try_sync().await.unwrap()
    }

    pub(crate) async fn try_sync(&self) -> Result<Round, SyncError> {
        self.sync.sync().await
    }

    /// Calls to Google since the last time this was asked.
    pub(crate) fn calls(&self, before: (usize, usize)) -> (usize, usize) {
        let (reads, writes) = self.counted();
        (reads - before.0, writes - before.1)
    }

    pub(crate) fn counted(&self) -> (usize, usize) {
        (self.peer.count(Call::SheetsRead), self.peer.count(Call::SheetsWrite))
    }

    pub(crate) async fn member(&self, id: &str) -> CrewMember {
        let id: CrewId = id.parse().unwrap();
        self.office.app.member(&id).await.unwrap().expect("somebody of that id")
    }

    /// What somebody's record says of a day of June.
    pub(crate) async fn says(&self, id: &str, day: i8) -> Option<String> {
        let member = self.member(id).await;
        member.availability.get(&jiff::civil::date(2026, 6, day)).map(|said| said.words().to_owned())
    }

    /// What a cell shows.
    pub(crate) fn shows(&self, cell: &str) -> String {
        self.sheet.read(cell)[0][0].clone()
    }

    /// Somebody says so on a page, or a file is imported.
    pub(crate) async fn answer(&self, id: &str, day: i8, words: &str) {
        let mut member = self.member(id).await;
        let said = crewcall_dispatch::model::Availability::parse(words);
        member.availability.insert(jiff::civil::date(2026, 6, day), said);
        self.office.import(&[member]).await;
    }
}
