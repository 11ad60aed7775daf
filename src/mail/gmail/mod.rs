//! Hand-over to Gmail's API: `users.messages.send` with the raw message.
//!
//! Gmail keeps a copy in the sender's mailbox, in the thread that is named to it, and writes a Message-ID of its own
//! into it. `answer` has the table of what each answer means, `backoff` the pauses after trouble.

mod answer;
mod backoff;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use data_encoding::BASE64URL;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use self::answer::{Next, meaning};
use self::backoff::Backoff;
use super::{Mail, Over, Purpose, Readiness, Receipt, SendError, Stopped, Transport, Turn, mime};
use crate::google::{Ended, Google, Scope, SignInError};

/// Pauses up to this long are waited for; with longer ones the mail is put off.
const WAITED_FOR: Duration = Duration::from_secs(60);

/// Gmail, as somebody who has signed in.
pub struct Gmail {
    google: Google,
    /// The command that signs in, as this operator has to give it.
    login: String,
    backoff: Backoff,
    /// What Google said last where it takes no mail of this account or project at all.
    shut: Mutex<Option<String>>,
}

impl Gmail {
    /// Connects to nothing. `login` is the command that signs in.
    pub fn new(google: Google, login: String) -> Self {
        Self { google, login, backoff: Backoff::default(), shut: Mutex::default() }
    }

    fn shut(&self) -> MutexGuard<'_, Option<String>> {
        self.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unavailable(reason: String) -> SendError {
    SendError::Unavailable { reason }
}

#[async_trait]
impl Transport for Gmail {
    /// Hands one mail over:
    ///
    /// 1. Build the message; one that cannot be built is refused here.
    /// 2. After trouble one mail goes first, and the others wait for what becomes of it.
    /// 3. Make the call. A thread that Gmail does not know is left out, once.
    async fn send(&self, mail: &Mail) -> Result<Receipt, SendError> {
        let message = mime::build(mail)
            .map_err(|error| SendError::Refused { reason: error.to_string(), bad_address: false })?;
        let mut body = json!({ "raw": BASE64URL.encode(&message) });
        if let Some(thread_id) = &mail.thread_id {
            body["threadId"] = json!(thread_id);
        }
        let _first = self.backoff.one_first().await.map_err(unavailable)?;
        let url = format!("{}/gmail/v1/users/me/messages/send", self.google.endpoints().gmail);
        loop {
            let answer = self.google.call(Scope::SendMail, Method::POST, &url, Some(&body)).await;
            match meaning(answer, body.get("threadId").is_some()) {
                Next::Taken(receipt) => {
                    *self.shut() = None;
                    self.backoff.well();
                    return Ok(receipt);
                }
                Next::WithoutThread => {
                    body.as_object_mut().and_then(|body| body.remove("threadId"));
                }
                Next::Failed { error, trouble } => {
                    match trouble {
                        Some(wait) => self.backoff.trouble(error.reason(), wait),
                        None => self.backoff.well(),
                    }
                    return Err(error);
                }
                Next::Shut { said, error } => {
                    self.backoff.trouble(error.reason(), None);
                    *self.shut() = Some(said);
                    return Err(error);
                }
                Next::NotTried(error) => return Err(error),
            }
        }
    }

    fn keeps_threads(&self) -> bool {
        true
    }

    async fn is_stopped(&self, _: Purpose) -> bool {
        matches!(self.google.sign_in().token_for(Scope::SendMail).await, Err(SignInError::Ended(_)))
    }

    async fn turn(&self, _: Purpose) -> Turn {
        let wait = match self.google.sign_in().token_for(Scope::SendMail).await {
            // Ended since it was asked whether mail is stopped.
            Err(SignInError::Ended(ended)) => Some((2 * WAITED_FOR, ended.to_string())),
            Err(SignInError::Unavailable { why, wait }) => Some((wait, why)),
            Ok(_) => {
                self.backoff.of(&self.google.sign_in().standing().fingerprint);
                self.backoff.wait()
            }
        };
        match wait {
            None => Turn::Now,
            Some((wait, _)) if wait <= WAITED_FOR => {
                tokio::time::sleep(wait).await;
                Turn::Waited
            }
            Some((wait, why)) => {
                let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_hours(1));
                Turn::Later(self.google.now() + wait, why)
            }
        }
    }

    async fn ready(&self) -> Readiness {
        let (ended, failing) = match self.google.sign_in().token_for(Scope::SendMail).await {
            Ok(_) => (None, None),
            Err(SignInError::Ended(ended)) => (Some(ended), None),
            Err(SignInError::Unavailable { why, .. }) => (None, Some(why)),
        };
        let sign_in = self.google.sign_in().standing();
        let stopped = ended.map(|ended| Stopped {
            key: format!("google-{}-{}", ended.kind(), sign_in.fingerprint),
            why: ended.to_string(),
            causes: ended.causes().into_iter().map(str::to_owned).collect(),
            remedy: ended.remedy(&self.login),
            over: match ended {
                // What the token allows is found out by a call.
                Ended::Scopes { .. } => Over::Mail { fingerprint: sign_in.fingerprint.clone() },
                _ => Over::Token { fingerprint: sign_in.fingerprint.clone() },
            },
        });
        let shut = self.shut().as_ref().map(|said| Stopped {
            key: format!("gmail-{}", sign_in.fingerprint),
            why: format!("Gmail takes no mail of this account: {said}"),
            causes: vec!["the Gmail API is not switched on in the project of the OAuth client".into()],
            remedy: "switch the Gmail API on in Google's console, under APIs & Services, Library, or see to what Google says; \
                     `crewcall mail test --to ADDRESS` tries it"
                .into(),
            over: Over::Mail { fingerprint: sign_in.fingerprint.clone() },
        });
        let stopped = stopped.or(shut);
        let unknown = failing.is_some();
        // While Google wants to be left alone no mail is tried, and none leaves.
        self.backoff.of(&sign_in.fingerprint);
        let failing = failing.or_else(|| self.backoff.wait().map(|(_, why)| why));
        Readiness { stopped, unknown, failing, sign_in: Some(sign_in), ..Readiness::default() }
    }

    /// There is no call that sending alone allows and that sends nothing: an access token is all that can be tried.
    async fn check(&self) -> Result<(), SendError> {
        match self.google.sign_in().token_for(Scope::SendMail).await {
            Ok(_) => Ok(()),
            Err(SignInError::Ended(ended)) => Err(unavailable(ended.told(&self.login))),
            Err(error) => Err(unavailable(error.to_string())),
        }
    }
}
