//! The program around the rules of `crewcall-dispatch`: stores, mail, pages and commands.

// A panic is a bug: tests may have them, the program has not.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod app;
mod aside;
#[cfg(feature = "aws")]
mod aws;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod google;
pub mod import;
#[cfg(feature = "aws")]
mod lambda;
pub mod letters;
pub mod mail;
pub mod openid;
pub mod operator;
pub mod outbox;
mod plain;
mod random;
pub mod secret;
pub mod sheet;
pub mod statement;
pub mod store;
pub mod tick;
pub mod times;
pub mod web;
pub mod words;
pub mod workbook;
