//! What is remembered between two rounds. The answers, the open questions and a batch on its way stand in one row, which is
//! also the lock: whoever goes on from it names its version. What both sides last had of a tab stands in further ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use crewcall_dispatch::model::{CharterId, CrewId};
use crewcall_dispatch::sheet::{
    Answers, Bound, CharterField, Conflict, Item, Memory, Overwritten, Stray, TabId, TabMemory,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::needs::Last;
use super::outstanding::{Outstanding, Pieces};
use crate::store::{Expect, Record, Store, StoreError, Table, Versioned, Write, read, read_many};

/// The id of the row.
pub(super) const SHEET: &str = "sheet";
/// Bytes of words in one row of a tab, about: far below what a store takes.
const CHUNK_BYTES: usize = 200 * 1024;
/// What the rows of charters are of.
const CHARTERS: &str = "charters";

/// What was said by whom, or of which charter; what is not said is not there.
type Rows = BTreeMap<String, BTreeMap<String, String>>;

/// The row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SheetState {
    /// Which spreadsheet it is about.
    pub spreadsheet_id: String,
    pub(super) tabs: Vec<TabState>,
    /// In how many rows it stands what was written of charters.
    pub(super) charter_chunks: usize,
    /// What the operator answered.
    pub answers: Answers,
    pub(super) conflicts: Vec<Of<Conflict>>,
    pub(super) overwritten: Vec<Of<Overwritten>>,
    pub(super) strays: Vec<Stray>,
    /// Tabs whose great changes are meant.
    pub accepted: BTreeSet<TabId>,
    /// A batch of which it is not known what became of it.
    pub(super) outstanding: Option<Outstanding>,
    /// Until when somebody is at it.
    pub(super) busy_until: Option<Timestamp>,
    /// What the last round found.
    pub last: Last,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct TabState {
    id: TabId,
    title: String,
    bound: Bound,
    items: Vec<String>,
    chunks: usize,
    #[serde(default)]
    gone: BTreeSet<CrewId>,
}

/// Something of somebody's item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Of<T> {
    pub(super) person: CrewId,
    pub(super) item: String,
    pub(super) is: T,
}

impl Record for SheetState {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        SHEET.into()
    }
}

/// What both sides last had of a part of a tab: a column for each item, a row for each person, or charter. What is not said
/// is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Chunk {
    id: String,
    items: Vec<String>,
    rows: BTreeMap<String, Vec<String>>,
}

impl Record for Chunk {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// What was read, with the versions that writing it again names.
#[derive(Debug, Clone, Default)]
pub(super) struct Remembered {
    pub(super) state: SheetState,
    pub(super) memory: Memory,
    version: Option<u64>,
    chunks: BTreeMap<String, Versioned<Chunk>>,
    pieces: Pieces,
}

/// The writes that keep what is remembered, in the order in which they have to be committed.
pub(super) struct Writes {
    /// What both sides last had, and what is on its way.
    pub(super) before: Vec<Write>,
    /// The row.
    pub(super) row: Write,
    /// What nobody needs any more then.
    pub(super) after: Vec<Write>,
}

impl Remembered {
    /// What is remembered of this spreadsheet. Of another one only the answers count that are about words and names.
    pub(super) async fn read(store: &dyn Store, spreadsheet_id: &str) -> Result<Self, StoreError> {
        let Some(Versioned { version, value: mut state }) = read::<SheetState>(store, SHEET).await? else {
            let state = SheetState { spreadsheet_id: spreadsheet_id.to_owned(), ..SheetState::default() };
            return Ok(Self { state, ..Self::default() });
        };
        let ids = state.tabs.iter().flat_map(|tab| (0..tab.chunks).map(|nth| chunk_id(tab.id.0, nth)));
        let of_charters = (0..state.charter_chunks).map(|nth| chunk_id(CHARTERS, nth));
        let ids: Vec<String> = ids.chain(of_charters).collect();
        let chunks = read_many::<Chunk>(store, &ids).await?.into_iter().flatten();
        let chunks: BTreeMap<String, Versioned<Chunk>> =
            chunks.map(|chunk| (chunk.value.id.clone(), chunk)).collect();
        if state.spreadsheet_id != spreadsheet_id {
            let answers = Answers { ignored: BTreeSet::new(), ..state.answers };
            state =
                SheetState { spreadsheet_id: spreadsheet_id.to_owned(), answers, ..SheetState::default() };
        }
        let memory = memory(&state, &chunks);
        let pieces = match &mut state.outstanding {
            Some(outstanding) => outstanding.joined(store).await?,
            None => Pieces::default(),
        };
        Ok(Self { state, memory, version: Some(version), chunks, pieces })
    }

    /// Whether nothing of this differs.
    pub(super) fn is(&self, state: &SheetState, memory: &Memory) -> bool {
        self.state == *state && self.memory == *memory
    }

    /// The writes that keep this.
    pub(super) fn writes(&self, mut state: SheetState, memory: &Memory) -> Result<Writes, StoreError> {
        let mut writes = Vec::new();
        state.tabs = Vec::with_capacity(memory.tabs.len());
        let mut all = Vec::new();
        for (id, tab) in &memory.tabs {
            let of_person = |(person, said): (&CrewId, &BTreeMap<Item, String>)| {
                let said = said.iter().map(|(item, words)| (item.name(), words.clone()));
                (person.to_string(), said.collect())
            };
            let chunks = chunks_of(id.0, tab.people.iter().map(of_person).collect());
            let items = tab.items.iter().map(|item| item.name()).collect();
            let (title, bound) = (tab.title.clone(), tab.bound);
            state.tabs.push(TabState {
                id: *id,
                title,
                bound,
                items,
                chunks: chunks.len(),
                gone: tab.gone.clone(),
            });
            all.extend(chunks);
        }
        let of_charter = |(id, said): (&CharterId, &BTreeMap<CharterField, String>)| {
            let said = said.iter().map(|(field, text)| (field.heading().to_owned(), text.clone()));
            (id.to_string(), said.collect())
        };
        let charters = chunks_of(CHARTERS, memory.charters.iter().map(of_charter).collect());
        state.charter_chunks = if memory.charters.is_empty() { 0 } else { charters.len() };
        all.extend(charters.into_iter().take(state.charter_chunks));
        for chunk in all {
            let known = self.chunks.get(&chunk.id);
            if known.is_none_or(|known| known.value != chunk) {
                // One that is not known is of a round that did not come to its end, or of another sheet: the row guards it.
                writes.push(Write::put(&chunk, known.map_or(Expect::Any, Versioned::expected))?);
            }
        }
        let of = |(person, item): &(CrewId, Item)| (person.clone(), item.name());
        state.conflicts = memory.conflicts.iter().map(|(whose, is)| Of::new(of(whose), is)).collect();
        state.overwritten = memory.overwritten.iter().map(|(whose, is)| Of::new(of(whose), is)).collect();
        state.strays.clone_from(&memory.strays);
        state.answers = memory.answers.clone();
        state.accepted.clone_from(&memory.accepted);
        if let Some(outstanding) = &mut state.outstanding {
            writes.extend(outstanding.cut(&self.pieces)?);
        }
        let expect = self.version.map_or(Expect::Absent, Expect::Version);
        let removed = self.pieces.removed(state.outstanding.as_ref());
        Ok(Writes { before: writes, row: Write::put(&state, expect)?, after: removed })
    }
}

impl<T: Clone> Of<T> {
    fn new((person, item): (CrewId, String), is: &T) -> Self {
        Self { person, item, is: is.clone() }
    }
}

fn chunk_id(of: impl Display, nth: usize) -> String {
    format!("sheet/{of}/{nth}")
}

fn chunks_of(of: impl Display, rows: Rows) -> Vec<Chunk> {
    let items: BTreeSet<&String> = rows.values().flat_map(BTreeMap::keys).collect();
    let items: Vec<String> = items.into_iter().cloned().collect();
    let empty = |nth| Chunk { id: chunk_id(&of, nth), items: items.clone(), rows: BTreeMap::new() };
    let (mut chunks, mut bytes) = (vec![empty(0)], 0);
    for (whose, said) in rows {
        let words: Vec<String> =
            items.iter().map(|item| said.get(item).cloned().unwrap_or_default()).collect();
        bytes += words.iter().map(|words| words.len() + 3).sum::<usize>() + whose.len();
        if bytes > CHUNK_BYTES {
            chunks.push(empty(chunks.len()));
            bytes = 0;
        }
        if let Some(chunk) = chunks.last_mut() {
            chunk.rows.insert(whose, words);
        }
    }
    chunks
}

/// What stands in these.
fn rows_of(of: impl Display, count: usize, chunks: &BTreeMap<String, Versioned<Chunk>>) -> Rows {
    let mut rows = Rows::new();
    for chunk in (0..count).filter_map(|nth| chunks.get(&chunk_id(&of, nth))).map(|chunk| &chunk.value) {
        for (whose, words) in &chunk.rows {
            let said = chunk.items.iter().zip(words).filter(|(_, words)| !words.is_empty());
            rows.insert(whose.clone(), said.map(|(item, words)| (item.clone(), words.clone())).collect());
        }
    }
    rows
}

fn memory(state: &SheetState, chunks: &BTreeMap<String, Versioned<Chunk>>) -> Memory {
    let tab = |tab: &TabState| {
        let rows = rows_of(tab.id.0, tab.chunks, chunks);
        let person = |(person, said): (String, BTreeMap<String, String>)| {
            let said = said.into_iter().filter_map(|(item, words)| Some((Item::named(&item)?, words)));
            Some((person.parse().ok()?, said.collect()))
        };
        let people = rows.into_iter().filter_map(person).collect();
        let items = tab.items.iter().filter_map(|item| Item::named(item)).collect();
        (
            tab.id,
            TabMemory { title: tab.title.clone(), bound: tab.bound, items, people, gone: tab.gone.clone() },
        )
    };
    let charter = |(id, said): (String, BTreeMap<String, String>)| {
        let said = said.into_iter().filter_map(|(field, text)| Some((CharterField::headed(&field)?, text)));
        Some((id.parse().ok()?, said.collect()))
    };
    let charters = rows_of(CHARTERS, state.charter_chunks, chunks);
    let whose = |person: &CrewId, item: &str| Some((person.clone(), Item::named(item)?));
    Memory {
        tabs: state.tabs.iter().map(tab).collect(),
        charters: charters.into_iter().filter_map(charter).collect(),
        answers: state.answers.clone(),
        conflicts: state
            .conflicts
            .iter()
            .filter_map(|of| Some((whose(&of.person, &of.item)?, of.is.clone())))
            .collect(),
        overwritten: state
            .overwritten
            .iter()
            .filter_map(|of| Some((whose(&of.person, &of.item)?, of.is.clone())))
            .collect(),
        strays: state.strays.clone(),
        accepted: state.accepted.clone(),
    }
}
