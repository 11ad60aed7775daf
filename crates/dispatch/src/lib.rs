//! The rules of crewcall, and nothing else.
//!
//! This crate decides who is asked to crew a charter, in which order, for how long, and what
//! follows from each answer. It is pure: no clock, no randomness, no files, no network, no async.
//! The time is an argument, a decision is data, and whoever calls it does the work.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`model`] | charters, crew members, ranks, ids, money, addresses: parsed once, right from then on |
//! | [`policy`] | the operator's settings: response window, grace, turnaround |
//! | [`eligibility`] | may this person be asked for this charter, and if not, why not |
//! | [`commitments`] | one person's sails, asked and confirmed: what keeps them off two boats at once |
//! | [`cascade`] | the ranked asking itself: `decide(state, people, command, context)` |
//! | [`vessel`] | a boat's papers, and which rules are checked before it sails |
//! | [`link`] | the tokens in crew links |
//! | [`sheet`] | the office's spreadsheet: reading people's cells, and the merge of what it and the store say |
//! | [`signs`] | signs of life, from which a downtime is known |
//! | [`limits`] | every limit of the program, as a number with its unit |

// A panic is a bug: tests may have them, the program has not.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod cascade;
pub mod commitments;
pub mod eligibility;
pub mod limits;
pub mod link;
pub mod model;
pub mod policy;
pub mod sheet;
pub mod signs;
pub mod statement;
pub mod vessel;
