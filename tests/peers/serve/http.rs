//! A client small enough to see every byte of it: one connection for each request.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub(super) struct Answer {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The heading of the page.
    pub(super) fn heading(&self) -> &str {
        let rest = self.body.split_once("<h1>").map_or("", |(_, rest)| rest);
        rest.split_once("</h1>").map_or("", |(heading, _)| heading)
    }
}

pub(super) fn get(address: &str, path: &str) -> io::Result<Answer> {
    exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
}

/// Presses a button on the page behind a crew link.
pub(super) fn press(address: &str, token: &str, answer: &str) -> io::Result<Answer> {
    post(address, "/crew/accept", &format!("token={token}&answer={answer}"), "")
}

fn post(address: &str, path: &str, form: &str, more: &str) -> io::Result<Answer> {
    let length = form.len();
    exchange(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: close\r\n{more}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        ),
    )
}

/// Sends a request and reads its answer to the end; an answer that was cut off is an error.
pub(super) fn exchange(address: &str, request: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(40)))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let cut = || io::Error::other("the answer was cut off");
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).ok_or_else(cut)?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    let answer = Answer { status, headers, body: body.to_owned() };
    match answer.header("content-length").map(str::parse::<usize>) {
        Some(Ok(length)) if length != body.len() => Err(cut()),
        _ => Ok(answer),
    }
}

/// A browser: it keeps its cookies.
pub(super) struct Browser {
    address: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(super) fn at(address: &str) -> Self {
        Self { address: address.to_owned(), cookies: BTreeMap::new() }
    }

    pub(super) fn get(&mut self, path: &str) -> Answer {
        let (address, cookies) = (&self.address, self.cookie_line());
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{cookies}Connection: close\r\n\r\n");
        let answer = exchange(address, &request).unwrap();
        self.keep(&answer);
        answer
    }

    pub(super) fn post(&mut self, path: &str, form: &str) -> Answer {
        let answer = post(&self.address, path, form, &self.cookie_line()).unwrap();
        self.keep(&answer);
        answer
    }

    fn cookie_line(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { String::new() } else { format!("Cookie: {}\r\n", pairs.join("; ")) }
    }

    fn keep(&mut self, answer: &Answer) {
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
