//! Access tokens: refreshed ahead, one refresh at a time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::credentials::{Credentials, CredentialsError, Stamp};
use super::ended::{Ended, lived};
use super::token::{Granted, TokenEndpoint, TokenError};
use super::{Endpoints, Http, Scope};
use crate::clock::Clock;
use crate::secret::Secret;

/// So long before its end an access token is replaced, while it still holds should that fail. Of a short-lived one half
/// the life.
const AHEAD: Duration = Duration::from_secs(5 * 60);
/// How long after an end Google is asked once more without anybody having signed in: it may have been a mistake of
/// Google's, or somebody may have put the client right in the console.
const ASK_AGAIN: Duration = Duration::from_secs(15 * 60);
/// The longest pause that is taken from its answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);
/// The pause after trouble at the token endpoint: doubled each time, up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// What somebody signed in with, and the access tokens that come of it. Shared by all that speak to Google.
pub struct SignIn {
    file: PathBuf,
    endpoints: Arc<Endpoints>,
    needs: Vec<Scope>,
    http: Http,
    clock: Arc<dyn Clock>,
    /// Held while a token is refreshed: whoever else needs one waits, and finds it.
    state: tokio::sync::Mutex<State>,
    standing: Mutex<Standing>,
}

#[derive(Default)]
struct State {
    /// Of the file that was read.
    stamp: Option<Stamp>,
    credentials: Option<Credentials>,
    access: Option<Access>,
    /// What the sign-in does not allow, of what is needed.
    lacks: Vec<Scope>,
    ended: Option<(Ended, Instant)>,
    /// Until when the token endpoint is left alone, and why.
    pause: Option<(Instant, String)>,
    failures: u32,
}

/// An access token, and since when it holds by both clocks: one can be set, the other may stop while the machine sleeps.
struct Access {
    token: Secret,
    since: Instant,
    obtained_at: Timestamp,
    lifetime: Duration,
}

impl Access {
    /// How much longer it holds; the less of what both clocks say. By a clock that was set back it holds no longer.
    fn left(&self, now: Timestamp) -> Duration {
        let passed = now.duration_since(self.obtained_at);
        if passed.is_negative() {
            return Duration::ZERO;
        }
        self.lifetime.saturating_sub(passed.unsigned_abs().max(self.since.elapsed()))
    }

    /// How long before its end it is replaced.
    fn ahead(&self) -> Duration {
        AHEAD.min(self.lifetime / 2)
    }
}

/// How a sign-in stands: what is shown of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which sign-in, without giving it away. Another one after each `crewcall google login`.
    pub fingerprint: String,
    /// Whose, if that is known.
    pub account: Option<String>,
    /// What it allows, if that is known.
    pub scopes: Option<Vec<String>>,
    /// When somebody signed in, if that is known.
    pub issued_at: Option<Timestamp>,
    /// When the sign-in will end, if Google has said so.
    pub ends_at: Option<Timestamp>,
    /// When the last access token was had.
    pub refreshed_at: Option<Timestamp>,
    /// When the next one is due.
    pub next_refresh_at: Option<Timestamp>,
    /// What last went wrong, and when.
    pub last_error: Option<(Timestamp, String)>,
    /// Why it no longer holds.
    pub ended: Option<Ended>,
}

/// Why there is no access token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Somebody has to sign in, or to change something.
    #[error("{0}")]
    Ended(Ended),
    /// Google's token endpoint does not answer, or not now.
    #[error("Google gives no access token at present: {why}")]
    Unavailable {
        /// Why.
        why: String,
        /// How long it is left alone.
        wait: Duration,
    },
}

impl SignIn {
    /// A sign-in that is read from a file when it is needed. It has to allow all of `needs`.
    pub(super) fn new(
        file: PathBuf,
        endpoints: Arc<Endpoints>,
        needs: Vec<Scope>,
        http: Http,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            file,
            endpoints,
            needs,
            http,
            clock,
            state: tokio::sync::Mutex::default(),
            standing: Mutex::default(),
        }
    }

    /// An access token for this, that holds for a while.
    ///
    /// # Errors
    /// As [`SignIn::token`]; and where the sign-in does not go that far.
    pub async fn token_for(&self, scope: Scope) -> Result<Secret, SignInError> {
        let token = self.token().await?;
        match self.state.lock().await.lacks.contains(&scope) {
            true => Err(SignInError::Ended(Ended::lacks(&[scope]))),
            false => Ok(token),
        }
    }

    /// An access token that holds for a while.
    ///
    /// 1. One caller at a time; the others wait, and most find what the first one brought.
    /// 2. A file that was written since is read anew, and whatever was known of the old one is forgotten.
    /// 3. After an end nothing is asked, but for once in a while.
    /// 4. A token that holds for some time yet is given.
    /// 5. Another one is had. Should that fail for the time being, the old one is given for as long as it holds.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn token(&self) -> Result<Secret, SignInError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        self.reread(&mut state);
        if let Some((ended, asked_at)) = &state.ended
            && (state.credentials.is_none() || asked_at.elapsed() < ASK_AGAIN)
        {
            return Err(SignInError::Ended(ended.clone()));
        }
        if let Some(access) = &state.access
            && access.left(now) > access.ahead()
        {
            return Ok(access.token.clone());
        }
        let mut renewed = self.renew(&mut state, now).await;
        if renewed.is_err() && state.stamp != Stamp::of(&self.file) {
            // Another process was given another refresh token meanwhile, or somebody has just signed in.
            self.reread(&mut state);
            renewed = self.renew(&mut state, now).await;
        }
        self.tell(&state, now, &renewed);
        match (renewed, &state.access) {
            (Ok(token), _) => Ok(token),
            (Err(SignInError::Unavailable { .. }), Some(access)) if !access.left(now).is_zero() => {
                Ok(access.token.clone())
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Google has not taken this token. The next call brings another one, unless that has happened already.
    pub(crate) async fn token_was_refused(&self, token: &Secret) {
        let mut state = self.state.lock().await;
        if state.access.as_ref().is_some_and(|access| access.token == *token) {
            state.access = None;
        }
    }

    /// A call with this token was refused because the sign-in does not go that far.
    pub(crate) async fn does_not_allow(&self, scope: Scope, token: &Secret) -> SignInError {
        let mut state = self.state.lock().await;
        let error = SignInError::Ended(Ended::lacks(&[scope]));
        // Of another token it was said of the sign-in before: somebody has signed in meanwhile.
        if state.access.as_ref().is_some_and(|access| access.token == *token) {
            state.lacks.push(scope);
            self.tell(&state, self.clock.now(), &Err(error.clone()));
        }
        error
    }

    /// How it stands, as far as was seen last. Asks nobody.
    pub fn standing(&self) -> Standing {
        self.standing_lock().clone()
    }

    fn standing_lock(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reread(&self, state: &mut State) {
        let stamp = Stamp::of(&self.file);
        if state.credentials.is_some() && stamp == state.stamp {
            return;
        }
        let (credentials, ended) = match Credentials::read(&self.file) {
            Ok(Credentials::Service(_)) if self.needs.contains(&Scope::SendMail) => {
                (None, Some(Ended::NoMailbox))
            }
            Ok(credentials) => (Some(credentials), None),
            Err(CredentialsError::Missing(_)) => (None, Some(Ended::Never)),
            Err(error) => (None, Some(Ended::Unusable { why: error.to_string() })),
        };
        let same = state.credentials.as_ref().map(Credentials::fingerprint)
            == credentials.as_ref().map(Credentials::fingerprint);
        // A file that is gone for a moment, or half-written, ends nothing: what was read of it before still holds.
        if let (true, Some(access)) = (credentials.is_none(), &state.access)
            && !access.left(self.clock.now()).is_zero()
        {
            return;
        }
        if same && credentials.is_some() {
            // Written by ourselves, or touched. Whoever touches it wants it to be tried.
            let lacks = std::mem::take(&mut state.lacks);
            *state = State { stamp, credentials, lacks, access: state.access.take(), ..State::default() };
        } else {
            let ended = ended.map(|ended| (ended, Instant::now()));
            *state = State { stamp, credentials, ended, ..State::default() };
        }
        self.tell_credentials(state);
    }

    /// Asks for another access token, and remembers what came of it.
    async fn renew(&self, state: &mut State, now: Timestamp) -> Result<Secret, SignInError> {
        let Some(credentials) = state.credentials.clone() else {
            return Err(SignInError::Ended(Ended::Never));
        };
        if let Some((until, why)) = &state.pause
            && let Some(wait) = until.checked_duration_since(Instant::now())
        {
            return Err(SignInError::Unavailable { why: why.clone(), wait });
        }
        let endpoint = TokenEndpoint { http: &self.http, endpoints: &self.endpoints, now };
        let asked_at = Instant::now();
        let ended = match endpoint.grant(&credentials, &self.needs).await {
            Ok(granted) => {
                // Whoever needs what is missing is told so; the others go on.
                state.lacks = self.missing(&credentials, &granted);
                return Ok(self.take(state, granted, asked_at, now));
            }
            Err(TokenError::Passing { why, wait }) => {
                let pause = match wait {
                    Some(wait) => wait.min(LONGEST_PAUSE),
                    None => (PAUSES.0 * 2u32.pow(state.failures.min(6))).min(PAUSES.1),
                };
                state.failures = state.failures.saturating_add(1);
                state.pause = Instant::now().checked_add(pause).map(|until| (until, why.clone()));
                // Whether it has come back cannot be said, so it has not.
                if let Some((ended, asked_at)) = &mut state.ended {
                    *asked_at = Instant::now();
                    return Err(SignInError::Ended(ended.clone()));
                }
                return Err(SignInError::Unavailable { why, wait: pause });
            }
            Err(TokenError::Grant(said)) => match &credentials {
                Credentials::User(user) => Ended::Grant { said, lived: lived(user.issued_at, now) },
                Credentials::Service(_) => Ended::ServiceAccount { said },
            },
            Err(TokenError::Client(said)) => Ended::Client { said },
            Err(TokenError::Refused(said)) => Ended::Refused { said },
        };
        state.access = None;
        state.ended = Some((ended.clone(), Instant::now()));
        tracing::debug!(why = %ended, "the sign-in at Google has ended");
        Err(SignInError::Ended(ended))
    }

    /// What the answer says was not consented to; without a word of it in the answer, what the file says.
    fn missing(&self, credentials: &Credentials, granted: &Granted) -> Vec<Scope> {
        let known = match (&granted.scopes, credentials) {
            (Some(scopes), _) => Some(scopes),
            (None, Credentials::User(user)) => user.scopes.as_ref(),
            (None, Credentials::Service(_)) => None,
        };
        let lacks = |scope: &Scope| known.is_some_and(|known| !scope.is_within(known));
        self.needs.iter().copied().filter(lacks).collect()
    }

    fn take(&self, state: &mut State, granted: Granted, since: Instant, obtained_at: Timestamp) -> Secret {
        let token = granted.access_token.clone();
        state.access = Some(Access { token: token.clone(), since, obtained_at, lifetime: granted.lifetime });
        state.ended = None;
        state.pause = None;
        state.failures = 0;
        let mut standing = self.standing_lock();
        standing.scopes = granted.scopes.clone().or(standing.scopes.take());
        standing.account = granted.account.clone().or(standing.account.take());
        drop(standing);
        self.keep(state, granted);
        token
    }

    /// Google has given another refresh token: from now on that one counts, and the old one may die.
    fn keep(&self, state: &mut State, granted: Granted) {
        let (Some(Credentials::User(user)), Some(new)) = (&mut state.credentials, granted.refresh_token)
        else {
            return;
        };
        if user.refresh_token == new {
            return;
        }
        user.refresh_token = new;
        if state.stamp != Stamp::of(&self.file) {
            // Somebody has signed in meanwhile: that is the one to go on with.
            return;
        }
        match user.save(&self.file) {
            Ok(()) => state.stamp = Stamp::of(&self.file),
            // It holds in this process. Written again at the next one, if there is one.
            Err(error) => {
                tracing::error!(%error, "a new refresh token could not be kept; sign in again soon")
            }
        }
    }

    fn tell_credentials(&self, state: &State) {
        let mut standing = self.standing_lock();
        *standing = Standing { last_error: standing.last_error.clone(), ..Standing::default() };
        if let Some(credentials) = &state.credentials {
            standing.fingerprint = credentials.fingerprint();
            standing.account = credentials.account().map(str::to_owned);
            if let Credentials::User(user) = credentials {
                standing.scopes.clone_from(&user.scopes);
                standing.issued_at = user.issued_at;
                standing.ends_at = user.refresh_token_expires_at;
            }
        }
        standing.ended = state.ended.as_ref().map(|(ended, _)| ended.clone());
    }

    fn tell(&self, state: &State, now: Timestamp, renewed: &Result<Secret, SignInError>) {
        let mut standing = self.standing_lock();
        standing.ended = state.ended.as_ref().map(|(ended, _)| ended.clone());
        if let Some(credentials) = &state.credentials {
            standing.fingerprint = credentials.fingerprint();
        }
        match (renewed, &state.access) {
            (Ok(_), Some(access)) => {
                standing.refreshed_at = Some(access.obtained_at);
                let next = access.lifetime.saturating_sub(access.ahead());
                standing.next_refresh_at =
                    SignedDuration::try_from(next).ok().map(|next| access.obtained_at + next);
            }
            (Err(error), _) => standing.last_error = Some((now, error.to_string())),
            (Ok(_), None) => {}
        }
    }
}
