//! Which tokens hold, and how they end: by their time, by the owner, by a hundred others, or because nobody used them.

use jiff::{SignedDuration, Timestamp};

use super::{OAuth, Scopes, scopes};

/// How many refresh tokens of one account for one client hold at the same time.
const LIVE_REFRESH_TOKENS: usize = 100;
/// After this time without use a refresh token is dead: six months.
const UNUSED: SignedDuration = SignedDuration::from_hours(24 * 183);
/// How long a refresh token holds in a project that is in testing, in seconds: seven days.
pub(super) const TESTING: i64 = 604_799;
/// How long the old refresh token holds once there is another, so that a client that never saw it can ask again.
const OLD_ONE: SignedDuration = SignedDuration::from_mins(1);

/// What somebody has allowed to a client.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) client: String,
    pub(super) account: String,
    pub(super) scopes: Scopes,
    /// Taken back.
    revoked: bool,
}

#[derive(Debug)]
pub(super) struct Refresh {
    grant: usize,
    used_at: Timestamp,
    dies_at: Option<Timestamp>,
    /// Which of all refresh tokens it is.
    number: usize,
}

/// What an access token allows.
#[derive(Debug)]
pub(crate) struct Access {
    /// Whose it is.
    pub(crate) account: String,
    /// What it opens.
    pub(crate) scopes: Scopes,
    grant: Option<usize>,
    expires_at: Timestamp,
}

impl OAuth {
    /// Writes down what somebody has allowed. Gives its number.
    pub(super) fn allow(&mut self, client: &str, account: &str, scopes: Scopes) -> usize {
        let (client, account) = (client.to_owned(), account.to_owned());
        self.grants.push(Grant { client, account, scopes, revoked: false });
        self.grants.len() - 1
    }

    pub(super) fn grant(&self, grant: usize) -> &Grant {
        &self.grants[grant]
    }

    /// A refresh token for an account that has allowed these scopes, as after signing in.
    pub(crate) fn signed_in(&mut self, client: &str, account: &str, scope: &str, now: Timestamp) -> String {
        assert!(self.clients.contains_key(client), "no client {client}");
        let scopes = scopes::parse(scope).expect("scopes of Google's");
        let grant = self.allow(client, account, scopes);
        self.new_refresh(grant, now)
    }

    /// Makes a refresh token. The oldest of too many dies.
    pub(super) fn new_refresh(&mut self, grant: usize, now: Timestamp) -> String {
        let of = &self.grants[grant];
        let dies_at = self.dies_in(of).map(|seconds| now + SignedDuration::from_secs(seconds));
        let live = self.live(&of.client, &of.account, now);
        if live.len() >= LIVE_REFRESH_TOKENS {
            let oldest = live.into_iter().min_by_key(|token| self.refresh[token].number);
            self.refresh.remove(&oldest.expect("a hundred tokens"));
        }
        let token = self.secret("1//0", 48);
        let number = self.refresh.values().map(|refresh| refresh.number + 1).max().unwrap_or(0);
        self.refresh.insert(token.clone(), Refresh { grant, used_at: now, dies_at, number });
        token
    }

    /// In how many seconds a new refresh token dies by itself.
    pub(super) fn dies_in(&self, grant: &Grant) -> Option<i64> {
        let opens = !grant.scopes.iter().all(|scope| scopes::is_about_the_person(scope));
        (self.clients[&grant.client].testing && opens).then_some(TESTING)
    }

    /// The refresh tokens of an account for a client.
    pub(super) fn live(&self, client: &str, account: &str, now: Timestamp) -> Vec<String> {
        let live = self.refresh.iter().filter(|(_, refresh)| {
            let grant = &self.grants[refresh.grant];
            grant.client == client && grant.account == account && self.holds(refresh, now)
        });
        live.map(|(token, _)| token.clone()).collect()
    }

    /// The grant behind a refresh token that holds. It has been used by that.
    pub(super) fn use_refresh(&mut self, token: &str, now: Timestamp) -> Option<usize> {
        let grant = self.refresh.get(token).filter(|refresh| self.holds(refresh, now))?.grant;
        self.refresh.get_mut(token)?.used_at = now;
        Some(grant)
    }

    /// Puts another refresh token beside one, which then dies soon.
    pub(super) fn replace_refresh(&mut self, token: &str, now: Timestamp) -> Option<String> {
        let old = self.refresh.get_mut(token)?;
        // Asked twice, it does not live longer.
        let soon = now + OLD_ONE;
        old.dies_at = Some(old.dies_at.map_or(soon, |dies_at| dies_at.min(soon)));
        let grant = old.grant;
        Some(self.new_refresh(grant, now))
    }

    /// Makes an access token.
    pub(super) fn new_access(
        &mut self,
        account: &str,
        scopes: Scopes,
        grant: Option<usize>,
        now: Timestamp,
    ) -> String {
        let token = self.secret("ya29.a0", 96);
        let expires_at = now + SignedDuration::from_secs(self.expires_in);
        let account = account.to_owned();
        self.access.insert(token.clone(), Access { account, scopes, grant, expires_at });
        token
    }

    /// What an access token allows, if it holds.
    pub(crate) fn access(&self, token: &str, now: Timestamp) -> Option<&Access> {
        let access = self.access.get(token).filter(|access| now < access.expires_at)?;
        let revoked = access.grant.is_some_and(|grant| self.grants[grant].revoked);
        (!revoked).then_some(access)
    }

    /// Ends one token, or one code; what else came of the same sign-in stays.
    pub(crate) fn end(&mut self, token: &str) {
        self.access.remove(token);
        self.refresh.remove(token);
        self.codes.remove(token);
    }

    /// Ends all access tokens that there are.
    pub(crate) fn end_all_access(&mut self) {
        self.access.clear();
    }

    /// Takes back what is behind a token of either kind. Says whether there was something.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        let refresh = self.refresh.get(token).map(|refresh| refresh.grant);
        match refresh.or_else(|| self.access.get(token)?.grant) {
            Some(grant) => {
                self.revoke_grant(grant);
                true
            }
            // A service account's has nothing behind it.
            None => self.access.remove(token).is_some(),
        }
    }

    pub(super) fn revoke_grant(&mut self, grant: usize) {
        self.grants[grant].revoked = true;
    }

    fn holds(&self, refresh: &Refresh, now: Timestamp) -> bool {
        let in_time = refresh.dies_at.is_none_or(|dies_at| now < dies_at);
        in_time && now < refresh.used_at + UNUSED && !self.grants[refresh.grant].revoked
    }
}
