//! Google: the sign-in, and Gmail as the way in which mail leaves, against the Google of `tests/google`.

mod alerts;
mod budget;
mod commands;
mod desk;
mod faults;
mod gmail;
mod harbor;
#[cfg(feature = "aws")]
mod ministack_secret;
mod queue;
mod secrets;
mod sign_in;
mod steps;
