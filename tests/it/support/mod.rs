//! What tests of several areas share.

#[cfg(feature = "aws")]
pub(crate) mod dynamodb;
pub(crate) mod faulty;
pub(crate) mod hostile_text;
pub(crate) mod invariants;
pub(crate) mod meanwhile;
pub(crate) mod office;
pub(crate) mod pay;
pub(crate) mod postman;
#[cfg(feature = "aws")]
pub(crate) mod proxy;
pub(crate) mod watched;
