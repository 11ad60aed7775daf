//! The office's sheet and the store, kept the same by way of the Sheets API.

mod commands;
mod desk;
mod meanwhile;
mod stories;
