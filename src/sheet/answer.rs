//! What the operator answers when asked: remembered, and looked at by the next round.

use crewcall_dispatch::limits;
use crewcall_dispatch::model::CrewId;
use crewcall_dispatch::sheet::{Answers, TabId, legend_key};

use super::state::{Remembered, SHEET, SheetState};
use crate::store::{CommitError, Store, StoreError, read};

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// What words in a day's cell mean; `None` that they are asked about again.
    Words(String, Option<String>),
    /// What the colour of a day's cell means in which nothing is written; `None` that it means nothing.
    Colour(String, Option<String>),
    /// Whose a name is; `None` if it is no person's.
    Name(String, Option<CrewId>),
    /// That a name is asked about again.
    NameAgain(String),
    /// This tab is not to be looked at.
    Ignore(TabId),
    /// This tab is to be looked at again.
    LookAt(TabId),
    /// The great change of this tab is meant.
    Accept(TabId),
}

/// Remembers an answer.
///
/// # Errors
/// If the store fails, or others write there all the time.
pub async fn answer(store: &dyn Store, spreadsheet_id: &str, answer: &Answer) -> Result<(), StoreError> {
    let mut attempts = 0;
    loop {
        let remembered = Remembered::read(store, spreadsheet_id).await?;
        let mut memory = remembered.memory.clone();
        let answers = &mut memory.answers;
        match answer {
            Answer::Words(words, Some(meaning)) => {
                drop(answers.words.insert(legend_key(words), meaning.clone()))
            }
            Answer::Words(words, None) => drop(answers.words.remove(&legend_key(words))),
            Answer::Colour(colour, Some(meaning)) => {
                drop(answers.colours.insert(colour.clone(), meaning.clone()))
            }
            Answer::Colour(colour, None) => drop(answers.colours.remove(colour)),
            Answer::Name(name, whose) => drop(answers.names.insert(legend_key(name), whose.clone())),
            Answer::NameAgain(name) => drop(answers.names.remove(&legend_key(name))),
            Answer::Ignore(tab) => drop(answers.ignored.insert(*tab)),
            Answer::LookAt(tab) => drop(answers.ignored.remove(tab)),
            Answer::Accept(tab) => drop(memory.accepted.insert(*tab)),
        }
        let writes = remembered.writes(remembered.state.clone(), &memory)?;
        attempts += 1;
        match store.commit([writes.before, vec![writes.row], writes.after].concat()).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict(_)) if attempts < limits::COMMIT_ATTEMPTS => {
                tokio::task::yield_now().await
            }
            Err(CommitError::Conflict(key)) => {
                return Err(StoreError::unavailable("remembering an answer", CommitError::Conflict(key)));
            }
            Err(CommitError::Store(error)) => return Err(error),
        }
    }
}

/// What the operator answered so far, whichever sheet it was about.
///
/// # Errors
/// If the store fails.
pub async fn answers(store: &dyn Store) -> Result<Answers, StoreError> {
    let state = read::<SheetState>(store, SHEET).await?;
    // Tabs are those of the sheet.
    let answers = state.map(|state| state.value.answers).unwrap_or_default();
    Ok(Answers { ignored: Default::default(), ..answers })
}
