//! A batch on its way: what it wrote over is found out when its answer comes, or, if that is lost, by what is kept here.

use std::collections::BTreeMap;
use std::sync::Arc;

use crewcall_dispatch::sheet::Batch;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::{BODY_BYTES, Expect, Key, Record, Store, StoreError, Table, Versioned, Write, read_many};

/// Bytes of a batch that stands in the row itself. A larger one is cut into rows of its own.
const INLINE_BYTES: usize = BODY_BYTES / 4;
/// Bytes of a piece. As a text in JSON it is up to twice as long.
const PIECE_BYTES: usize = BODY_BYTES / 3;

/// A batch of which it is not known what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Outstanding {
    /// What is written. In the row there is only its id if it stands in pieces.
    pub(super) batch: Batch,
    /// In how many rows it stands.
    #[serde(default)]
    pieces: usize,
    pub(super) sent_at: Timestamp,
    /// There was no answer: it may be carried out yet.
    pub(super) open: bool,
}

/// A part of a batch, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    id: String,
    json: String,
}

impl Record for Piece {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// The pieces that were read.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces(BTreeMap<usize, Versioned<Piece>>);

impl Outstanding {
    pub(super) fn new(batch: &Batch, now: Timestamp) -> Self {
        Self { batch: batch.clone(), pieces: 0, sent_at: now, open: true }
    }

    /// It was answered, though it is not known with what: nothing of it happens any more.
    pub(super) fn answered(self) -> Self {
        Self { open: false, ..self }
    }

    /// Puts the batch together.
    pub(super) async fn joined(&mut self, store: &dyn Store) -> Result<Pieces, StoreError> {
        let ids: Vec<String> = (0..self.pieces).map(|nth| piece_id(&self.batch.id, nth)).collect();
        let pieces = read_many::<Piece>(store, &ids).await?.into_iter().enumerate();
        let pieces: BTreeMap<usize, Versioned<Piece>> =
            pieces.filter_map(|(nth, piece)| Some((nth, piece?))).collect();
        let json: String = pieces.values().map(|piece| piece.value.json.as_str()).collect();
        if self.pieces == 0 {
            return Ok(Pieces::default());
        }
        // If a piece is missing, only the id is left: the next reading shows what was carried out, not what was written over.
        if let Ok(batch) = serde_json::from_str(&json) {
            self.batch = batch;
        }
        Ok(Pieces(pieces))
    }

    /// As it stands in the row, with the writes of its pieces.
    pub(super) fn cut(&mut self, known: &Pieces) -> Result<Vec<Write>, StoreError> {
        self.pieces = 0;
        let json = serde_json::to_string(&self.batch).map_err(|error| StoreError::Unwritable {
            key: Key::new(Table::Service, piece_id(&self.batch.id, 0)),
            cause: Arc::new(error),
        })?;
        if json.len() <= INLINE_BYTES {
            return Ok(Vec::new());
        }
        self.batch.id = std::mem::take(&mut self.batch).id;
        let mut writes = Vec::new();
        let mut rest = json.as_str();
        while !rest.is_empty() {
            let (json, further) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
            let piece = Piece { id: piece_id(&self.batch.id, self.pieces), json: json.to_owned() };
            let before = known.0.get(&self.pieces).filter(|before| before.value.id == piece.id);
            if before.is_none_or(|before| before.value != piece) {
                writes.push(Write::put(&piece, before.map_or(Expect::Any, Versioned::expected))?);
            }
            (self.pieces, rest) = (self.pieces + 1, further);
        }
        Ok(writes)
    }
}

impl Pieces {
    /// The writes that take away those that are none of this batch, which stands as it is cut.
    pub(super) fn removed(&self, now: Option<&Outstanding>) -> Vec<Write> {
        let is_of_it = |nth: usize, id: &str| {
            now.is_some_and(|now| nth < now.pieces && piece_id(&now.batch.id, nth) == id)
        };
        let gone = self.0.iter().filter(|(nth, piece)| !is_of_it(**nth, &piece.value.id));
        gone.map(|(_, piece)| Write::delete::<Piece>(&piece.value.id, piece.version)).collect()
    }
}

/// No two batches have one piece: whoever writes theirs leaves those of another one as they are.
fn piece_id(batch: &str, nth: usize) -> String {
    format!("sheet/batch/{batch}/{nth}")
}
