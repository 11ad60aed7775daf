//! What people begin and put right again.

use crewcall_dispatch::sheet::{At, TabId};

use super::{JULY, JUNE, ROSTER, Script};
use crate::office::{DAYS, id_of};
use crate::paper::Sheet;

/// Something that people begin and put right again.
pub(super) enum Half {
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

impl Script {
    pub(super) fn begin_something(&mut self) {
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
        let header = sheet.header();
        sheet.cell(At::new(header, column)).text.clone_from(&text);
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
        // A copy is known by the ids that it has, too: there are none before the first sync is done.
        let has_ids = |ids| sheet.named_rows().iter().all(|row| !sheet.text(*row, ids).is_empty());
        if !sheet.column("crew id").is_some_and(has_ids) {
            return;
        }
        (sheet.id, sheet.title) = (JULY, "July Availability".into());
        let header = sheet.header();
        for cell in &mut sheet.rows[header] {
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
    pub(super) fn put_right(&mut self) {
        match self.half.pop() {
            None => {}
            Some(Half::Heading(tab, heading, text)) => {
                let sheet = self.office.paper.tab(tab);
                let at = sheet.and_then(|sheet| Some(At::new(sheet.header(), sheet.column(text.trim())?)));
                if let Some(at) = at {
                    self.put(tab, at, &heading);
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

    /// Whether the names stand beside other people's rows: whoever sees that types nothing there before it is put right.
    pub(super) fn is_mixed(&self, tab: TabId) -> bool {
        self.half.iter().any(|half| matches!(half, Half::Names(mixed, _) if *mixed == tab))
    }

    /// Whether something is wrong in a tab that people see when they look.
    pub(super) fn is_half(&self, tab: TabId) -> bool {
        let of_it = |half: &Half| matches!(half, Half::Heading(of, ..) if *of == tab);
        self.is_mixed(tab) || self.half.iter().any(of_it)
    }
}
