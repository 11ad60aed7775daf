//! What a browser keeps of a sign-in that it has begun.

use std::fmt;
use std::str::FromStr;

use crewcall_dispatch::link::LinkKey;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use subtle::ConstantTimeEq;

use crate::random;
use crate::store::StoreError;

/// How long a sign-in may take at the issuer's.
pub(crate) const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How far the clocks of two servers may be apart.
const APART: SignedDuration = SignedDuration::from_mins(1);
/// The longest text that is read as an attempt, in bytes: a page's address of 200, each of them encoded, and the rest.
const BYTES: usize = 700;

/// A sign-in that was begun.
///
/// The browser has it in a cookie, and nobody else has it. State, nonce and verifier are what the operator's key makes of
/// it: so a cookie that was made up or changed goes with no state that anybody knows, nothing has to be kept, and nothing has
/// to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// To the second.
    began_at: Timestamp,
    random: String,
    /// To which page it leads then.
    pub(crate) to: Option<String>,
}

impl Attempt {
    /// One that begins now.
    ///
    /// # Errors
    /// If the machine has no randomness.
    pub(crate) fn begin(now: Timestamp, to: Option<&str>) -> Result<Self, StoreError> {
        let began_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        Ok(Self { began_at, random: random::token::<32>()?, to: to.map(str::to_owned) })
    }

    /// Whether it took too long.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        let passed = now.duration_since(self.began_at);
        passed >= LIFE || passed < -APART
    }

    /// What the issuer gives back as it is, so that nobody is signed in by the answer to somebody else's question (RFC
    /// 6749, 10.12).
    pub(super) fn state(&self, key: &LinkKey) -> String {
        key.elsewhere("state", &self.to_string())
    }

    /// What stands in the ID token, so that none of another sign-in counts (OpenID Connect Core 1.0, 3.1.2.1).
    pub(super) fn nonce(&self, key: &LinkKey) -> String {
        key.elsewhere("nonce", &self.to_string())
    }

    /// What goes with the code, so that nobody else can redeem it (RFC 7636, 4.1).
    pub(super) fn verifier(&self, key: &LinkKey) -> String {
        key.elsewhere("verifier", &self.to_string())
    }

    pub(super) fn is_answered_by(&self, state: &str, key: &LinkKey) -> bool {
        self.state(key).as_bytes().ct_eq(state.as_bytes()).into()
    }
}

/// As it stands in a cookie.
impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let to = self.to.as_deref().unwrap_or_default();
        let to = utf8_percent_encode(to, NON_ALPHANUMERIC);
        write!(f, "{}.{}.{to}", self.began_at.as_second(), self.random)
    }
}

/// The text is no attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoAttempt;

impl FromStr for Attempt {
    type Err = NoAttempt;
    fn from_str(text: &str) -> Result<Self, NoAttempt> {
        let mut parts = text.split('.');
        let (Some(began_at), Some(random), Some(to), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoAttempt);
        };
        if text.len() > BYTES || random.is_empty() {
            return Err(NoAttempt);
        }
        let second = began_at.parse().map_err(|_| NoAttempt)?;
        let began_at = Timestamp::from_second(second).map_err(|_| NoAttempt)?;
        let to = percent_decode_str(to).decode_utf8().map_err(|_| NoAttempt)?;
        let to = (!to.is_empty()).then(|| to.into_owned());
        Ok(Self { began_at, random: random.to_owned(), to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_was_changed_goes_with_another_state() {
        let now: Timestamp = "2026-06-20T16:00:00.7Z".parse().unwrap();
        let key = LinkKey::new([7; 32], "jada");
        let attempt = Attempt::begin(now, Some("/charters/a.b?x=1")).unwrap();
        let text = attempt.to_string();
        assert_eq!(text.parse(), Ok(attempt.clone()));
        assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || ".%".contains(c)), "{text}");
        let state = attempt.state(&key);
        assert!(attempt.is_answered_by(&state, &key));
        let later = format!("{}{}", now.as_second() + 1, &text[10..]);
        for changed in [later, text.replace("charters", "roster"), text.replace(".", ".a")] {
            let changed: Attempt = changed.parse().unwrap();
            assert!(!changed.is_answered_by(&state, &key), "{changed}");
        }
        assert!(!attempt.is_answered_by(&state, &LinkKey::new([8; 32], "jada")));
        let made = [attempt.state(&key), attempt.nonce(&key), attempt.verifier(&key)];
        assert!(made[0] != made[1] && made[1] != made[2] && made[0] != made[2]);
        assert!((43..=128).contains(&made[2].len()), "RFC 7636, 4.1");
    }

    #[test]
    fn it_lasts_ten_minutes_by_clocks_that_differ_a_little() {
        let now: Timestamp = "2026-06-20T16:00:00Z".parse().unwrap();
        let attempt = Attempt::begin(now, None).unwrap();
        for (after, over) in [(0, false), (599, false), (600, true), (-2, false), (-120, true)] {
            assert_eq!(attempt.is_over(now + SignedDuration::from_secs(after)), over, "{after}");
        }
    }

    #[test]
    fn nonsense_is_none() {
        let long = format!("1.a.{}", "x".repeat(BYTES));
        for nonsense in
            ["", "a", "1.2", "1..", "x.a.", "1.a.b.c", "99999999999999999999.a.", "1.a.%ff", &long]
        {
            assert_eq!(nonsense.parse::<Attempt>(), Err(NoAttempt), "{nonsense}");
        }
    }
}
