//! An answer, before it is known whether it arrives.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// Bytes of a body that is not worth it.
const SHORT: usize = 860;

/// What is answered to a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// JSON, set out in lines, as Google does unless it is told otherwise.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let kind = "application/json; charset=UTF-8".to_owned();
        Self { status, headers: vec![("content-type", kind)], body: format!("{body:#}\n").into_bytes() }
    }

    /// One of Google's pages for people.
    pub(crate) fn page(status: u16, title: &str, text: &str) -> Self {
        let kind = "text/html; charset=UTF-8".to_owned();
        let (title, text) = (escaped(title), escaped(text));
        let body = format!(
            "<!DOCTYPE html>\n<html lang=en>\n<title>{title}</title>\n<h1>{title}</h1>\n<p>{text}\n</html>\n"
        );
        Self { status, headers: vec![("content-type", kind)], body: body.into_bytes() }
    }

    /// To another address.
    pub(crate) fn redirect(to: &str) -> Self {
        Self { status: 302, headers: vec![("location", to.to_owned())], body: Vec::new() }
    }

    /// As it leaves for whoever accepts it compressed. What is short stays as it is.
    pub(crate) fn compressed(self) -> Self {
        if self.body.len() < SHORT {
            return self;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let body = encoder.write_all(&self.body).and_then(|()| encoder.finish()).expect("a Vec takes all");
        Self { body, ..self }.with("content-encoding", "gzip")
    }

    /// With one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
