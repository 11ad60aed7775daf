//! Workbooks as offices have them, read cell by cell: right, or asked. What is right stands beside each of them in
//! `tests/workbooks`, and was written down by somebody who had not seen the reading.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crewcall::workbook;
use crewcall_dispatch::model::{Availability, CrewId, Hours, Meaning, Rank};
use crewcall_dispatch::sheet::{
    Answers, At, Book, Field, Held, Holds, Item, Known, Reading, Says, Tab, Table, letters,
};
use jiff::civil::Time;
use serde_json::{Map, Value};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks")
}

/// Compares one workbook with its truth; every difference is a line.
fn differences(name: &str) -> Vec<String> {
    let file = std::fs::read(directory().join(name).with_extension("xlsx")).unwrap();
    let truth = std::fs::read(directory().join(name).with_extension("json")).unwrap();
    let truth: Value = serde_json::from_slice(&truth).unwrap();
    let book = workbook::read(&file).unwrap();
    let ranks: Vec<Rank> =
        ["captain", "mate", "deckhand", "host"].iter().map(|rank| rank.parse().unwrap()).collect();
    let answers = Answers::default();
    let known = Known {
        today: truth["today"].as_str().unwrap().parse().unwrap(),
        ranks: &ranks,
        people: Vec::new(),
        answers: &answers,
        charters: BTreeSet::new(),
        bound: BTreeMap::new(),
    };
    let reading = Reading::of(&book, &known);
    let mut compared =
        Compared { book: &book, known: &known, reading: &reading, names: BTreeMap::new(), lines: Vec::new() };
    for (title, people) in truth["roster"].as_object().unwrap() {
        compared.roster(title, people.as_object().unwrap());
    }
    for (title, month) in truth["months"].as_object().unwrap() {
        compared.month(title, month);
    }
    for tab in &reading.tabs {
        let spoken_of = truth["roster"].get(&tab.title).or(truth["months"].get(&tab.title)).is_some();
        if !spoken_of && !matches!(tab.holds, Holds::Nothing) {
            compared.lines.push(format!("{:?} is none of ours, and was read", tab.title));
        }
    }
    compared.lines
}

struct Compared<'a> {
    book: &'a Book,
    known: &'a Known<'a>,
    reading: &'a Reading,
    /// What the truth calls whom the reading gave an id.
    names: BTreeMap<CrewId, Vec<String>>,
    lines: Vec<String>,
}

impl Compared<'_> {
    fn same(&mut self, place: &str, read: &str, truth: &str) {
        if read != truth {
            self.lines.push(format!("{place}: read {read:?}, and it is {truth:?}"));
        }
    }

    fn roster(&mut self, title: &str, truth: &Map<String, Value>) {
        let Some((id, table)) = self.reading.roster() else {
            self.lines.push("no roster was found".into());
            return;
        };
        let tab = self.book.tab(id).unwrap();
        self.same("the roster's tab", &tab.title, title);
        let cells = self.reading.cells(self.book, self.known);
        let rows: BTreeMap<String, _> =
            table.rows.iter().map(|row| ((row.row + 1).to_string(), row)).collect();
        let both: BTreeSet<&String> = rows.keys().chain(truth.keys()).collect();
        for number in both {
            let place = format!("{title}!{number}");
            match (rows.get(number), truth.get(number)) {
                (Some(row), Some(Value::String(_))) => {
                    // A person of whom something is missing is asked about as well.
                    let asked = match &row.person {
                        Ok(id) => {
                            let of = |field| cells.get(id, Item::Field(field));
                            let unusable = Field::ALL
                                .iter()
                                .any(|field| of(*field).is_some_and(|cell| cell.says == Says::Unusable));
                            unusable || of(Field::Rank).is_none_or(|cell| cell.says == Says::Words(None))
                        }
                        Err(_) => true,
                    };
                    if !asked {
                        self.lines.push(format!("{place}: read as {:?}, and has to be asked", row.person));
                    }
                }
                (Some(row), Some(Value::Object(truth))) => {
                    let Ok(id) = &row.person else {
                        self.lines.push(format!("{place}: {:?}, and it is {truth:?}", row.person));
                        continue;
                    };
                    let name = truth["name"].as_str().unwrap().to_owned();
                    let email = truth.get("email").and_then(Value::as_str).unwrap_or_default();
                    self.names.insert(id.clone(), vec![name.clone(), format!("{name} <{email}>")]);
                    let said = |field| match cells.get(id, Item::Field(field)).map(|cell| &cell.says) {
                        Some(Says::Words(words)) => words.clone().unwrap_or_default(),
                        other => format!("{other:?}"),
                    };
                    let text = |key: &str| {
                        truth.get(key).map_or(String::new(), |value| {
                            value.as_str().map_or(value.to_string(), str::to_owned)
                        })
                    };
                    let digits = |text: &str| {
                        text.chars()
                            .filter(char::is_ascii_digit)
                            .collect::<String>()
                            .trim_start_matches('1')
                            .to_owned()
                    };
                    if table.column_of(Field::Name).is_some() {
                        self.same(&format!("{place} name"), &said(Field::Name), &name);
                    }
                    self.same(&format!("{place} rank"), &said(Field::Rank), &text("rank"));
                    if table.column_of(Field::Email).is_some() {
                        self.same(
                            &format!("{place} email"),
                            &said(Field::Email).to_lowercase(),
                            &text("email").to_lowercase(),
                        );
                    }
                    if table.column_of(Field::Phone).is_some() {
                        self.same(
                            &format!("{place} phone"),
                            &digits(&said(Field::Phone)),
                            &digits(&text("phone")),
                        );
                    }
                    if table.column_of(Field::Order).is_some() {
                        self.same(&format!("{place} order"), &said(Field::Order), &text("order"));
                    }
                }
                (None, Some(truth)) => self.lines.push(format!("{place}: not read, and it is {truth}")),
                (row, truth) => self.lines.push(format!("{place}: read as {row:?}, and it is {truth:?}")),
            }
        }
        self.usual_crew(title, table, truth, &cells);
    }

    fn usual_crew(
        &mut self,
        title: &str,
        table: &Table,
        truth: &Map<String, Value>,
        cells: &crewcall_dispatch::sheet::Cells,
    ) {
        if table.column_of(Field::UsualCrew).is_none() {
            return;
        }
        for row in &table.rows {
            let Some(names) =
                truth.get(&(row.row + 1).to_string()).and_then(|person| person.get("usual_crew"))
            else {
                continue;
            };
            let Ok(id) = &row.person else { continue };
            let wanted: Vec<&str> =
                names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
            let read = match &cells.get(id, Item::Field(Field::UsualCrew)).unwrap().says {
                Says::Words(Some(ids)) => ids
                    .split(' ')
                    .map(|id| self.names.get(&id.parse::<CrewId>().unwrap()).map_or("?", |names| &names[0]))
                    .collect(),
                _ => Vec::new(),
            };
            let (read, wanted) = (read.join(", "), wanted.join(", "));
            self.same(&format!("{title}!{} usual crew", row.row + 1), &read, &wanted);
        }
    }

    fn month(&mut self, title: &str, truth: &Value) {
        let Some(read) = self.reading.tabs.iter().find(|tab| tab.title == title) else {
            self.lines.push(format!("{title}: there is no such tab"));
            return;
        };
        let tab = self.book.tab(read.id).unwrap();
        let days = |table: &Table| table.columns.iter().any(|column| column.holds.day().is_some());
        if truth == "ask" {
            if read.tables().iter().any(days) {
                self.lines.push(format!("{title}: was read, and has to be asked"));
            }
            return;
        }
        let Holds::Days(tables) = &read.holds else {
            self.lines.push(format!("{title}: not read as a month, but as {:?}", read.holds));
            return;
        };
        let (mut dates, mut people, mut cells) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (nth, table) in tables.iter().enumerate() {
            for column in &table.columns {
                let date = match &column.holds {
                    Held::Day(date) => date.to_string(),
                    _ => "ask".into(),
                };
                dates.insert(letters(column.column), date);
            }
            for row in &table.rows {
                let place = if nth == 0 {
                    format!("{}", row.row + 1)
                } else {
                    format!("{}{}", letters(row.named_in), row.row + 1)
                };
                people.insert(place, row.person.clone());
            }
            self.cells(tab, table, &mut cells);
        }
        let truth_of = |key: &str| -> BTreeMap<String, String> {
            let object = truth[key].as_object().unwrap().iter();
            object.map(|(place, value)| (place.clone(), value.as_str().unwrap().to_owned())).collect()
        };
        self.both(&format!("{title} date"), &dates, &truth_of("dates"));
        let mut named = BTreeMap::new();
        let true_people = truth_of("people");
        for (place, person) in people {
            let truth = true_people.get(&place).cloned().unwrap_or_default();
            let name = match person {
                Ok(id) => match self.names.get(&id) {
                    Some(names) if names.contains(&truth) => truth,
                    Some(names) => names[0].clone(),
                    // Of whoever has to be asked about in the roster it stays open.
                    None => continue,
                },
                Err(_) => "ask".into(),
            };
            named.insert(place, name);
        }
        self.both(&format!("{title} row"), &named, &true_people);
        self.both(&format!("{title} cell"), &cells, &truth_of("cells"));
    }

    fn cells(&self, tab: &Tab, table: &Table, cells: &mut BTreeMap<String, String>) {
        let all = self.reading.cells(self.book, self.known);
        for (row, column, at) in table.cells() {
            let (Ok(person), Some(date)) = (&row.person, column.holds.day()) else { continue };
            if !self.names.contains_key(person) {
                continue;
            }
            let cell = all.get(person, Item::Day(date)).unwrap();
            assert_eq!(cell.at, at, "{} {}", tab.title, at);
            let said = match (&cell.ask, &cell.says) {
                (Some(_), _) => "ask".into(),
                (None, Says::Words(None)) => continue,
                (None, Says::Words(Some(words))) => meaning(words),
                (None, other) => format!("{other:?}"),
            };
            cells.insert(At::to_string(&at), said);
        }
    }

    fn both(&mut self, what: &str, read: &BTreeMap<String, String>, truth: &BTreeMap<String, String>) {
        let places: BTreeSet<&String> = read.keys().chain(truth.keys()).collect();
        for place in places {
            let of = |map: &BTreeMap<String, String>| {
                map.get(place).cloned().unwrap_or_else(|| "(nothing)".into())
            };
            self.same(&format!("{what} {place}"), &of(read), &of(truth));
        }
    }
}

fn meaning(words: &str) -> String {
    let end = |until: Option<Time>| until.map_or("24:00".into(), |until| until.strftime("%H:%M").to_string());
    match Availability::parse(words).meaning() {
        Meaning::Available => "available".into(),
        Meaning::Unavailable => "unavailable".into(),
        Meaning::Within(Hours { from, until }) => format!("within {}-{}", from.strftime("%H:%M"), end(until)),
        Meaning::Unclear => "unclear".into(),
    }
}

#[test]
fn every_workbook_is_read_right_or_asked() {
    let mut names: Vec<String> = std::fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "xlsx"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 12, "{names:?}");
    let wrong: Vec<String> = names
        .iter()
        .flat_map(|name| differences(name).into_iter().map(move |line| format!("{name}: {line}")))
        .collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}
