//! By kinds of grants.

mod browser;
mod ends;
mod robot;
