//! What the tests have in common: a Google with somebody at it, and a client that can do nothing by itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use data_encoding::BASE64URL;
use serde_json::{Value, json};

use crate::{Client, Google};

pub(crate) const ACCOUNT: &str = "crew@example.com";
pub(crate) const SEND: &str = "https://www.googleapis.com/auth/gmail.send";
pub(crate) const SPREADSHEETS: &str = "https://www.googleapis.com/auth/spreadsheets";
const FORM: &str = "application/x-www-form-urlencoded";
/// After this time a test gives up on an answer that should come.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer: its status, its head, and its body.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.filter(|(of, _)| of.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    /// The status, and the reason in the newer or the older form.
    pub(crate) fn why(&self) -> (u16, String) {
        let error = &self.json()["error"];
        let reason = error["errors"][0]["reason"].as_str().or(error["status"].as_str()).or(error.as_str());
        (self.status, reason.unwrap_or_default().to_owned())
    }

    pub(crate) fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap_or_default().to_owned()
    }
}

/// A Google with one account and one client.
pub(crate) struct Desk {
    pub(crate) google: Google,
    pub(crate) client: Client,
    /// How long it waits for more of an answer.
    pub(crate) patience: Duration,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let google = Google::start();
        google.account(ACCOUNT);
        let client = google.client();
        Self { google, client, patience: PATIENCE }
    }

    /// Sends a request and waits for all of the answer; none, if the connection ends before it or nothing comes.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Got> {
        let host = self.google.url().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(self.patience)).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some(Got { status, head, body: answer[end + 4..].to_vec() })
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Got {
        self.send("GET", path, &[("authorization", &format!("Bearer {token}"))], b"").unwrap()
    }

    pub(crate) fn post(&self, path: &str, token: &str, body: &Value) -> Got {
        self.posted(path, token, body).unwrap()
    }

    pub(crate) fn posted(&self, path: &str, token: &str, body: &Value) -> Option<Got> {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
        self.send("POST", path, &headers, body.to_string().as_bytes())
    }

    /// A form to the token endpoint, with the client's id and secret.
    pub(crate) fn token(&self, fields: &[(&str, &str)]) -> Got {
        let of_client = [("client_id", self.client.id.as_str()), ("client_secret", &self.client.secret)];
        self.form("/token", &[&of_client[..], fields].concat())
    }

    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let body = query(fields);
        self.send("POST", path, &[("content-type", FORM)], body.as_bytes()).unwrap()
    }

    pub(crate) fn refresh(&self, token: &str) -> Got {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// An access token for these scopes.
    pub(crate) fn access(&self, scopes: &[&str]) -> String {
        let refresh = self.google.grant(&self.client, ACCOUNT, scopes);
        text(&self.refresh(&refresh).json()["access_token"])
    }

    /// Sends a mail.
    pub(crate) fn mail(&self, token: &str, mail: &str, thread: Option<&str>) -> Got {
        self.post(SEND_PATH, token, &body(mail, thread))
    }
}

pub(crate) const SEND_PATH: &str = "/gmail/v1/users/me/messages/send";

/// What is posted to send a mail.
pub(crate) fn body(mail: &str, thread: Option<&str>) -> Value {
    let mut body = json!({ "raw": BASE64URL.encode(mail.replace('\n', "\r\n").as_bytes()) });
    if let Some(thread) = thread {
        body["threadId"] = thread.into();
    }
    body
}

pub(crate) fn query(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
