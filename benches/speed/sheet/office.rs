//! An office with a list of people and their days, which its sheet at the Google of the tests shows, and so does its store.

use std::sync::Arc;
use std::time::Instant;

use crewcall::app::{App, Given};
use crewcall::clock::SystemClock;
use crewcall::google::{Endpoints, Google, Patience, Scope};
use crewcall::secret::SecretPlace;
use crewcall::sheet::{Round, Sync};
use crewcall::store::MemoryStore;
use crewcall_dispatch::model::Availability;
use crewcall_dispatch::sheet::letters;
use crewcall_google_peer::{Call, Google as Peer, Spreadsheet};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::Cost;
use crate::sails;

const ACCOUNT: &str = "crew@example.com";
const FIRST: [&str; 40] = [
    "Abel", "Bea", "Cora", "Dana", "Emil", "Fay", "Gene", "Hana", "Igor", "Jana", "Kim", "Lee", "Maud",
    "Nils", "Olga", "Pat", "Quinn", "Rosa", "Sam", "Tove", "Uwe", "Vera", "Wim", "Xenia", "Yuri", "Zoe",
    "Anton", "Britt", "Carl", "Doris", "Edgar", "Frida", "Gustav", "Helga", "Ivan", "Judith", "Knut",
    "Lotte", "Moritz", "Nora",
];
const LAST: [&str; 25] = [
    "Reyes", "Hart", "Park", "Ortiz", "Vale", "Moss", "Quist", "Brandt", "Corvi", "Dunlop", "Eriksen",
    "Fontaine", "Galvez", "Holm", "Iversen", "Jessup", "Kowal", "Lindgren", "Munro", "Nakata", "Osei",
    "Petrov", "Rask", "Stoltz", "Thorpe",
];

pub(super) struct Office {
    pub(super) google: Peer,
    pub(super) sheet: Spreadsheet,
    pub(super) app: Arc<App>,
    pub(super) sync: Sync,
    pub(super) runtime: Runtime,
    pub(super) names: Vec<String>,
    /// The days of each tab.
    pub(super) months: Vec<(String, Vec<Date>)>,
    /// What the list says, by person and day.
    says: Vec<Vec<String>>,
    pub(super) days: Vec<Date>,
    home: TempDir,
}

impl Office {
    /// So many people, and so many whole months from that day on. Store and sheet are in step.
    pub(super) fn new(people: usize, first: Date, months: i32) -> Self {
        let months: Vec<(String, Vec<Date>)> = (0..months)
            .map(|month| {
                let first = first + month.months();
                let days = first.series(1.day()).take_while(|day| day.month() == first.month());
                (first.strftime("%B %Y").to_string(), days.collect())
            })
            .collect();
        let days: Vec<Date> = months.iter().flat_map(|(_, days)| days.clone()).collect();
        let names = (0..people).map(|n| format!("{} {}", FIRST[n % 40], LAST[n / 40])).collect();
        let says = |n: usize| (0..days.len()).map(|day| at_first(n, day).to_owned()).collect();
        let says = (0..people).map(says).collect();
        let google = Peer::start();
        google.account(ACCOUNT);
        let sheet = google.spreadsheet(ACCOUNT, "Harbor Sails");
        let home = tempfile::tempdir().expect("a directory");
        let now = first.to_zoned(sails::operator().zone).expect("a day").timestamp();
        let app = sails::app(Arc::new(MemoryStore::new()), now);
        let sync =
            Sync { app: app.clone(), google: signed_in(&google, &home), spreadsheet_id: sheet.id().into() };
        let runtime = Runtime::new().expect("a runtime");
        let office = Self { google, sheet, app, sync, runtime, names, months, says, days, home };
        office.fill();
        office.settle();
        office
    }

    pub(super) fn cells(&self) -> usize {
        self.names.len() * self.days.len()
    }

    /// Whole rows at once. What stands there is text, as if an apostrophe had been typed before it.
    fn fill(&self) {
        let mut roster = vec![["Name", "E-mail", "Rank", "Order"].map(str::to_owned).to_vec()];
        roster.extend(
            self.names
                .iter()
                .zip(self.roster())
                .map(|(name, row)| [std::slice::from_ref(name), &row[..]].concat()),
        );
        let mut tabs = vec![("Roster".to_owned(), roster)];
        for (title, days) in &self.months {
            let mut header = vec!["Name".to_owned()];
            header.extend(days.iter().map(|day| day.strftime("%a %-m/%-d").to_string()));
            let mut rows = vec![header];
            rows.extend(
                self.names
                    .iter()
                    .zip(self.of_tab(days))
                    .map(|(name, row)| [std::slice::from_ref(name), row].concat()),
            );
            tabs.push((title.clone(), rows));
        }
        for (id, (title, rows)) in (1..).zip(tabs) {
            let grid = json!({ "rowCount": rows.len() + 20, "columnCount": rows[0].len() + 1 });
            let properties = json!({ "sheetId": id, "title": title, "gridProperties": grid });
            self.sheet.request(&json!({ "addSheet": { "properties": properties } }));
            let cell = |text: &String| match text.as_str() {
                "" => json!({}),
                text => json!({ "userEnteredValue": { "stringValue": text } }),
            };
            let rows = rows.iter().map(|row| json!({ "values": row.iter().map(cell).collect::<Vec<_>>() }));
            let rows: Vec<Value> = rows.collect();
            let start = json!({ "sheetId": id, "rowIndex": 0, "columnIndex": 0 });
            let cells = json!({ "start": start, "rows": rows, "fields": "userEnteredValue" });
            self.sheet.request(&json!({ "updateCells": cells }));
        }
        self.sheet.request(&json!({ "deleteSheet": { "sheetId": 0 } }));
    }

    /// What the roster says beside the names.
    fn roster(&self) -> impl Iterator<Item = Vec<String>> {
        (0..self.names.len()).map(|n| {
            let rank = if n.is_multiple_of(4) { "captain" } else { "deckhand" };
            vec![format!("crew-{n}@example.com"), rank.to_owned(), (n + 1).to_string()]
        })
    }

    /// What the list says of these days, person by person.
    fn of_tab(&self, days: &[Date]) -> impl Iterator<Item = &[String]> {
        let first = self.days.iter().position(|day| day == &days[0]).expect("a day of the list");
        let last = first + days.len();
        self.says.iter().map(move |says| &says[first..last])
    }

    /// All of the list, as the script reads it.
    pub(super) fn json(&self) -> Value {
        let people =
            |rows: Vec<Value>| self.names.iter().cloned().zip(rows).collect::<serde_json::Map<_, _>>();
        let month = |(title, days): &(String, Vec<Date>)| {
            (title.clone(), json!(people(self.of_tab(days).map(|row| json!(row)).collect())))
        };
        let mut tabs: serde_json::Map<String, Value> = self.months.iter().map(month).collect();
        tabs.insert("Roster".into(), json!(people(self.roster().map(|row| json!(row)).collect())));
        tabs.into()
    }

    /// The file of the sign-in.
    pub(super) fn sign_in(&self) -> std::path::PathBuf {
        self.home.path().join("google.json")
    }

    /// Changes so many cells of the list, spread over it: which ones depends on `turn`.
    pub(super) fn change(&mut self, count: usize, turn: usize) -> Vec<(usize, usize)> {
        let apart = self.cells().checked_div(count).unwrap_or(1);
        let places = (0..count).map(|nth| nth * apart + turn * 7919 % apart);
        let places = places.map(|place| (place / self.days.len(), place % self.days.len()));
        let places: Vec<(usize, usize)> = places.collect();
        places.iter().for_each(|place| self.flip(*place));
        places
    }

    fn flip(&mut self, (person, day): (usize, usize)) {
        let says = &mut self.says[person][day];
        *says = if says == "Y" { "N" } else { "Y" }.to_owned();
    }

    /// Of what was changed the script has written so many, tab by tab: the others are as they were before.
    pub(super) fn take_back(
        &mut self,
        before: Vec<Vec<String>>,
        mut changed: Vec<(usize, usize)>,
        written: usize,
    ) {
        let month = |day: usize| (self.days[day].year(), self.days[day].month());
        changed.sort_by_key(|(person, day)| (month(*day), *person, *day));
        for (person, day) in changed.into_iter().skip(written) {
            self.says[person][day].clone_from(&before[person][day]);
        }
    }

    pub(super) fn list(&self) -> Vec<Vec<String>> {
        self.says.clone()
    }

    /// The store takes what the list says.
    pub(super) fn import(&self) {
        self.runtime.block_on(async {
            let mut people = self.app.roster().await.expect("a roster");
            for member in &mut people {
                let says = self.names.iter().position(|name| *name == member.name).map(|n| &self.says[n]);
                for (day, words) in self.days.iter().zip(says.expect("somebody of the list")) {
                    if !words.is_empty() {
                        member.availability.insert(*day, Availability::parse(words));
                    }
                }
            }
            let people: Vec<Given> = people.iter().map(Given::from).collect();
            let changes = self.app.compare_roster(people).await.expect("a roster").expect("right people");
            self.app.write_roster(&changes).await.expect("a roster");
        });
    }

    /// One round, in which nobody has to be asked.
    pub(super) fn round(&self) -> Round {
        let round = self.runtime.block_on(self.sync.sync()).expect("a round");
        assert!(
            round.plan.stops.is_empty() && round.plan.asks.is_empty(),
            "{:?} {:?}",
            round.plan.stops,
            round.plan.asks
        );
        assert!(round.waits.is_none() && round.not_taken.is_empty() && round.overwrote.is_empty());
        round
    }

    /// Rounds until there is nothing more to do; then both sides say what the list says.
    pub(super) fn settle(&self) {
        let mut busy = true;
        while busy {
            let mut changes = 0;
            let cost = self.measured(|| changes = self.round().plan.changes.len());
            busy = cost.calls > 1.0 || changes > 0;
        }
        self.check();
        let people = self.runtime.block_on(self.app.roster()).expect("a roster");
        assert_eq!(people.len(), self.names.len());
        for member in people {
            let n = self.names.iter().position(|name| *name == member.name).expect("somebody of the list");
            for (day, words) in self.days.iter().zip(&self.says[n]) {
                let said = member.availability.get(day).map_or("", |said| said.words());
                assert_eq!(said, words, "{} on {day}", member.name);
            }
        }
    }

    /// The sheet shows the list: what it does not is an outcome that nothing can be compared with.
    pub(super) fn check(&self) {
        for (title, days) in &self.months {
            let range = format!("{title}!B2:{}{}", letters(days.len()), self.names.len() + 1);
            let shown = self.sheet.read(&range);
            assert!(shown.iter().map(Vec::as_slice).eq(self.of_tab(days)), "{title} shows something else");
        }
        let roster = self.sheet.read(&format!("Roster!B2:D{}", self.names.len() + 1));
        assert!(roster.into_iter().eq(self.roster()), "the roster shows something else");
    }

    /// What this costs.
    pub(super) fn measured(&self, act: impl FnOnce()) -> Cost {
        let (before, begun) = (self.google.requests().len(), Instant::now());
        act();
        let time = begun.elapsed();
        let mut cost = Cost { time, ..Cost::default() };
        for request in self.google.requests().split_off(before) {
            if matches!(request.call, Call::SheetsRead | Call::SheetsWrite) {
                cost.calls += 1.0;
                cost.bytes += request.bytes as f64;
                cost.google += request.took;
            }
        }
        cost
    }
}

/// Somebody can on half of their days, cannot on a fifth, can for a part of a tenth, and has said nothing of the others.
fn at_first(person: usize, day: usize) -> &'static str {
    match (((person * 31 + day) * 2_654_435_761 % (1 << 32)) >> 16) % 10 {
        0..5 => "Y",
        5..7 => "N",
        7 => "AM only",
        _ => "",
    }
}

fn signed_in(google: &Peer, home: &TempDir) -> Google {
    let client = google.client();
    let token = google.grant(&client, ACCOUNT, &[Scope::Spreadsheets.as_str()]);
    let file = home.path().join("google.json");
    std::fs::write(&file, client.authorized_user(ACCOUNT, &token)).expect("a file");
    let endpoints = Endpoints {
        auth_uri: google.auth_uri(),
        token_uri: google.token_uri(),
        gmail: google.gmail_base_url().to_owned(),
        sheets: google.sheets_base_url().to_owned(),
    };
    let (needs, clock) = (vec![Scope::Spreadsheets], Arc::new(SystemClock));
    Google::new(SecretPlace::File(file), endpoints, needs, Patience::STANDARD, clock).expect("encryption")
}
