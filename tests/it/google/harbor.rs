//! An operator at a Google of the tests: somebody has signed in, and a clock can be set.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crewcall::clock::Clock;
use crewcall::google::credentials::AuthorizedUser;
use crewcall::google::login::{Login, LoginError, OAuthClient};
use crewcall::google::{Endpoints, Google, Patience, Scope};
use crewcall::mail::gmail::Gmail;
use crewcall::mail::{Address, Mail, MessageId, Purpose};
use crewcall::secret::SecretPlace;
use crewcall_dispatch::model::Booking;
use crewcall_google_peer::{Client, Google as Peer, Quota};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// Whose Gmail it is.
pub(crate) const ACCOUNT: &str = "crew@example.com";
/// The command that signs in.
pub(crate) const LOGIN: &str = "crewcall google login";
/// How long is waited for what hangs: more than a peer on a busy machine takes.
pub(crate) const NOT_LONG: Patience = Patience { answer: Duration::from_secs(6), ..Patience::SHORT };

/// The machine's clock, set wrong.
#[derive(Default)]
pub(crate) struct WrongClock(AtomicI64);

impl WrongClock {
    /// So many seconds on, or back.
    pub(crate) fn step(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for WrongClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now() + SignedDuration::from_secs(self.0.load(Ordering::SeqCst));
        Timestamp::from_millisecond(now.as_millisecond()).unwrap()
    }
}

pub(crate) struct Harbor {
    pub(crate) peer: Peer,
    pub(crate) client: Client,
    pub(crate) clock: Arc<WrongClock>,
    pub(crate) patience: Patience,
    home: TempDir,
}

impl Harbor {
    /// Somebody has signed in, to send mail.
    pub(crate) async fn new() -> Self {
        let peer = Peer::start();
        peer.set_quota(Quota::UNLIMITED);
        peer.account(ACCOUNT);
        let client = peer.client();
        let (clock, patience) = (Arc::default(), Patience::SHORT);
        let harbor = Self { peer, client, clock, patience, home: tempfile::tempdir().unwrap() };
        harbor.sign_in_again(&[Scope::SendMail.as_str()]);
        harbor
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.home.path().join("google_refresh.json")
    }

    /// The refresh token that is in the file.
    pub(crate) fn refresh_token(&self) -> String {
        let file: serde_json::Value = serde_json::from_slice(&std::fs::read(self.file()).unwrap()).unwrap();
        file["refresh_token"].as_str().unwrap().to_owned()
    }

    /// As `crewcall google login` leaves it.
    pub(crate) fn sign_in_again(&self, scopes: &[&str]) {
        let refresh_token = self.peer.grant(&self.client, ACCOUNT, scopes);
        std::fs::write(self.file(), self.client.authorized_user(ACCOUNT, &refresh_token)).unwrap();
    }

    pub(crate) fn endpoints(&self) -> Endpoints {
        Endpoints {
            auth_uri: self.peer.auth_uri(),
            token_uri: self.peer.token_uri(),
            gmail: self.peer.gmail_base_url().to_owned(),
            sheets: self.peer.sheets_base_url().to_owned(),
        }
    }

    /// A person opens Google's page, says yes, and brings the answer.
    pub(crate) async fn log_in(&self) -> Result<AuthorizedUser, LoginError> {
        let file = self.home.path().join("client.json");
        std::fs::write(&file, self.client.json()).unwrap();
        let client = OAuthClient::read(&file).unwrap();
        let login = Login::new(self.endpoints(), client, vec![Scope::SendMail], self.patience)?;
        let consent = login.consent("http://127.0.0.1:8765/", Some(ACCOUNT))?;
        let page = consent.url.clone();
        let (_, ended_at) = tokio::task::spawn_blocking(move || browse(&page)).await.unwrap();
        let code = consent.code(&ended_at)?;
        login.redeem(&consent, code, self.clock.now()).await
    }

    pub(crate) fn google(&self, needs: &[Scope]) -> Google {
        Google::new(
            SecretPlace::File(self.file()),
            self.endpoints(),
            needs.to_vec(),
            self.patience,
            self.clock.clone(),
        )
        .unwrap()
    }

    pub(crate) fn gmail(&self) -> Arc<Gmail> {
        Arc::new(Gmail::new(self.google(&[Scope::SendMail]), LOGIN.into()))
    }
}

/// What a browser gets: the status and where it is sent, or the page.
pub(crate) fn browse(url: &str) -> (u16, String) {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let location = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then(|| value.to_owned())
    });
    (status, location.unwrap_or(answer))
}

/// A sail for a captain, `ch-2026-07-01-16`.
pub(crate) fn booking_on(day: &str, hour: u32) -> Booking {
    serde_json::from_value(serde_json::json!({
        "charter_id": format!("ch-{day}-{hour}"), "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
        "departs_at": format!("{day}T{hour:02}:00"), "returns_at": format!("{day}T{:02}:00", hour + 3),
        "call_time": format!("{day}T{:02}:15", hour - 1), "positions": [{ "position": "captain", "quantity": 1 }],
    }))
    .unwrap()
}

pub(crate) fn mail(number: u32) -> Mail {
    let from: Address = format!("Harbor Sails <{ACCOUNT}>").parse().unwrap();
    let key = format!("offer-{number}");
    Mail {
        to: format!("Dana Reyes <dana{number}@example.com>").parse().unwrap(),
        subject: format!("Sail {number}"),
        text: "Can you take her out?\n".into(),
        html: "<p>Can you take her out?</p>\n".into(),
        message_id: MessageId::for_key(&key, &from.email),
        thread_root: Some(MessageId::for_key("thread", &from.email)),
        date: "2026-06-20T17:00:00Z".parse().unwrap(),
        purpose: Purpose::Charter,
        attachments: Vec::new(),
        thread_id: None,
        key,
        from,
    }
}
