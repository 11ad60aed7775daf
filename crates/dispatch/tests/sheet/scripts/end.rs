//! The end of a script, and what has to be true then.

use crewcall_dispatch::sheet::{At, Book, Stop, TabId, Why};

use super::half::Half;
use super::{JUNE, Script};
use crate::office::{DAYS, Fate, day, same};

impl Script {
    /// Everything that was begun is put right, what hangs lands, and it becomes quiet.
    pub(super) fn end(&mut self) -> Vec<String> {
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
            if rounds > if self.office.room < usize::MAX { 60 } else { 6 } {
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
    /// id; whoever is asked about a day whose answers are gone says that it is meant. Says how often that was.
    fn answer_questions(&mut self, book: &Book) -> usize {
        let asks = self.office.plan(book).asks;
        let emptied = asks.iter().filter(|ask| matches!(ask.why, Why::Emptied { .. })).count();
        if emptied > 0 {
            self.office.memory.accepted.insert(JUNE);
        }
        let torn = asks.into_iter().filter(|ask| matches!(ask.why, Why::Torn { .. }));
        let torn: Vec<_> = torn.map(|ask| ask.at).collect();
        for at in &torn {
            let sheet = self.office.paper.tabs.iter_mut().find(|sheet| sheet.title == at.tab);
            let Some(sheet) = sheet else { continue };
            if let Some(ids) = sheet.column("crew id") {
                sheet.cell(At::new(at.at.row, ids)).text.clear();
            }
        }
        torn.len() + emptied
    }

    fn quiet_sync(&mut self) -> usize {
        let (book, copies) = (self.office.paper.read(), self.office.paper.copies.clone());
        self.office.note(|| "quiet sync".into());
        let (done, stops) = self.office.sync(&book, &copies, Fate::Done);
        let answered = self.answer_questions(&book);
        let done = done + answered;
        let meant = stops.iter().filter(|stop| matches!(stop, Stop::Surge { .. }));
        let meant: Vec<TabId> = meant.map(Stop::tab).collect();
        let news = meant.iter().filter(|tab| self.office.memory.accepted.insert(**tab)).count();
        done + news
    }
}
