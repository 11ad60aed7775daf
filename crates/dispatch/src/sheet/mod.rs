//! The office's spreadsheet: reading what people write there, and keeping it and the store the same.
//!
//! The sheet stays the office's tool. So nothing in it has to stand in a certain place: tabs are known by their ids, rows by
//! whose they are, columns by what stands over them. What is not understood is left as it is, and somebody is asked.
//!
//! | file | what |
//! | --- | --- |
//! | `book` | a spreadsheet or workbook as it was read |
//! | `reading` | all of a book: which tab is what, and what its cells say |
//! | `cells` | the cells that are kept in step, as they are read |
//! | `roster`, `days`, `charters` | the three kinds of tabs |
//! | `header`, `dates` | which column is which day |
//! | `fields` | the columns of a roster, and their cells |
//! | `rows`, `names` | whose a row is |
//! | `words` | what a cell of a day says, and the sails in it |
//! | `table`, `why`, `unread` | what is found, and why something is not read |
//! | `merge` | one cell, three ways |
//! | `item` | what is kept the same, and how a crew record has it |
//! | `memory` | what both sides last had |
//! | `plan/` | what sheet and store have to tell each other |
//! | `batch` | writing where people write at the same time |
//! | `note` | what is pinned to cells |
//! | `lay_out`, `as_written` | a book anew, as the office would have it; whether one that is read says no more than that |
//! | `month` | the months to come, and what their tabs are called |
//! | `new_month`, `rewrite` | the tab of another month, made of the last one; its headings |

mod as_written;
mod batch;
mod book;
mod cells;
mod charters;
mod dates;
mod days;
mod fields;
mod header;
mod item;
mod lay_out;
mod memory;
mod merge;
mod month;
mod names;
mod new_month;
mod note;
mod plan;
mod reading;
mod rewrite;
mod roster;
mod rows;
mod table;
mod unread;
mod why;
mod words;

pub use batch::{Batch, Overwrote};
pub use book::{Address, Area, At, Book, Cell, Protected, Tab, TabId, letters};
pub use cells::{CellRead, Cells, Says};
pub use charters::CharterField;
pub use dates::serial as serial_date;
pub use fields::{CREW_ID, Field};
pub use header::HEADER_ROWS;
pub use item::Item;
pub use lay_out::lay_out;
pub use memory::{Conflict, Memory, Overwritten, Stray, TabMemory};
pub use merge::{Merged, Side, merge};
pub use month::months_to_come;
pub use new_month::{NewHeading, NewMonth, NoNewMonth};
pub use plan::{Ask, Change, Edit, Listed, Owner, Plan, Sides, Stop, plan};
pub use reading::Reading;
pub use table::{Answers, Bound, Column, Held, Holds, Known, Person, Row, TabRead, Table};
pub use why::Why;
pub use words::{AGREED, Legend, day_text, legend_key};
