//! The pages, asked over HTTP requests as a browser or a scanner would.

mod add;
mod afterwards;
mod answers;
mod api;
mod base_path;
mod board;
mod calendar;
mod controls;
mod days_off;
mod form;
mod limits;
mod mailed_link;
mod offer_page;
mod own_days;
mod own_page;
mod plan;
mod reading;
mod refusals;
mod roles;
mod roster;
pub(crate) mod sign_in;
mod statements;
mod thread;
mod unreachable;
mod users;
