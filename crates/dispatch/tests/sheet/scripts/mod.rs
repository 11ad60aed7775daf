//! Scripts of what an office does, each from its seed.

use crewcall_dispatch::model::{CrewId, CrewMember};
use crewcall_dispatch::sheet::{At, Book, Cell, Field, Item, Stop, TabId, Why};
use fastrand::Rng;
use serde_json::json;

use crate::office::{DAYS, Fate, NAMES, Office, Said, day, id_of, same};
use crate::paper::{Copies, Sheet};

const ROSTER: TabId = TabId(1);
const JUNE: TabId = TabId(2);
const JULY: TabId = TabId(3);
const WORDS: [&str; 12] =
    ["Y", "N", "", "yes", "off", "AM only", "after 2", "x", "dentist", "available", "unavailable", "?"];

/// Something that people begin and put right again.
enum Half {
    /// A heading that is typed over: the tab, what stood there, what stands there.
    Heading(TabId, String, String),
    /// A row that is there twice: the tab, whose. The copy's name has a note by which people know it.
    Copied(TabId, String),
    /// A tab that is gone for a while.
    Tab(Sheet),
    /// A tab that is a copy, under another name.
    NewTab,
    /// A column of names that was sorted alone: the tab, and whose rows there were, from the top.
    Names(TabId, Vec<(String, String)>),
}

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

    /// Whether the names stand beside other people's rows: whoever sees that types nothing there before it is put right.
    fn is_mixed(&self, tab: TabId) -> bool {
        self.half.iter().any(|half| matches!(half, Half::Names(mixed, _) if *mixed == tab))
    }

    /// Whether something is wrong in a tab that people see when they look.
    fn is_half(&self, tab: TabId) -> bool {
        let of_it = |half: &Half| matches!(half, Half::Heading(of, ..) if *of == tab);
        self.is_mixed(tab) || self.half.iter().any(of_it)
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
        let mut rows: Vec<Vec<Cell>> = sheet.rows.drain(1..).collect();
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
        let what = self.rng.u8(..6);
        let place = self.rng.usize(1..5);
        if self.is_mixed(tab) {
            return;
        }
        let Some(sheet) = self.office.paper.tab(tab) else { return };
        match what {
            0..=1 => sheet.rows.insert(place.min(sheet.rows.len()), Vec::new()),
            2..=3 => {
                for (number, row) in sheet.rows.iter_mut().enumerate() {
                    if row.len() >= place {
                        row.insert(place, Cell::text(if number == 0 && what == 3 { "Notes" } else { "" }));
                    }
                }
            }
            4 => {
                let blank = (1..sheet.rows.len())
                    .find(|row| sheet.rows[*row].iter().all(|cell| cell.text.is_empty()));
                if let Some(blank) = blank {
                    sheet.rows.remove(blank);
                }
            }
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

    fn begin_something(&mut self) {
        if self.half.len() > 1 || self.is_mixed(JUNE) {
            return;
        }
        match self.rng.u8(..8) {
            0 => self.half_heading(JUNE, &DAYS, &["6/2 ~", "6/ ~", " ~", "27 ~", "Jun ~"]),
            5 => self.half_heading(JUNE, &DAYS, &["6/2", "6/12", "7/25", "8/1/2026"]),
            6 => self.copy_month(),
            7 => self.sort_names(),
            1 => self.half_heading(ROSTER, &["E-mail", "Rank", "Order"], &["Contct ~", " ~", "E-mial ~"]),
            2 => {
                let Some(sheet) = self.office.paper.tab(JUNE) else { return };
                let rows = sheet.named_rows();
                let Some(row) = rows.first().copied() else { return };
                let name = sheet.text(row, sheet.column("Name").unwrap_or(0)).to_owned();
                let names = sheet.column("Name").unwrap_or(0);
                let mut copy = sheet.rows[row].clone();
                copy[names].note = "the copy".into();
                sheet.rows.push(copy);
                self.office.note(|| format!("copies the row of {name}"));
                self.half.push(Half::Copied(JUNE, name));
            }
            3 => {
                let Some(place) = self.office.paper.tabs.iter().position(|sheet| sheet.id == JUNE) else {
                    return;
                };
                let sheet = self.office.paper.tabs.remove(place);
                self.office.note(|| "deletes the tab of June".into());
                self.half.push(Half::Tab(sheet));
            }
            _ => {
                let title = ["June", "Juni", "Crew June 2026", "June Availability"][self.rng.usize(..4)];
                if let Some(sheet) = self.office.paper.tab(JUNE) {
                    sheet.title = title.into();
                }
                self.office.note(|| format!("renames the tab to {title:?}"));
            }
        }
    }

    fn half_heading(&mut self, tab: TabId, headings: &[&str], texts: &[&str]) {
        let heading = headings[self.rng.usize(..headings.len())];
        let text = texts[self.rng.usize(..texts.len())];
        let Some(sheet) = self.office.paper.tab(tab) else { return };
        // A column is found again by what stands over it.
        let text = text.to_owned();
        let Some(column) = sheet.column(heading).filter(|_| sheet.column(&text).is_none()) else { return };
        sheet.cell(At::new(0, column)).text.clone_from(&text);
        self.office.note(|| format!("types {text:?} over {heading:?}"));
        self.half.push(Half::Heading(tab, heading.to_owned(), text));
    }

    /// The next month is made of this one, and for a while has its answers.
    fn copy_month(&mut self) {
        let paper = &mut self.office.paper;
        if paper.tabs.iter().any(|sheet| sheet.id == JULY) {
            return;
        }
        let Some(mut sheet) = paper.tab(JUNE).cloned() else { return };
        (sheet.id, sheet.title) = (JULY, "July Availability".into());
        for cell in &mut sheet.rows[0] {
            if let Some(day) = cell.text.strip_prefix("6/") {
                cell.text = format!("7/{day}");
            }
        }
        paper.tabs.push(sheet);
        self.office.note(|| "makes July of June".into());
        self.half.push(Half::NewTab);
    }

    /// Only the names are sorted, and everything beside them stays.
    fn sort_names(&mut self) {
        let tab = if self.rng.bool() { ROSTER } else { JUNE };
        let Some(sheet) = self.office.paper.tab(tab) else { return };
        let (Some(names), Some(ids)) = (sheet.column("Name"), sheet.column("crew id")) else { return };
        let rows = sheet.named_rows();
        let before: Vec<(String, String)> =
            rows.iter().map(|row| (sheet.text(*row, ids).into(), sheet.text(*row, names).into())).collect();
        if before.iter().any(|(id, name)| id_of(name).as_str() != id) {
            return;
        }
        let mut sorted: Vec<String> = before.iter().map(|(_, name)| name.clone()).collect();
        sorted.sort();
        for (row, name) in rows.iter().zip(&sorted) {
            sheet.cell(At::new(*row, names)).text.clone_from(name);
        }
        self.office.note(|| format!("sorts the names of {tab:?} alone"));
        self.half.push(Half::Names(tab, before));
    }

    /// What was begun is put right.
    fn put_right(&mut self) {
        match self.half.pop() {
            None => {}
            Some(Half::Heading(tab, heading, text)) => {
                let column = self.office.paper.tab(tab).and_then(|sheet| sheet.column(text.trim()));
                if let Some(column) = column {
                    self.put(tab, At::new(0, column), &heading);
                    self.office.note(|| format!("types {heading:?} again"));
                    return;
                }
                // The tab is gone for the moment.
                self.half.insert(0, Half::Heading(tab, heading, text));
            }
            Some(Half::Copied(tab, name)) => {
                let Some(sheet) = self.office.paper.tab(tab) else {
                    self.half.insert(0, Half::Copied(tab, name));
                    return;
                };
                let names = sheet.column("Name").unwrap_or(0);
                let twice: Vec<usize> =
                    sheet.named_rows().into_iter().filter(|row| sheet.text(*row, names) == name).collect();
                // The copy goes, wherever it stands now.
                let is_copy = |row: &&usize| sheet.rows[**row][names].note == "the copy";
                let copy = twice.iter().find(is_copy);
                if let Some(copy) = copy.filter(|_| twice.len() > 1) {
                    sheet.rows.remove(*copy);
                }
                self.office.note(|| format!("deletes the copy of the row of {name}"));
            }
            Some(Half::NewTab) => {
                self.office.paper.tabs.retain(|sheet| sheet.id != JULY);
                self.office.note(|| "deletes July".into());
            }
            Some(Half::Names(tab, before)) => {
                let Some(sheet) = self.office.paper.tab(tab) else {
                    self.half.insert(0, Half::Names(tab, before));
                    return;
                };
                let (names, ids) = (sheet.column("Name").unwrap_or(0), sheet.column("crew id"));
                for row in 1..sheet.rows.len() {
                    let id = ids.map_or("", |ids| sheet.text(row, ids));
                    if let Some((_, name)) = before.iter().find(|(known, _)| known == id) {
                        let name = name.clone();
                        sheet.cell(At::new(row, names)).text = name;
                    }
                }
                self.office.note(|| "the names are put right".into());
            }
            Some(Half::Tab(sheet)) => {
                self.office.paper.tabs.push(sheet);
                self.office.note(|| "brings June back".into());
            }
        }
    }

    /// A new person, in the sheet or in the store.
    fn somebody_new(&mut self) {
        let name = NAMES[4];
        let stands = self.office.paper.tabs.iter().any(|sheet| {
            sheet
                .column("Name")
                .is_some_and(|names| (1..sheet.rows.len()).any(|row| sheet.text(row, names) == name))
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

    /// Everything that was begun is put right, what hangs lands, and it becomes quiet.
    fn end(&mut self) -> Vec<String> {
        self.office.note(|| "the end: all is put right".into());
        while !self.half.is_empty() {
            // A tab comes back before what was half done in it.
            self.half.sort_by_key(|half| matches!(half, Half::Tab(_)));
            self.put_right();
        }
        while self.office.hanging.is_some() {
            self.land();
            self.quiet_sync();
        }
        let mut wrong = Vec::new();
        let mut rounds = 0;
        while self.quiet_sync() > 0 {
            rounds += 1;
            if rounds > 6 {
                wrong.push("it does not become quiet".into());
                return wrong;
            }
        }
        for member in self.office.store.values() {
            for date in member
                .availability
                .keys()
                .filter(|date| DAYS.iter().all(|day_of| day(day_of) != Some(**date)))
            {
                wrong.push(format!("{} has said something of {date}, which nobody wrote", member.crew_id));
            }
        }
        let both = self.office.both();
        for ((person, item), (sheet, store)) in &both {
            if !same(sheet, store) {
                wrong
                    .push(format!("{person} {}: the sheet says {sheet:?}, the store {store:?}", item.name()));
            }
        }
        for ((person, item), said) in &self.office.typed {
            let Some((sheet, _)) = both.get(&(person.clone(), *item)) else { continue };
            let answered = self.office.answered.get(&(person.clone(), *item));
            let replaced =
                answered.is_some_and(|answered| answered.at > said.at && (said.taken || answered.unseen));
            if !(said.unseen || same(sheet, &said.words) || said.conflict || replaced) {
                wrong.push(format!(
                    "{person} {}: {:?} was typed and is lost; it says {sheet:?}",
                    item.name(),
                    said.words
                ));
            }
        }
        for ((person, item), said) in &self.office.answered {
            let Some((sheet, _)) = both.get(&(person.clone(), *item)) else { continue };
            let typed = self.office.typed.get(&(person.clone(), *item));
            let replaced = typed.is_some_and(|typed| typed.at > said.at && (said.taken || typed.unseen));
            if !(said.unseen || same(sheet, &said.words) || said.conflict || replaced) {
                wrong.push(format!(
                    "{person} {}: {:?} was answered and is lost; it says {sheet:?}",
                    item.name(),
                    said.words
                ));
            }
        }
        wrong
    }

    /// Whoever is asked about a row with the id of one and the name of another sees that the name is right, and empties the
    /// id. Says how often that was.
    fn answer_torn(&mut self, book: &Book) -> usize {
        let asks = self.office.plan(book).asks;
        let torn = asks.into_iter().filter(|ask| matches!(ask.why, Why::Torn { .. }));
        let torn: Vec<_> = torn.map(|ask| ask.at).collect();
        for at in &torn {
            let sheet = self.office.paper.tabs.iter_mut().find(|sheet| sheet.title == at.tab);
            let Some(sheet) = sheet else { continue };
            if let Some(ids) = sheet.column("crew id") {
                sheet.cell(At::new(at.at.row, ids)).text.clear();
            }
        }
        torn.len()
    }

    fn quiet_sync(&mut self) -> usize {
        let (book, copies) = (self.office.paper.read(), self.office.paper.copies.clone());
        self.office.note(|| "quiet sync".into());
        let (done, stops) = self.office.sync(&book, &copies, Fate::Done);
        let answered = self.answer_torn(&book);
        let done = done + answered;
        let meant = stops.iter().filter(|stop| matches!(stop, Stop::Surge { .. }));
        let meant: Vec<TabId> = meant.map(Stop::tab).collect();
        let news = meant.iter().filter(|tab| self.office.memory.accepted.insert(**tab)).count();
        done + news
    }
}
