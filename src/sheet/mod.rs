//! Keeping the office's Google Sheet and the store the same.
//!
//! A round reads the sheet (one call), gathers what the store has, lets the rules plan (`crewcall_dispatch::sheet`), commits
//! what the store takes, and writes what the sheet takes (one call, which also says what stood there before). Where nothing
//! changed, that is one call and no write at all.
//!
//! | file | what |
//! | --- | --- |
//! | `sync` | one round, in its order |
//! | `keep` | what is remembered is kept, while others write there, too |
//! | `gather` | what the store has |
//! | `take` | what the store takes over |
//! | `state` | what is remembered between two rounds, as rows of the store |
//! | `outstanding` | the batch that is on its way |
//! | `needs` | what it needs from the office |
//! | `export` | a workbook as the office would have it |
//! | `answer` | what the operator answers when asked |
//! | `running`, `pace` | round after round, and how long from one to the next |
//! | `shadow` | only looking, and what would have been done, day by day |
//! | `told` | what a plan wants done, for people |
//! | `events` | the audit: what was taken and written, with the address of the cell |

mod answer;
mod events;
mod export;
mod gather;
mod keep;
mod needs;
mod outstanding;
mod pace;
mod rounds;
mod running;
mod shadow;
mod state;
mod sync;
mod take;
pub(crate) mod told;

pub use answer::{Answer, answer, answers};
pub use events::{SheetEvent, SheetEvents, What, history};
pub use export::{ExportError, Exported, export};
pub use needs::{Asked, Last, Needs, needs};
pub use rounds::last_round;
pub use running::{Mode, run};
pub use shadow::{ShadowDay, shadow_days};
pub use state::SheetState;
pub use sync::{Round, Sync, SyncError, Waits};
