//! The functions as they are deployed: secrets in Secrets Manager, mail to a server that wants a password.

#[path = "../it/lambda/events.rs"]
#[allow(dead_code, reason = "shared with the tests of the functions, which use all of it")]
mod events;
#[path = "../it/lambda/runtime.rs"]
#[allow(dead_code, reason = "shared with the tests of the functions, which use all of it")]
mod runtime;

use aws_sdk_secretsmanager::Client;
use serde_json::{Value, json};

use self::events::{get, old_question, post, question, schedule, with_cookies};
use self::runtime::{Lambda, Process};
use crate::dynamodb::{ministack, settings};
use crate::home::{CHARTER, Home, ROSTER, SETTINGS};
use crate::support::PythonPeer;

const KEY: &str = "8899aabbccddeeff00112233445566778899aabbccddeeff0011223344556677";
const PASSWORD: &str = "harbour canary 17";

/// An office whose call has begun, and its functions.
struct Office {
    home: Home,
    lambda: Lambda,
    mails: PythonPeer,
    endpoint: String,
}

impl Office {
    /// Whose secret for the mail server is that text.
    async fn new(name: &str, password: &str) -> Self {
        let peer = ministack();
        let client = Client::new(&settings(&peer.endpoint));
        let secret = async |what: &str, text: &str| {
            let secret = format!("{name}/{what}-{}", std::process::id());
            client.create_secret().name(&secret).secret_string(text).send().await.unwrap();
            secret
        };
        let (key, password) = (secret("link-key", KEY).await, secret("smtp", password).await);
        let mails = PythonPeer::start(
            "smtp_sink.py",
            &["--tls", "none", "--user", "crew", "--password", PASSWORD, "--tell-goodbyes"],
        );
        let home = Home::empty();
        let before = SETTINGS.replace("\"file\"", "\"smtp\"");
        let before = before.replace("[server]\n", &format!("[server]\nlink_key_secret = \"{key}\"\n"));
        let port = &mails.ready["port"];
        home.write(
            "crewcall.toml",
            format!(
                "{before}[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nusername = \"crew\"\n\
                 password_secret = \"{password}\"\n[store]\nkind = \"dynamodb\"\ntable_prefix = \"{name}-\"\n"
            ),
        );
        home.has_aws_at(&peer.endpoint);
        home.run(&["store", "setup"]).done();
        home.write("roster.json", ROSTER);
        home.run(&["roster", "import", "roster.json"]).done();
        home.feed(&["charter", "add"], CHARTER).done();
        home.run(&["call", "start", "charter_5678"]).done();
        let lambda = Lambda::start(home.path()).await;
        Self { home, lambda, mails, endpoint: peer.endpoint.clone() }
    }

    fn process(&self) -> Process {
        self.lambda.process(&[("AWS_ENDPOINT_URL".to_owned(), self.endpoint.clone())])
    }
}

#[tokio::test]
async fn a_tick_signs_in_with_a_password_from_secrets_manager_and_says_goodbye_before_it_sleeps() {
    let office = Office::new("ticks", PASSWORD).await;
    let _function = office.process();
    let tick = office.lambda.invoke(schedule()).await.unwrap();
    assert_eq!((&tick["done"], &tick["put_off"]), (&json!(2), &json!(0)), "{tick}");
    // The office's copy follows the mail to Dana over the same connection.
    let said: Vec<Value> = (0..3).map(|_| office.mails.next()).collect();
    let (goodbyes, mails): (Vec<_>, Vec<_>) = said.iter().partition(|said| said.get("goodbye").is_some());
    assert_eq!((mails.len(), goodbyes.len()), (2, 1), "{said:?}");
    assert!(mails.iter().all(|mail| mail["authenticated"] == true), "{mails:?}");
    // The next one begins with a connection of its own.
    let token = token_of(&mails);
    let accept = office.lambda.invoke(post("/crew/accept", &format!("token={token}&answer=accept"))).await;
    assert_eq!(accept.unwrap()["statusCode"], 200);
    let tick = office.lambda.invoke(schedule()).await.unwrap();
    assert!(tick["done"].as_u64() > Some(2) && tick["put_off"] == 0, "{tick}");
}

/// The token in the link of a mail.
fn token_of(mails: &[&Value]) -> String {
    let texts =
        mails.iter().flat_map(|mail| mail["parts"].as_array().unwrap()).map(|part| part["text"].as_str());
    let link = texts.flatten().find_map(|text| text.split("token=").nth(1)).unwrap();
    link.chars().take_while(|c| c.is_ascii_alphanumeric() || "_.".contains(*c)).collect()
}

/// Everything goes wrong that can, with secrets in hand; none of them is in what people read who may read logs.
#[tokio::test]
async fn no_secret_is_in_a_log_whatever_goes_wrong() {
    let office = Office::new("canaries", "another canary 23").await;
    let api = office.home.run(&["api-token", "new", "Booking site"]).done();
    let api = api.split_whitespace().find(|word| word.starts_with("crewcall_api_")).unwrap().to_owned();
    let setup = office.home.run(&["setup-link"]).done();
    let setup = setup.trim().split_once("token=").unwrap().1.to_owned();
    let state = office.home.run(&["audit", "charter_5678", "--json"]).done();
    assert!(!state.contains(KEY));
    let _function = office.process();
    let link = "jada_crew_aaaaaaaaaaaaaaaa.canarycanarycanarycanarycanarycanarycanarycanaryca";

    // The mail server refuses the password.
    let tick = office.lambda.invoke(schedule()).await.unwrap();
    assert_eq!(tick["put_off"], 1, "{tick}");
    let mut broken = get(&format!("/crew/accept?token={link}"));
    broken["cookies"] = json!("session=canary-cookie");
    let mut old = get(&format!("/crew/accept?token={link}"));
    old["requestContext"] = json!({ "httpMethod": "GET" });
    old["httpMethod"] = json!("GET");
    let mut signed = get("/api/v1/charters?cursor=%00");
    signed["headers"]["authorization"] = json!(format!("Bearer {api}"));
    let mut unreadable = post("/crew/accept", &format!("token={link}&answer=accept"));
    unreadable["body"] = json!(format!("token={link}%%%"));
    for event in [
        get(&format!("/crew/accept?token={link}")),
        post("/crew/accept", &format!("token={link}&answer=accept")),
        post("/setup", &format!("token={setup}&name=")),
        with_cookies(get("/"), &["__Secure-crewcall=canary-cookie"]),
        question(link),
        old_question(link),
        json!({ "type": "TOKEN", "authorizationToken": link, "methodArn": "x" }),
        json!({ "type": "REQUEST", "queryStringParameters": { "token": link } }),
        json!({ "token": link }),
        broken,
        old,
        signed,
        unreadable,
    ] {
        // Some have an answer, others an error.
        if let Err((kind, said)) = office.lambda.invoke(event).await {
            assert!(!said.contains("canary"), "{kind}: {said}");
        }
    }
    let metrics = std::fs::read_to_string(office.home.path().join("metrics.log")).unwrap();
    let log = office.lambda.log();
    assert!(log.contains("not handed over") && log.contains("a crew link was refused"), "{log}");
    for secret in ["canary", KEY, &api, &setup] {
        assert!(!log.contains(secret) && !metrics.contains(secret), "{secret} is in the log: {log}");
    }
}
