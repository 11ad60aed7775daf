//! A sign-in that stands in AWS Secrets Manager, played by ministack.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use aws_sdk_secretsmanager::Client;
use crewcall_google_peer::Call;
use serde_json::Value;

use super::commands::{Desk, sign_in_elsewhere};
use super::harbor::ACCOUNT;
use super::secrets::holds;
use crate::cli::home::{AWS_CONFIG, Ran};
use crate::support::dynamodb::{ministack, settings};
use crate::support::proxy::Trouble::*;
use crate::support::proxy::{Proxy, exception};

const READ: &str = "GetSecretValue";
const WRITE: &str = "PutSecretValue";

/// An operator whose sign-in is to stand in a secret.
struct Office {
    desk: Desk,
    client: Client,
    proxy: Proxy,
    /// The name of the secret, that no other test has.
    name: String,
}

impl Office {
    async fn new() -> Self {
        static OFFICES: AtomicU32 = AtomicU32::new(0);
        let peer = ministack();
        let proxy = Proxy::before(&peer.endpoint).await;
        let desk = Desk::new().await;
        let name =
            format!("harbor/google-{}-{}", std::process::id(), OFFICES.fetch_add(1, Ordering::Relaxed));
        desk.settings(&format!("credentials_secret = \"{name}\"\n"));
        desk.home.has_aws_at(&proxy.endpoint);
        Self { client: Client::new(&settings(&peer.endpoint)), desk, proxy, name }
    }

    async fn signed_in() -> Self {
        let office = Self::new().await;
        sign_in_elsewhere(&office.desk).done();
        office
    }

    async fn kept(&self) -> Value {
        let held = self.client.get_secret_value().secret_id(&self.name).send().await.unwrap();
        serde_json::from_str(held.secret_string().unwrap()).unwrap()
    }

    async fn put(&self, text: &str) {
        self.client.put_secret_value().secret_id(&self.name).secret_string(text).send().await.unwrap();
    }

    fn status(&self) -> (i32, Value, String) {
        let ran = self.desk.home.run(&["google", "status", "--json"]);
        (ran.code, serde_json::from_str(&ran.out).unwrap(), ran.err)
    }

    fn mail(&self) -> Ran {
        self.desk.home.run(&["mail", "test", "--to", "office@example.com"])
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_in_and_it_stands_in_a_secret() {
    let office = Office::new().await;
    let (code, status, said) = office.status();
    assert_eq!((code, status["ended"]["kind"].as_str()), (1, Some("never")), "{said}");
    // There is none of that name yet: it is made.
    let said = sign_in_elsewhere(&office.desk).done();
    let place = format!("the secret {} in AWS Secrets Manager", office.name);
    assert!(said.contains(&format!("The sign-in is in {place}.")), "{said}");
    let kept = office.kept().await;
    assert_eq!((kept["type"].as_str(), kept["account"].as_str()), (Some("authorized_user"), Some(ACCOUNT)));
    assert!(!office.desk.home.path().join("secrets/google_refresh.json").exists());
    office.mail().done();
    assert_eq!(office.desk.peer.sent(ACCOUNT).len(), 1);
    let (code, status, _) = office.status();
    assert_eq!((code, &status["works"], status["credentials"].as_str()), (0, &true.into(), Some(&*place)));
    let shown = office.desk.home.run(&["config", "--json"]).done();
    assert!(shown.contains("google.credentials_secret") && !shown.contains("google.credentials_file"));
    // Once more, over what is there, by the client for which it was made.
    std::fs::remove_file(office.desk.home.path().join("secrets/client.json")).unwrap();
    let written = std::fs::read_to_string(office.desk.home.path().join("crewcall.toml")).unwrap();
    office.desk.home.write("crewcall.toml", written.replace("client_file = \"secrets/client.json\"\n", ""));
    sign_in_elsewhere(&office.desk).done();
    assert_ne!(office.kept().await["refresh_token"], kept["refresh_token"]);
    office.mail().done();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_anybody_signs_in_it_is_said_that_it_could_not_be_kept() {
    let office = Office::new().await;
    let login = || office.desk.home.run(&["google", "login", "--no-browser"]).failed(1);
    // The name of another secret, by mistake.
    let others = "00112233445566778899aabbccddeeff";
    office.client.create_secret().name(&office.name).secret_string(others).send().await.unwrap();
    let said = login();
    assert!(said.contains("is no sign-in, which is not written over; name another place"), "{said}");
    let robot = office.desk.peer.service_account("robot@harbor.example.com");
    office.put(&robot).await;
    let said = login();
    assert!(said.contains("is the key of a service account, which is not written over"), "{said}");
    assert_eq!(office.kept().await, serde_json::from_str::<Value>(&robot).unwrap());
    office.proxy.expect(READ, [Instead(400, exception("AccessDeniedException"))]);
    let said = login();
    assert!(said.contains("the right secretsmanager:GetSecretValue"), "{said}");
    let nowhere = "arn:aws:secretsmanager:us-west-2:000000000000:secret:harbor/nowhere-AbCdEf";
    office.desk.settings(&format!("credentials_secret = \"{nowhere}\"\n"));
    let said = login();
    assert!(said.contains(nowhere) && said.contains("check its name"), "{said}");
    assert_eq!(office.desk.peer.count(Call::CodeExchange), 0);
    office.desk.settings("credentials_secret = \"x\"\ncredentials_file = \"y\"\n");
    let said = office.desk.home.run(&["google", "status"]).failed(1);
    assert!(said.contains("google.credentials_secret") && said.contains("give one of them"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_that_passes_is_no_end_and_what_is_no_sign_in_is_named() {
    let office = Office::signed_in().await;
    // Longer than the SDK tries by itself.
    let busy = || Instead(400, exception("ThrottlingException"));
    office.proxy.expect(READ, (0..3).map(|_| busy()));
    let (code, status, said) = office.status();
    assert_eq!((code, &status["ended"]), (1, &Value::Null), "{said}");
    // On a busy machine the SDK's own pauses may take all of the time that there is.
    let why = ["ThrottlingException", "no answer within 5 s"].iter().any(|why| said.contains(why));
    assert!(said.contains("Google could not be asked") && why, "{said}");
    let (code, ..) = office.status();
    assert_eq!(code, 0);
    office.proxy.expect(READ, [Instead(400, exception("AccessDeniedException"))]);
    let (code, status, said) = office.status();
    assert_eq!((code, status["ended"]["kind"].as_str()), (1, Some("unreadable")), "{said}");
    assert!(
        said.contains("the right secretsmanager:GetSecretValue") && said.contains("see to that"),
        "{said}"
    );
    assert!(!said.contains("sign in again with"), "{said}");
    office.put("{}").await;
    let (code, status, said) = office.status();
    assert_eq!((code, status["ended"]["kind"].as_str()), (1, Some("unusable")));
    assert!(said.contains(&office.name) && said.contains("has no usable client_id"), "{said}");
    let kept = office.mail();
    assert_eq!((kept.code, office.desk.peer.sent(ACCOUNT).len()), (1, 0), "{kept:?}");
}

/// A server, which looks after the sign-in, and its log.
struct Server<'a> {
    office: &'a Office,
    process: std::process::Child,
    begun: Instant,
}

impl<'a> Server<'a> {
    fn of(office: &'a Office) -> Self {
        let home = office.desk.home.path();
        let process = std::process::Command::new(env!("CARGO_BIN_EXE_crewcall"))
            .current_dir(home)
            .arg("serve")
            .env("CREWCALL_SERVER__LISTEN", "127.0.0.1:0")
            .env("AWS_CONFIG_FILE", home.join(AWS_CONFIG))
            .stderr(std::fs::File::create(home.join("serve.log")).unwrap())
            .spawn();
        Self { office, process: process.unwrap(), begun: Instant::now() }
    }

    /// Waits until another refresh token stands in the secret than this one.
    async fn keeps_another(&self, before: &Value) {
        while self.office.kept().await["refresh_token"] == before["refresh_token"] {
            assert!(self.begun.elapsed() < Duration::from_secs(90), "{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn says(&self, words: &str) {
        while !self.log().contains(words) {
            assert!(self.begun.elapsed() < Duration::from_secs(90), "{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.office.desk.home.path().join("serve.log")).unwrap()
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Google gives another refresh token each time: the next process needs that one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_refresh_token_is_kept_and_two_processes_find_those_of_each_other() {
    let office = Office::signed_in().await;
    let before = office.kept().await;
    office.desk.peer.rotate(true);
    office.mail().done();
    let after = office.kept().await;
    assert_ne!(after["refresh_token"], before["refresh_token"]);
    assert_eq!(after["issued_at"], before["issued_at"]);
    office.mail().done();
    office.desk.peer.set_expires_in(2);
    let server = Server::of(&office);
    for _ in 0..2 {
        server.keeps_another(&office.kept().await).await;
        assert_eq!(office.status().0, 0);
    }
    assert!(!server.log().contains("no mail leaves"), "{}", server.log());
}

/// It holds in the process that has it, which tries again with the next access token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_that_could_not_be_kept_is_kept_later() {
    let office = Office::signed_in().await;
    let before = office.kept().await;
    office.desk.peer.rotate(true);
    office.desk.peer.set_expires_in(2);
    office.proxy.expect(WRITE, [Instead(400, exception("AccessDeniedException"))]);
    let server = Server::of(&office);
    server.says("a new refresh token could not be kept").await;
    assert_eq!(office.kept().await["refresh_token"], before["refresh_token"]);
    // The one that is kept later is the one that was not.
    office.desk.peer.rotate(false);
    server.keeps_another(&before).await;
    drop(server);
    assert_eq!(office.status().0, 0);
}

/// What was read before still counts, for as long as Google takes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_can_no_longer_be_read_ends_nothing() {
    let office = Office::signed_in().await;
    office.desk.peer.set_expires_in(2);
    let server = Server::of(&office);
    let refreshed = || office.desk.peer.count(Call::Token);
    let until = async |count: usize| {
        while refreshed() < count {
            assert!(server.begun.elapsed() < Duration::from_secs(90), "{}", server.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    until(2).await;
    office.proxy.expect(READ, (0..1_000).map(|_| Instead(400, exception("AccessDeniedException"))));
    server.says("whether somebody has signed in again cannot be seen").await;
    until(refreshed() + 2).await;
    assert!(!server.log().contains("no mail leaves"), "{}", server.log());
    // Once Google takes it no longer, somebody has to see to that first.
    office.desk.peer.revoke(office.kept().await["refresh_token"].as_str().unwrap());
    server.says("no mail leaves").await;
    server.says("the sign-in at Google cannot be read: the secret").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_told_on_the_way_there_and_back() {
    let office = Office::new().await;
    let mut told = String::new();
    let mut add = |ran: Ran| {
        // The address of Google's page has the state.
        let lines = ran.err.lines().filter(|line| !line.trim_start().starts_with("http://"));
        told.push_str(&format!("{}\n{}\n", ran.out, lines.collect::<Vec<_>>().join("\n")));
    };
    office.desk.peer.rotate(true);
    office.proxy.expect(WRITE, [Instead(400, exception("AccessDeniedException")), LoseAnswer]);
    // The first is kept nowhere.
    let lost = sign_in_elsewhere(&office.desk);
    assert_eq!(lost.code, 1);
    assert!(lost.err.contains("PutSecretValue: AccessDeniedException"), "{}", lost.err);
    add(lost);
    add(sign_in_elsewhere(&office.desk));
    // It is written, and the answer is lost: the same once more is the same.
    office.proxy.expect(WRITE, [LoseAnswer]);
    let over = sign_in_elsewhere(&office.desk);
    assert_eq!(over.code, 0, "{}", over.err);
    add(over);
    office.proxy.expect(READ, [AfterEffect(500, exception("InternalServiceError")), LoseAnswer]);
    for command in [&["mail", "test", "--to", "office@example.com"][..], &["google", "status"], &["doctor"]] {
        add(office.desk.home.run_with(command, &[("RUST_LOG", "trace")], b""));
    }
    let secrets = office.desk.peer.secrets();
    assert!(secrets.len() > 4 && told.contains("GetSecretValue") && told.contains("PutSecretValue"));
    // That comes of the SDK alone, as told as it can be.
    assert!(told.contains("TRACE") && told.contains("aws_smithy_runtime"));
    for secret in &secrets {
        assert!(!holds(told.as_bytes(), secret), "a part of {}… was told", &secret[..8]);
    }
    let kept = office.kept().await.to_string();
    assert!(secrets.iter().any(|secret| holds(kept.as_bytes(), secret)), "the search finds what is there");
}
