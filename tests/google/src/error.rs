//! An error as Google's newer APIs say it: a code of HTTP, a status of `google.rpc.Code`, and a sentence.

/// What a method refuses a call with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiError {
    /// The status of HTTP.
    pub(crate) code: u16,
    /// The name in `google.rpc.Code`.
    pub(crate) status: &'static str,
    /// The sentence for people.
    pub(crate) message: String,
}
