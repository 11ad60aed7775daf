//! The office's sheet and the store, kept the same by way of the Sheets API.

mod charters;
mod colours;
mod commands;
mod desk;
mod doubts;
mod large;
mod meanwhile;
mod month;
mod rough;
mod shadow;
mod stories;
