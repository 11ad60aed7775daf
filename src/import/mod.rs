//! Reading what people and other tools hand in: files, standard input, JSON, CSV.
//!
//! Nothing here writes to the store. A reading either comes out whole or with every fault in it,
//! each named by its place, so that one look at the sentences is enough to correct the file.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`input`] | text from a file or from standard input, within limits |
//! | [`json`] | JSON that says what it means: no attribute twice, no number that cannot be kept |
//! | [`roster`] | crew records, from JSON or CSV |
//! | [`charter`] | one charter, from JSON |
//! | [`figures`] | what sails came to, by flags or from CSV |
//! | [`workbook`] | crew records and availability, from .xlsx |

pub mod charter;
mod csv;
pub mod figures;
pub mod input;
pub mod json;
pub mod roster;
pub mod workbook;
