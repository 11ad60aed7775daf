//! The pages, asked over HTTP requests as a browser or a scanner would.

mod answers;
mod refusals;
mod sign_in;
