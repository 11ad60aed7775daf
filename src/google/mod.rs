//! Google: one sign-in for mail and sheet, and how it is spoken to.
//!
//! Sign-ins end without a word: after seven days in a project that is in testing, with a new password, by a click of
//! their owner. So nothing here waits for that in silence. [`SignIn`] refreshes ahead of time, tells an end that takes a
//! person ([`Ended`]) from trouble that passes, and notices by itself when somebody has signed in again.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`SignIn`] | access tokens: refreshed ahead, one refresh at a time |
//! | [`Ended`] | why a sign-in no longer holds, its usual causes |
//! | [`credentials`] | Google's own files: what somebody signed in with |
//! | [`login`] | signing in, with a browser here or elsewhere |
//! | `token` | the token endpoint (RFC 6749, 7523) |
//! | [`Scope`] | what is asked for |
//! | `refusal` | Google's "no", in its forms |
//! | `http` | one request, and what may have come of it |
//! | `sheets` | the spreadsheet |

pub mod credentials;
mod ended;
mod http;
pub mod login;
mod refusal;
mod scope;
mod sheets;
mod sign_in;
mod token;

pub use ended::Ended;
pub(crate) use ended::{TESTING, told};
pub(crate) use http::{Answer, Http, NoAnswer};
pub use http::{HttpError, Patience};
pub(crate) use refusal::{Kind, Refusal};
pub use scope::Scope;
pub(crate) use sheets::Sheets;
pub use sign_in::{SignIn, SignInError, Standing};

/// Where Google is: each address can be pointed elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The page on which people consent.
    pub auth_uri: String,
    /// Where codes and refresh tokens become access tokens.
    pub token_uri: String,
    /// What the addresses of Gmail's API begin with, without a slash at the end.
    pub gmail: String,
    /// The same of the Sheets API.
    pub sheets: String,
}

/// Google's own addresses, as its discovery documents (`rootUrl`) and its client files have them.
pub mod standard {
    /// The page on which people consent.
    pub const AUTH_URI: &str = "https://accounts.google.com/o/oauth2/v2/auth";
    /// The token endpoint.
    pub const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";
    /// Gmail's API.
    pub const GMAIL: &str = "https://gmail.googleapis.com";
    /// The Sheets API.
    pub const SHEETS: &str = "https://sheets.googleapis.com";
}
