//! Access tokens: refreshed ahead, one refresh at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::access::Access;
use super::credentials::{Credentials, CredentialsError, Stamp, read_unless};
use super::ended::{Ended, lived};
use super::standing::Standing;
use super::token::{Granted, TokenEndpoint, TokenError};
use super::{Endpoints, Http, Scope};
use crate::clock::Clock;
use crate::secret::{Secret, SecretPlace};

/// How long after an end Google is asked once more without anybody having signed in: it may have been a mistake of
/// Google's, or somebody may have put the client right in the console.
const ASK_AGAIN: Duration = Duration::from_secs(15 * 60);
/// How long what a secret held is taken for what it holds where something is amiss. Where nothing is, it is read when another
/// access token is due: each look is a call of AWS.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// The longest pause that is taken from its answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);
/// The pause after trouble at the token endpoint: doubled each time, up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// What somebody signed in with, and the access tokens that come of it. Shared by all that speak to Google.
pub struct SignIn {
    place: SecretPlace,
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
    /// Of `credentials`, without which there is none.
    stamp: Option<Stamp>,
    /// When somebody last looked what stands in the place.
    looked_at: Option<Instant>,
    credentials: Option<Credentials>,
    access: Option<Access>,
    /// What the sign-in does not allow, of what is needed.
    lacks: Vec<Scope>,
    ended: Option<(Ended, Instant)>,
    /// Until when nobody is asked, and why.
    pause: Option<(Instant, String)>,
    failures: u32,
    /// Google gave another refresh token that is not kept yet, and when that was last tried. Set before it is: whoever
    /// waits for it may be dropped.
    unkept: Option<Instant>,
}

/// What a look at the place of a sign-in came to.
enum Reread {
    /// There is what was known, or it was not worth a look.
    Known,
    /// It was taken anew.
    Anew,
    /// What is there cannot be seen at present.
    Not(CredentialsError),
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
    /// A sign-in that is read when it is needed. It has to allow all of `needs`.
    pub(super) fn new(
        place: SecretPlace,
        endpoints: Arc<Endpoints>,
        needs: Vec<Scope>,
        http: Http,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            place,
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
    /// 2. Where another sign-in stands by now, whatever was known of the old one is forgotten. A secret is looked at when a
    ///    token is due or something is amiss.
    /// 3. After an end nothing is asked, but for once in a while.
    /// 4. A token that holds for some time yet is given.
    /// 5. Another one is had. Should that fail for the time being, the old one is given for as long as it holds.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn token(&self) -> Result<Secret, SignInError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        if state.unkept.is_some_and(|at| at.elapsed() >= LOOK_AGAIN) {
            self.keep(&mut state).await;
        }
        self.reread(&mut state, false).await;
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
        let had_ended = state.ended.is_some();
        let mut renewed = self.renew(&mut state, now).await;
        if let Err(error) = &renewed {
            let ended = matches!(error, SignInError::Ended(_));
            match self.reread(&mut state, ended).await {
                // Another process was given another refresh token meanwhile, or somebody has just signed in.
                Reread::Anew => renewed = self.renew(&mut state, now).await,
                // Perhaps that has happened. Somebody has to see to it that it can be read.
                Reread::Not(error) if ended && !error.passes() => {
                    let end = Ended::Unreadable { why: error.to_string() };
                    state.ended = Some((end.clone(), Instant::now()));
                    renewed = Err(SignInError::Ended(end));
                }
                Reread::Not(error) if ended && !had_ended => {
                    let why = error.to_string();
                    state.ended = None;
                    state.pause = Instant::now().checked_add(LOOK_AGAIN).map(|until| (until, why.clone()));
                    renewed = Err(SignInError::Unavailable { why, wait: LOOK_AGAIN });
                }
                Reread::Not(_) | Reread::Known => {}
            }
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

    /// Takes what stands there by now, if that may be another sign-in.
    async fn reread(&self, state: &mut State, after_an_end: bool) -> Reread {
        if !self.may_be_another(state, after_an_end) {
            return Reread::Known;
        }
        let read = read_unless(state.stamp.as_ref(), &self.place).await;
        state.looked_at = Some(Instant::now());
        let (credentials, stamp, ended) = match read {
            Ok(None) => return Reread::Known,
            Ok(Some((Credentials::Service(_), _))) if self.needs.contains(&Scope::SendMail) => {
                (None, None, Some(Ended::NoMailbox))
            }
            Ok(Some((credentials, stamp))) => (Some(credentials), stamp, None),
            // What was read before still counts.
            Err(error) if state.credentials.is_some() && error.says_nothing() => {
                tracing::warn!(%error, "whether somebody has signed in again cannot be seen");
                return Reread::Not(error);
            }
            Err(error) if error.passes() => {
                state.pause = Instant::now().checked_add(LOOK_AGAIN).map(|until| (until, error.to_string()));
                return Reread::Not(error);
            }
            Err(CredentialsError::Missing(_)) => (None, None, Some(Ended::Never)),
            Err(error @ CredentialsError::Content { .. }) => {
                (None, None, Some(Ended::Unusable { why: error.to_string() }))
            }
            Err(error @ (CredentialsError::File { .. } | CredentialsError::Secret(_))) => {
                (None, None, Some(Ended::Unreadable { why: error.to_string() }))
            }
        };
        // What is gone for a moment, or half-written, ends nothing: what was read of it before still holds.
        if let (true, Some(access)) = (credentials.is_none(), &state.access)
            && !access.left(self.clock.now()).is_zero()
        {
            return Reread::Known;
        }
        let same = state.credentials.as_ref().map(Credentials::fingerprint)
            == credentials.as_ref().map(Credentials::fingerprint);
        let anew = State { stamp, looked_at: state.looked_at, credentials, ..State::default() };
        let before = std::mem::replace(state, anew);
        if same && state.credentials.is_some() {
            // Written by ourselves, or touched. Whoever touches it wants it to be tried.
            (state.lacks, state.access) = (before.lacks, before.access);
        } else {
            state.ended = ended.map(|ended| (ended, Instant::now()));
        }
        self.tell_credentials(state);
        Reread::Anew
    }

    /// Whether it is worth a look: that costs nothing of a file, and of a secret a call of AWS.
    fn may_be_another(&self, state: &State, after_an_end: bool) -> bool {
        match &self.place {
            SecretPlace::File(path) => state.credentials.is_none() || state.stamp != Stamp::of_file(path),
            SecretPlace::SecretsManager(_) => {
                let now = self.clock.now();
                let holds = state.access.as_ref().is_some_and(|access| access.left(now) > access.ahead());
                let settled = holds && state.ended.is_none() && state.lacks.is_empty();
                let lately = state.looked_at.is_some_and(|at| at.elapsed() < LOOK_AGAIN);
                after_an_end || !settled && !lately
            }
        }
    }

    /// Asks for another access token, and remembers what came of it.
    async fn renew(&self, state: &mut State, now: Timestamp) -> Result<Secret, SignInError> {
        if let Some((until, why)) = &state.pause
            && let Some(wait) = until.checked_duration_since(Instant::now())
        {
            return Err(SignInError::Unavailable { why: why.clone(), wait });
        }
        let Some(credentials) = state.credentials.clone() else {
            return Err(SignInError::Ended(Ended::Never));
        };
        let endpoint = TokenEndpoint { http: &self.http, endpoints: &self.endpoints, now };
        let asked_at = Instant::now();
        let ended = match endpoint.grant(&credentials, &self.needs).await {
            Ok(granted) => {
                // Whoever needs what is missing is told so; the others go on.
                state.lacks = self.missing(&credentials, &granted);
                return Ok(self.take(state, granted, asked_at, now).await);
            }
            Err(TokenError::Passing { why, wait }) => {
                let pause = match wait {
                    Some(wait) => wait.clamp(PAUSES.0, LONGEST_PAUSE),
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

    async fn take(
        &self,
        state: &mut State,
        granted: Granted,
        since: Instant,
        obtained_at: Timestamp,
    ) -> Secret {
        let token = granted.access_token.clone();
        state.access = Some(Access { token: token.clone(), since, obtained_at, lifetime: granted.lifetime });
        state.ended = None;
        state.pause = None;
        state.failures = 0;
        {
            let mut standing = self.standing_lock();
            standing.scopes = granted.scopes.clone().or(standing.scopes.take());
            standing.account = granted.account.clone().or(standing.account.take());
        }
        if let (Some(Credentials::User(user)), Some(new)) = (&mut state.credentials, granted.refresh_token)
            && user.refresh_token != new
        {
            user.refresh_token = new;
            self.keep(state).await;
        }
        token
    }

    /// Keeps another refresh token that Google has given: from now on that one counts, and the old one may die.
    async fn keep(&self, state: &mut State) {
        let Some(Credentials::User(user)) = state.credentials.clone() else { return };
        state.unkept = Some(Instant::now());
        let kept = match read_unless(state.stamp.as_ref(), &self.place).await {
            Ok(None) => user.save_stamped(&self.place).await,
            // Somebody has signed in meanwhile: that is the one to go on with.
            Ok(Some(_)) => {
                (state.access, state.unkept, state.looked_at) = (None, None, None);
                return;
            }
            Err(error) => Err(error),
        };
        match kept {
            Ok(stamp) => (state.stamp, state.unkept) = (stamp, None),
            // It holds in this process, which tries again soon.
            Err(error) => {
                tracing::error!(%error, "a new refresh token could not be kept; sign in again if that goes on")
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
