//! A mail that comes as it is, alone or behind the JSON that goes along with it
//! (<https://developers.google.com/workspace/gmail/api/guides/uploads>).

use serde_json::{Value, json};

use crate::api::parsed;
use crate::asked::Asked;
use crate::discovery::Found;
use crate::refusal::Refusal;

/// The JSON and the mail of a request to the path for uploads.
pub(crate) fn upload(asked: &Asked, found: &Found) -> Result<(Value, Option<Vec<u8>>), Refusal> {
    let upload = found.method.media_upload.as_ref().expect("a method with uploads");
    let accepts = |kind: &str| {
        let accept = upload.accept.iter().map(|accept| accept.trim_end_matches('*'));
        accept.into_iter().any(|accept| kind.starts_with(accept))
    };
    let kind = asked.query.iter().find(|(name, _)| name == "uploadType").map(|(_, kind)| kind.as_str());
    let content_type = asked.content_type().unwrap_or_default();
    let (body, content_type, media) = match kind {
        Some("media") => (json!({}), content_type, asked.body.to_vec()),
        Some("multipart") => {
            parts(asked).unwrap_or_else(|| Err(Refusal::invalid("Malformed multipart body.")))?
        }
        Some("resumable") => {
            let text = "This Gmail of the tests does not know resumable uploads.";
            return Err(Refusal::new(501, "UNIMPLEMENTED", text));
        }
        _ => return Err(Refusal::invalid("Invalid or missing uploadType.")),
    };
    if !accepts(&content_type) {
        let text =
            format!("Media type '{content_type}' is not supported. Valid media types: {:?}", upload.accept);
        return Err(Refusal::invalid(text).because("badContent"));
    }
    Ok((body, Some(media)))
}

/// JSON, and a mail with its type before it.
type Parts = (Value, String, Vec<u8>);

/// The two parts of `multipart/related` (RFC 2387): JSON, then the mail with its type.
fn parts(asked: &Asked) -> Option<Result<Parts, Refusal>> {
    let parameters = asked.header("content-type")?.split(';').skip(1);
    let boundary = parameters.filter_map(|parameter| parameter.trim().strip_prefix("boundary=")).next()?;
    let mark = format!("--{}", boundary.trim_matches('"'));
    let (mut rest, mut parts) = (after(&asked.body, mark.as_bytes())?, Vec::new());
    while !rest.starts_with(b"--") {
        let end = position(rest, format!("\n{mark}").as_bytes())?;
        parts.push(part(&rest[..end])?);
        rest = &rest[end + 1 + mark.len()..];
    }
    let [(_, json), (kind, mail)] = &parts[..] else { return None };
    Some(parsed(json).map(|json| (json, kind.clone(), mail.to_vec())))
}

/// A part's type and what is in it.
fn part(part: &[u8]) -> Option<(String, &[u8])> {
    let part = &part[position(part, b"\n")? + 1..];
    let windows = position(part, b"\r\n\r\n").map(|at| (at, at + 4));
    let (end, begin) = match (windows, position(part, b"\n\n")) {
        (Some(ends), Some(at)) if ends.0 > at => (at, at + 2),
        (Some(ends), _) => ends,
        (None, at) => (at?, at? + 2),
    };
    let head = std::str::from_utf8(&part[..end]).ok()?.to_ascii_lowercase();
    let kind = head.lines().find_map(|line| line.strip_prefix("content-type:"))?;
    let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
    let body = &part[begin..];
    Some((kind, body.strip_suffix(b"\r").unwrap_or(body)))
}

fn after<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    Some(&text[position(text, mark)? + mark.len()..])
}

fn position(text: &[u8], mark: &[u8]) -> Option<usize> {
    text.windows(mark.len()).position(|window| window == mark)
}
