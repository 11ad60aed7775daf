//! Ticks that send by Gmail, with a sign-in that stands in Secrets Manager.

use std::time::{Duration, Instant};

use aws_sdk_secretsmanager::Client;
use crewcall_google_peer::{Call, Client as OAuthClient, Google};
use serde_json::{Value, json};

use super::events::{get, post, schedule};
use super::harbor::Harbor;
use super::runtime::Process;
use crate::support::dynamodb::{Peer, ministack, settings};
use crate::support::proxy::Proxy;

const ACCOUNT: &str = "crew@example.com";
const SEND: &str = "https://www.googleapis.com/auth/gmail.send";

/// An office whose functions send by Gmail.
struct Office {
    harbor: Harbor,
    google: Google,
    client: OAuthClient,
    secrets: Client,
    /// Between the functions and Secrets Manager.
    proxy: Proxy,
    name: String,
    _peer: std::sync::Arc<Peer>,
}

impl Office {
    /// Nobody has signed in yet; the secret is there and empty, as the template makes it.
    async fn new(name: &str) -> Self {
        let google = Google::start();
        google.account(ACCOUNT);
        let (token_uri, gmail) = (google.token_uri(), google.gmail_base_url());
        let more = format!("[google]\ntoken_uri = \"{token_uri}\"\ngmail_base_url = \"{gmail}\"\n");
        let harbor = Harbor::with(&more).await;
        let peer = ministack();
        let secrets = Client::new(&settings(&peer.endpoint));
        let name = format!("{name}-{}", std::process::id());
        secrets.create_secret().name(&name).send().await.unwrap();
        let proxy = Proxy::before(&peer.endpoint).await;
        Self { client: google.client(), harbor, google, secrets, proxy, name, _peer: peer }
    }

    fn process(&self, more: &[(&str, &str)]) -> Process {
        let standard = [
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &*self.proxy.endpoint),
            ("CREWCALL_MAIL__TRANSPORT", "gmail"),
            ("CREWCALL_GOOGLE__CREDENTIALS_SECRET", self.name.as_str()),
        ];
        self.harbor.process_with(&[&standard, more].concat())
    }

    /// As `crewcall google login` leaves it. Gives the refresh token.
    async fn sign_in(&self) -> String {
        let refresh_token = self.google.grant(&self.client, ACCOUNT, &[SEND]);
        let text = self.client.authorized_user(ACCOUNT, &refresh_token);
        let put = self.secrets.put_secret_value().secret_id(&self.name).secret_string(text);
        put.send().await.unwrap();
        refresh_token
    }

    fn sent(&self) -> usize {
        self.google.sent(ACCOUNT).len()
    }

    /// Ticks come once a minute; a new sign-in is found, and what was being tried is tried again, within less.
    async fn ticks_until_mail_leaves(&self) {
        let (begun, before) = (Instant::now(), self.sent());
        while self.sent() == before {
            assert!(begun.elapsed() < Duration::from_secs(60), "no mail left");
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.harbor.tick().await;
        }
    }

    async fn health(&self) -> Value {
        self.harbor.lambda.invoke(get("/health/ready")).await.unwrap()
    }

    fn mail_down(&self) -> i64 {
        self.harbor.metrics().last().unwrap()["MailDown"].as_i64().unwrap()
    }
}

#[tokio::test]
async fn a_sign_in_is_found_looked_after_and_found_again_after_its_end() {
    let office = Office::new("gmail/ends").await;
    let _function = office.process(&[]);
    office.harbor.start_call().await;
    let tick = office.harbor.tick().await;
    assert_eq!((&tick["done"], &tick["failed"], office.mail_down()), (&json!(0), &json!(0), 1), "{tick}");
    let told = office.health().await;
    assert_eq!(told["statusCode"], 503);
    assert!(told["body"].as_str().unwrap().contains("no mail leaves since"), "{told}");

    let first = office.sign_in().await;
    office.ticks_until_mail_leaves().await;
    assert_eq!((office.health().await["statusCode"].clone(), office.mail_down()), (json!(200), 0));
    let sent = office.sent();
    assert!(sent >= 2, "{sent}");

    // While all is well a tick asks neither Google for a token nor AWS for the secret.
    let (asked, refreshed) = (office.proxy.requests(), office.google.count(Call::Token));
    for _ in 0..3 {
        office.harbor.tick().await;
    }
    assert_eq!((office.proxy.requests(), office.google.count(Call::Token)), (asked, refreshed));

    office.google.revoke(&first);
    office.google.end_access_tokens();
    let token = office.harbor.token("dana-reyes").await;
    let yes = post("/crew/accept", &format!("token={token}&answer=accept"));
    assert_eq!(office.harbor.ask(yes).await.status, 200);
    office.harbor.tick().await;
    assert!(office.sent() == sent && office.mail_down() > 0);
    assert_eq!(office.health().await["statusCode"], 503);
    office.sign_in().await;
    office.ticks_until_mail_leaves().await;
    assert_eq!((office.health().await["statusCode"].clone(), office.mail_down()), (json!(200), 0));
}

/// The other way is for alerts alone: what is wrong with it keeps no offer.
#[tokio::test]
async fn an_offer_leaves_while_the_password_of_the_other_way_cannot_be_had() {
    let office = Office::new("gmail/password").await;
    office.sign_in().await;
    let _function = office.process(&[
        ("CREWCALL_MAIL__FALLBACK", "smtp"),
        ("CREWCALL_MAIL__SMTP__HOST", "mail.example.com"),
        ("CREWCALL_MAIL__SMTP__PORT", "587"),
        ("CREWCALL_MAIL__SMTP__TLS", "starttls"),
        ("CREWCALL_MAIL__SMTP__USERNAME", "crew"),
        ("CREWCALL_MAIL__SMTP__PASSWORD_SECRET", "gmail/nowhere"),
    ]);
    office.harbor.start_call().await;
    let (kind, said) = office.harbor.lambda.invoke(schedule()).await.unwrap_err();
    assert_eq!(kind, "Transport");
    assert!(said.contains("the secret gmail/nowhere cannot be read"), "{said}");
    assert!(office.sent() >= 2, "{}", office.sent());
    // What mail leaves by meanwhile lasts, with its access token.
    assert_eq!(office.harbor.lambda.invoke(schedule()).await.unwrap_err().0, "Transport");
    assert_eq!(office.google.count(Call::Token), 1);
}
