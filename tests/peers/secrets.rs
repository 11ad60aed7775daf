//! The link key and the password of the mail server in AWS Secrets Manager, played by ministack.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::primitives::Blob;
use serde_json::Value;

use crate::dynamodb::{ministack, settings};
use crate::home::{Home, ROSTER, SETTINGS};
use crate::smtp::certificates::Certificates;
use crate::support::PythonPeer;

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// The name of a secret that no other test has, which is there now.
async fn secret(client: &Client, name: &str, text: &str) -> String {
    let name = format!("harbor/{name}-{}", std::process::id());
    client.create_secret().name(&name).secret_string(text).send().await.unwrap();
    name
}

fn home(endpoint: &str, server: &str, mail: &str) -> Home {
    let home = Home::empty();
    let settings = SETTINGS.replace("[server]\n", &format!("[server]\n{server}\n"));
    home.write(
        "crewcall.toml",
        format!("{settings}{mail}\n[store]\nkind = \"dynamodb\"\ntable_prefix = \"secrets-\"\n"),
    );
    home.has_aws_at(endpoint);
    home
}

#[tokio::test]
async fn the_link_key_may_stand_in_secrets_manager() {
    let peer = ministack();
    let client = Client::new(&settings(&peer.endpoint));
    // As a file has it that was put there whole.
    let name = secret(&client, "link-key", &format!("{KEY}\n")).await;
    let office = home(&peer.endpoint, &format!("link_key_secret = \"{name}\""), "");
    let told = office.run(&["store", "setup"]).done();
    assert!(told.contains(&format!("The link key is the secret {name} in AWS Secrets Manager")), "{told}");
    assert!(!office.path().join("crewcall.db.key").exists());
    office.write("roster.json", ROSTER);
    office.run(&["roster", "import", "roster.json"]).done();
    let shown: Value = office.run(&["config", "--json"]).json();
    let shown = shown.to_string();
    assert!(shown.contains(&name) && !shown.contains(KEY) && !shown.contains("link_key_file"), "{shown}");

    // Whoever has the same key in a file makes the same links.
    let other = home(&peer.endpoint, "link_key_file = \"key\"", "");
    other.write("key", KEY);
    assert_eq!(
        other.run(&["roster", "list", "--json"]).json(),
        office.run(&["roster", "list", "--json"]).json()
    );
}

#[tokio::test]
async fn a_secret_that_cannot_be_had_is_said() {
    let peer = ministack();
    let client = Client::new(&settings(&peer.endpoint));
    let bytes = format!("harbor/bytes-{}", std::process::id());
    client.create_secret().name(&bytes).secret_binary(Blob::new([1, 2, 3])).send().await.unwrap();
    let short = secret(&client, "short", &KEY[1..]).await;
    for (name, said) in [
        (
            "harbor/nowhere",
            "the secret harbor/nowhere cannot be read from AWS Secrets Manager (GetSecretValue: ResourceNotFoundException",
        ),
        (&bytes, "holds bytes and no text"),
        (&short, "in AWS Secrets Manager holds no link key, which is 64 hexadecimal digits"),
    ] {
        let office = home(&peer.endpoint, &format!("link_key_secret = \"{name}\""), "");
        let refused = office.run(&["roster", "list"]).failed(1);
        assert!(refused.contains(said) && !refused.contains(&KEY[1..]), "{name}: {refused}");
    }
}

#[tokio::test]
async fn the_password_of_the_mail_server_may_stand_there_as_well() {
    let peer = ministack();
    let client = Client::new(&settings(&peer.endpoint));
    let sink =
        PythonPeer::start("smtp_sink.py", &["--tls", "none", "--user", "crew", "--password", "s3cret word"]);
    let port = &sink.ready["port"];
    let right = secret(&client, "right-password", "s3cret word\n").await;
    let wrong = secret(&client, "wrong-password", "another word").await;
    let mail = |name: &str| {
        format!(
            "[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nusername = \"crew\"\npassword_secret = \"{name}\"\n"
        )
    };
    let office = |name: &str| {
        let office = home(&peer.endpoint, "link_key_file = \"key\"", &mail(name));
        let settings = std::fs::read_to_string(office.path().join("crewcall.toml")).unwrap();
        office.write("crewcall.toml", settings.replace("\"file\"", "\"smtp\""));
        office
    };
    let sent = office(&right).run(&["mail", "test", "--to", "dana@example.com"]).done();
    assert!(sent.contains("was handed over"), "{sent}");
    assert_eq!(sink.next()["authenticated"], true);
    let refused = office(&wrong).run(&["mail", "test"]).failed(1);
    assert!(refused.contains("535") && !refused.contains("another word"), "{refused}");
    // Settings are shown without asking AWS, and the secret is no part of them.
    let shown = office("harbor/nowhere").run(&["config"]).done();
    assert!(shown.contains("mail.smtp.password_secret"), "{shown}");
    let missing = office("harbor/nowhere").run(&["tick"]).failed(1);
    assert!(missing.contains("the secret harbor/nowhere cannot be read"), "{missing}");
}

/// As AWS itself, which answers by TLS only.
#[tokio::test]
async fn aws_is_spoken_to_by_tls_and_only_where_it_is_trusted() {
    let peer = ministack();
    let client = Client::new(&settings(&peer.endpoint));
    let name = secret(&client, "by-tls", KEY).await;
    let certificates = Certificates::for_server("127.0.0.1");
    let files = certificates.arguments();
    let mut arguments: Vec<&str> = files.iter().map(String::as_str).collect();
    let upstream = peer.endpoint.strip_prefix("http://").unwrap();
    arguments.extend(["--upstream", upstream, "--host", upstream]);
    let front = PythonPeer::start("tls_front.py", &arguments);
    let endpoint = format!("https://127.0.0.1:{}", front.ready["port"]);
    let office = home(&endpoint, &format!("link_key_secret = \"{name}\""), "");
    let authority = certificates.path("ca.pem").display().to_string();
    let told = office.run_with(&["store", "setup"], &[("SSL_CERT_FILE", &authority)], b"").done();
    assert!(told.contains(&name), "{told}");
    // By what the system trusts, this one is nobody.
    let refused = office.run(&["roster", "list"]).failed(1);
    assert!(refused.contains("invalid peer certificate: UnknownIssuer"), "{refused}");
}
