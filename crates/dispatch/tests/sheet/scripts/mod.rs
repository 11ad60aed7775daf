//! Scripts of what an office does, each from its seed.

mod end;
mod half;

use crewcall_dispatch::model::{CrewId, CrewMember};
use crewcall_dispatch::sheet::{At, Book, Cell, Field, Item, Stop, TabId};
use fastrand::Rng;
use serde_json::json;

use crate::office::{DAYS, Fate, NAMES, Office, Said, day, id_of, same};
use crate::paper::Copies;
use half::Half;

const ROSTER: TabId = TabId(1);
const JUNE: TabId = TabId(2);
const JULY: TabId = TabId(3);
const WORDS: [&str; 12] =
    ["Y", "N", "", "yes", "off", "AM only", "after 2", "x", "dentist", "available", "unavailable", "?"];

/// Bytes of a request with a cell or two, as if there was much more to write than one call takes.
const ONE_OR_TWO: usize = 900;

pub(crate) struct Script {
    rng: Rng,
    pub(crate) office: Office,
    half: Vec<Half>,
    /// The sheet some time ago, as a slow copy at Google's still shows it.
    old: Option<(Book, Copies)>,
}

impl Script {
    /// Plays the script of a seed to its end. Everything that is wrong is a sentence.
    pub(crate) fn play(seed: u64, told: bool) -> (Self, Vec<String>) {
        let mut script =
            Self { rng: Rng::with_seed(seed), office: Office::new(told), half: Vec::new(), old: None };
        if seed % 4 == 3 {
            script.office.room = ONE_OR_TWO;
        }
        script.sync(Fate::Done, false);
        for _ in 0..script.rng.usize(6..24) {
            script.step();
        }
        let wrong = script.end();
        (script, wrong)
    }

    fn step(&mut self) {
        if self.rng.u8(..4) == 0 {
            self.old = Some((self.office.paper.read(), self.office.paper.copies.clone()));
        }
        match self.rng.u8(..20) {
            0..=4 => self.sync_with_faults(),
            5..=9 => self.type_words(),
            10 => self.type_email(),
            11..=12 => self.answer(),
            13 => self.sail(),
            14 => self.sort(),
            15 => self.lines(),
            16 => self.paste(),
            17 => self.begin_something(),
            18 => self.put_right(),
            _ => self.somebody_new(),
        }
    }

    fn sync_with_faults(&mut self) {
        let fate = match self.rng.u8(..12) {
            0 => Fate::Refused,
            1 => Fate::Failed,
            2 => Fate::Lost,
            3 => Fate::Hangs,
            _ => Fate::Done,
        };
        let stale = self.rng.u8(..12) == 0;
        self.sync(fate, stale);
        if self.rng.u8(..3) == 0 {
            self.land();
        }
    }

    /// A batch that hung is carried out.
    fn land(&mut self) {
        if let Some(batch) = self.office.hanging.take() {
            // Or never.
            let done = self.rng.u8(..3) > 0 && self.office.paper.apply(&batch);
            self.office.note(|| format!("batch {} is carried out now: {done}", batch.id));
        }
    }

    fn sync(&mut self, fate: Fate, stale: bool) -> usize {
        let now = (self.office.paper.read(), self.office.paper.copies.clone());
        let (book, copies) = match self.old.take().filter(|_| stale) {
            Some(old) => old,
            None => now,
        };
        self.office.note(|| format!("sync, {fate:?}, stale {stale}"));
        // People type between the reading and the writing.
        let between = self.rng.u8(..6);
        if between == 0 {
            self.type_words();
        }
        if between == 1 {
            self.sort();
        }
        let (done, stops) = self.office.sync(&book, &copies, fate);
        for stop in stops {
            if matches!(stop, Stop::Surge { .. }) && !self.is_half(stop.tab()) {
                self.office.note(|| format!("it is meant: {stop}"));
                self.office.memory.accepted.insert(stop.tab());
            }
        }
        done
    }

    /// A row and a column of the tab, if it is as it should be.
    fn a_cell(&mut self, tab: TabId, headings: &[&str]) -> Option<(At, String, String)> {
        if self.is_mixed(tab) {
            return None;
        }
        let heading = headings[self.rng.usize(..headings.len())];
        let sheet = self.office.paper.tabs.iter().find(|sheet| sheet.id == tab)?;
        let rows = sheet.named_rows();
        let row = *rows.get(self.rng.usize(..rows.len().max(1)))?;
        let name = sheet.text(row, sheet.column("Name")?).to_owned();
        let copied = self.half.iter().any(|half| matches!(half, Half::Copied(_, whose) if *whose == name));
        if copied || !NAMES.contains(&name.as_str()) {
            return None;
        }
        Some((At::new(row, sheet.column(heading)?), name, heading.to_owned()))
    }

    fn type_words(&mut self) {
        let words = WORDS[self.rng.usize(..WORDS.len())];
        let Some((at, name, heading)) = self.a_cell(JUNE, &DAYS) else { return };
        // Whoever types what stands there has said nothing new.
        if self.office.paper.tab(JUNE).is_none_or(|sheet| sheet.text(at.row, at.column) == words) {
            return;
        }
        self.office.note(|| format!("types {words:?} for {name} on {heading} ({at})"));
        self.put(JUNE, at, words);
        let Some(date) = day(&heading) else { return };
        let words = (!words.is_empty()).then(|| words.to_owned());
        self.says(id_of(&name), Item::Day(date), words);
    }

    /// Somebody has typed this. Whoever goes back to what both sides have has said nothing new.
    fn says(&mut self, person: CrewId, item: Item, words: Option<String>) {
        let unseen = self.office.memory.base(&person, item).map(str::to_owned) == words;
        let said = Said { unseen, ..Said::new(words, self.office.steps) };
        self.office.typed.insert((person, item), said);
    }

    fn put(&mut self, tab: TabId, at: At, text: &str) {
        if let Some(sheet) = self.office.paper.tab(tab) {
            sheet.cell(at).text = text.to_owned();
        }
    }

    fn type_email(&mut self) {
        let Some((at, name, _)) = self.a_cell(ROSTER, &["E-mail"]) else { return };
        let email = format!("{}{}@example.com", name.to_lowercase().replace(' ', "."), self.rng.u8(..9));
        self.office.note(|| format!("types {email} for {name}"));
        self.put(ROSTER, at, &email);
        let said = Said::new(Some(email), self.office.steps);
        self.office.typed.insert((id_of(&name), Item::Field(Field::Email)), said);
    }

    /// Somebody answers on a page, or an import changes the record.
    fn answer(&mut self) {
        let people: Vec<_> = self.office.people().into_iter().collect();
        let Some(person) = people.get(self.rng.usize(..people.len().max(1))) else { return };
        let Some(date) = day(DAYS[self.rng.usize(..DAYS.len())]) else { return };
        let words = ["available", "unavailable", "after 14:00"][self.rng.usize(..3)];
        // Whoever says again what the record has has said nothing new.
        if same(&self.office.of_store(person, Item::Day(date)), &Some(words.to_owned())) {
            return;
        }
        self.office.note(|| format!("{person} answers {words:?} for {date}"));
        let mut record = self.office.store[person].to_record();
        let days = record.entry("availability").or_insert_with(|| json!({})).as_object_mut().unwrap();
        days.insert(date.to_string(), json!(words));
        self.office.store.insert(person.clone(), CrewMember::parse(&record).unwrap());
        let whose = (person.clone(), Item::Day(date));
        let base = self.office.memory.base(&whose.0, whose.1).map(str::to_owned);
        let unseen = same(&base, &Some(words.to_owned()));
        let said = Said { unseen, ..Said::new(Some(words.to_owned()), self.office.steps) };
        self.office.answered.insert(whose, said);
    }

    /// Somebody is aboard a sail, or not any more.
    fn sail(&mut self) {
        let name = NAMES[self.rng.usize(..NAMES.len())];
        let Some(date) = day(DAYS[self.rng.usize(..DAYS.len())]) else { return };
        if !self.office.store.contains_key(&id_of(name)) {
            return;
        }
        let sail: crewcall_dispatch::model::CharterId =
            ["CH-1", "CH-2"][self.rng.usize(..2)].parse().unwrap();
        self.office.note(|| format!("{name} and {sail} on {date}"));
        let sails = self.office.sails.entry((id_of(name), date)).or_default();
        match sails.iter().position(|one| *one == sail) {
            Some(place) => drop(sails.remove(place)),
            None => sails.push(sail),
        }
        sails.sort();
        if sails.is_empty() {
            self.office.sails.remove(&(id_of(name), date));
        }
    }

    fn sort(&mut self) {
        let tab = if self.rng.bool() { ROSTER } else { JUNE };
        if self.is_mixed(tab) {
            return;
        }
        // The whole table, or all but the column of ids, which is easily forgotten.
        let whole = self.rng.u8(..3) > 0;
        let by = if tab == JUNE && self.rng.bool() { DAYS[self.rng.usize(..DAYS.len())] } else { "Name" };
        let Some(sheet) = self.office.paper.tab(tab) else { return };
        let Some(by) = sheet.column(by) else { return };
        let width = sheet.width();
        let ids = sheet.column("crew id");
        let mut rows: Vec<Vec<Cell>> = sheet.rows.drain(sheet.first()..).collect();
        rows.iter_mut().for_each(|row| row.resize(width, Cell::default()));
        let kept: Vec<Option<Cell>> = rows.iter().map(|row| ids.map(|ids| row[ids].clone())).collect();
        rows.sort_by(|one, other| {
            (one[by].text.is_empty(), &one[by].text).cmp(&(other[by].text.is_empty(), &other[by].text))
        });
        if !whole {
            for (row, kept) in rows.iter_mut().zip(kept) {
                if let (Some(ids), Some(kept)) = (ids, kept) {
                    row[ids] = kept;
                }
            }
        }
        sheet.rows.extend(rows);
        self.office.note(|| format!("sorts {tab:?} by column {by}, whole {whole}"));
    }

    /// Blank rows and columns come, and a column of remarks; rows of people go.
    fn lines(&mut self) {
        let tab = if self.rng.bool() { ROSTER } else { JUNE };
        let what = self.rng.u8(..10);
        let place = self.rng.usize(1..5);
        let date = DAYS[self.rng.usize(..DAYS.len())];
        if self.is_mixed(tab) {
            return;
        }
        let Some(sheet) = self.office.paper.tab(tab) else { return };
        let header = sheet.header();
        match what {
            0..=1 => sheet.rows.insert(place.min(sheet.rows.len()), Vec::new()),
            2..=3 => {
                for (number, row) in sheet.rows.iter_mut().enumerate() {
                    if row.len() >= place {
                        row.insert(
                            place,
                            Cell::text(if number == header && what == 3 { "Notes" } else { "" }),
                        );
                    }
                }
            }
            4 => {
                let blank = (sheet.first()..sheet.rows.len())
                    .find(|row| sheet.rows[*row].iter().all(|cell| cell.text.is_empty()));
                if let Some(blank) = blank {
                    sheet.rows.remove(blank);
                }
            }
            // Something above the header, and a column left of the names.
            5 if header < 2 => sheet.rows.insert(0, vec![Cell::text(["", "Harbor Sails"][place % 2])]),
            6 if sheet.column("Name").is_some_and(|names| names < 2) => {
                sheet.rows.iter_mut().for_each(|row| row.insert(0, Cell::default()));
            }
            5 | 6 => {}
            // A day's column goes, and one comes in its place with nothing in it.
            7 if tab == JUNE => return self.day_anew(date),
            7 => {}
            _ => {
                let rows = sheet.named_rows();
                if tab != JUNE || rows.len() < 4 {
                    return;
                }
                let names = sheet.column("Name").unwrap_or(0);
                let row = rows[place % rows.len()];
                let name = sheet.text(row, names).to_owned();
                sheet.rows.remove(row);
                // What stood there is gone by the office's own doing.
                self.office
                    .typed
                    .retain(|(person, item), _| *person != id_of(&name) || !matches!(item, Item::Day(_)));
                self.office.note(|| format!("deletes the row of {name}"));
            }
        }
        self.office.note(|| format!("lines of {tab:?}: {what} at {place}"));
    }

    fn day_anew(&mut self, heading: &str) {
        let Some(sheet) = self.office.paper.tab(JUNE) else { return };
        let (Some(column), Some(names), Some(date)) =
            (sheet.column(heading), sheet.column("Name"), day(heading))
        else {
            return;
        };
        let mut whose = Vec::new();
        for row in sheet.named_rows() {
            let cell = sheet.cell(At::new(row, column));
            if !std::mem::take(&mut cell.text).is_empty() {
                whose.push(sheet.text(row, names).to_owned());
            }
        }
        self.office.note(|| format!("puts the column of {heading} in anew"));
        for name in whose.iter().filter(|name| NAMES.contains(&name.as_str())) {
            self.says(id_of(name), Item::Day(date), None);
        }
    }

    /// One cell over another.
    fn paste(&mut self) {
        let (Some((from, ..)), Some((to, name, heading))) =
            (self.a_cell(JUNE, &DAYS), self.a_cell(JUNE, &DAYS))
        else {
            return;
        };
        let Some(sheet) = self.office.paper.tab(JUNE) else { return };
        let text = sheet.text(from.row, from.column).to_owned();
        // Sails that are pasted are nobody's word.
        if text.contains("CH-") || text == sheet.text(to.row, to.column) {
            return;
        }
        sheet.cell(to).text.clone_from(&text);
        self.office.note(|| format!("pastes {text:?} from {from} for {name} on {heading}"));
        let Some(date) = day(&heading) else { return };
        self.says(id_of(&name), Item::Day(date), (!text.is_empty()).then_some(text));
    }

    /// A new person, in the sheet or in the store.
    fn somebody_new(&mut self) {
        let name = NAMES[4];
        let stands = self.office.paper.tabs.iter().any(|sheet| {
            sheet.column("Name").is_some_and(|names| {
                (sheet.first()..sheet.rows.len()).any(|row| sheet.text(row, names) == name)
            })
        });
        if stands || self.office.store.contains_key(&id_of(name)) {
            // Somebody leaves, or is back.
            if let Some(sam) = self.office.store.get_mut(&id_of(NAMES[3])) {
                sam.left = !sam.left;
                self.office.note(|| "Sam leaves, or is back".into());
            }
            return;
        }
        if self.rng.bool() {
            let Some(sheet) = self.office.paper.tab(ROSTER) else { return };
            let (Some(names), Some(rank)) = (sheet.column("Name"), sheet.column("Rank")) else { return };
            let row = sheet.rows.len();
            sheet.cell(At::new(row, names)).text = name.into();
            sheet.cell(At::new(row, rank)).text = "Deckhand".into();
            self.office.note(|| "writes Kim into the roster".into());
        } else {
            let record = json!({ "crew_id": "kim-vale", "name": name, "rank": "deckhand", "availability": { "2026-06-23": "available" } });
            let member = CrewMember::parse(record.as_object().unwrap()).unwrap();
            self.office.store.insert(member.crew_id.clone(), member);
            self.office.note(|| "Kim is imported".into());
        }
    }
}
