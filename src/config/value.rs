//! The texts of single keys, as what they mean. Each error is a clause: what it is, what to write.

use std::fs;
use std::io::Read;
use std::net::IpAddr;
use std::path::Path;

use axum::http::Uri;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::Rank;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::secret::Secret;
use crate::sheet::Mode;

/// Bytes of a file that holds one password.
const PASSWORD_BYTES: u64 = 4096;

/// How the paths of the pages begin. A gateway may tell the path in front of them or not, so it has to be another.
const OWN_PATHS: [&str; 16] = [
    "account",
    "api",
    "assets",
    "charters",
    "crew",
    "demo",
    "health",
    "live",
    "needs-you",
    "new-charter",
    "roster",
    "setup",
    "signin",
    "signout",
    "statements",
    "users",
];

/// A time zone by its IANA name.
pub(super) fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text.trim()).map_err(|_| {
        format!("is {text:?}; write a name of the time zone database such as America/Los_Angeles")
    })
}

/// How tokens begin.
pub(super) fn link_prefix(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let max = limits::LINK_PREFIX_CHARS;
    if (1..=max).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!("is {text:?}; write 1 to {max} lower-case letters or digits"))
    }
}

/// Words with commas between them, the captain's among them.
pub(super) fn ranks(text: &str) -> Result<Vec<Rank>, String> {
    let mut ranks: Vec<Rank> = Vec::new();
    for word in text.split(',') {
        let rank: Rank = word.parse().map_err(|problem| format!("has a rank that {problem}"))?;
        if ranks.contains(&rank) {
            return Err(format!("names {rank} twice; name every rank once"));
        }
        ranks.push(rank);
    }
    if !ranks.iter().any(Rank::is_captain) {
        return Err("has no captain; every charter needs one, so add \"captain\"".into());
    }
    if ranks.len() > limits::RANKS {
        return Err(format!("has {} ranks; at most {} are taken", ranks.len(), limits::RANKS));
    }
    Ok(ranks)
}

/// Where people reach the pages.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    let wrong = |why: &str| {
        Err(format!(
            "is {text:?}, which {why}; write it as https://crew.example.com, without a slash at the end"
        ))
    };
    let Ok(url) = text.parse::<Uri>() else { return wrong("is no address of a page") };
    if !matches!(url.scheme_str(), Some("http" | "https")) {
        return wrong("begins with neither https:// nor http://");
    }
    let authority = url.authority().map_or("", |authority| authority.as_str());
    let name = url.host().unwrap_or_default();
    let port = authority.strip_prefix(name);
    let port_is_right = port == Some("") || (port.is_some() && url.port_u16().is_some_and(|port| port > 0));
    if name.is_empty() || !port_is_right {
        return wrong("has no plain name or port of a machine");
    }
    if url.query().is_some() || text.contains(['#', '?']) {
        return wrong("has a query or a fragment");
    }
    if text.ends_with('/') {
        return wrong("ends with a slash");
    }
    // What stands in front of every link is written in one way only.
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.chars().all(plain);
    if url.path() != "/" && !url.path().split('/').skip(1).all(segment) {
        return wrong("has a path of other than letters, digits, -, ., _ and ~ between single slashes");
    }
    let first = url.path().split('/').nth(1).unwrap_or_default();
    if OWN_PATHS.contains(&first) {
        return wrong(
            "has a path that begins as one of the pages does, so that nobody could tell them apart",
        );
    }
    Ok(text.to_owned())
}

/// Whether an address of pages is this machine's own, which no other machine reaches.
pub(super) fn is_loopback(url: &str) -> bool {
    let url = url.parse::<Uri>().ok();
    let name = url.as_ref().and_then(Uri::host).unwrap_or_default();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or_else(|_| name.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}

/// The address of a peer to which secrets go, without a slash at the end: encrypted, or on this machine.
pub(super) fn peer_url(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    let uri = text.parse::<Uri>().ok();
    let has_host = uri.as_ref().is_some_and(|uri| uri.authority().is_some() && uri.query().is_none());
    match uri.as_ref().and_then(Uri::scheme_str) {
        Some("https") if has_host => Ok(text.to_owned()),
        Some("http") if has_host && is_loopback(text) => Ok(text.to_owned()),
        Some("http") if has_host => {
            Err(format!("is {text:?}, over which secrets would go in the open; write https://"))
        }
        _ => Err(format!("is {text:?}; write an address such as https://oauth2.googleapis.com/token")),
    }
}

/// An issuer of OpenID Connect, as it names itself: a slash at the end belongs to that.
pub(super) fn issuer(text: &str) -> Result<String, String> {
    peer_url(text)?;
    Ok(text.trim().to_owned())
}

/// What a button calls an issuer where nothing is said.
pub(super) fn host(url: &str) -> String {
    url.parse::<Uri>().ok().and_then(|url| url.host().map(str::to_owned)).unwrap_or_default()
}

/// What is done with the sheet.
pub(super) fn sheet_mode(text: &str) -> Result<Mode, String> {
    match text.trim() {
        "on" => Ok(Mode::On),
        "shadow" => Ok(Mode::Shadow),
        "off" => Ok(Mode::Off),
        _ => Err(format!("is {text:?}; write \"on\", \"off\", or \"shadow\", which only looks and reports")),
    }
}

/// The id of a Google spreadsheet.
pub(super) fn spreadsheet_id(text: &str) -> Result<String, String> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.contains("/d/") {
        return Err("is a whole address; write only what stands in it between /d/ and the next /".into());
    }
    if (10..=200).contains(&text.len()) && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!("is {text:?}; write what stands in the sheet's address between /d/ and the next /"))
    }
}

/// A span of time within bounds.
pub(super) fn span(text: &str, least: &str, most: &str) -> Result<SignedDuration, String> {
    let read = |text: &str| text.trim().parse::<SignedDuration>();
    let Ok(span) = read(text) else {
        return Err(format!("is {text:?}; write a time with its unit such as 2h, 90min or 10s"));
    };
    match (read(least), read(most)) {
        (Ok(least), Ok(most)) if (least..=most).contains(&span) => Ok(span),
        _ => Err(format!("is {text:?}; write a time from {least} to {most}")),
    }
}

/// A port.
pub(super) fn port(text: &str) -> Result<u16, String> {
    match text.trim().parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!("is {text:?}; write a number from 1 to 65535")),
    }
}

/// A password from its file: all of it but the line end.
pub(super) fn password(path: &Path) -> Result<Secret, String> {
    let file = path.display();
    let mut text = String::new();
    let read =
        fs::File::open(path).and_then(|opened| opened.take(PASSWORD_BYTES + 1).read_to_string(&mut text));
    match read {
        Err(error) => Err(format!("names {file}, which cannot be read ({error}); check its name and rights")),
        Ok(bytes) if bytes as u64 > PASSWORD_BYTES => {
            Err(format!("names {file}, which is too long for a password; write nothing else into it"))
        }
        Ok(_) => match text.trim_end_matches(['\r', '\n']) {
            "" => Err(format!("names {file}, which is empty; write the password into it")),
            password => Ok(Secret::new(password)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_begins_as_an_address_of_pages_may() {
        let routes = include_str!("../web/mod.rs").split(".route(\"/").skip(1);
        let mut first = routes.map(|route| route.split(['/', '"']).next().unwrap_or_default());
        assert!(first.all(|path| path.is_empty() || OWN_PATHS.contains(&path)));
    }

    #[test]
    fn an_address_of_pages_can_be_put_before_a_path() {
        for right in [
            "https://crew.example.com",
            "http://127.0.0.1:8321",
            "http://[::1]:80",
            "https://example.com/boats",
            "https://example.com/Harbor_1/a-b.c~d",
        ] {
            assert_eq!(public_url(right).as_deref(), Ok(right));
        }
        for wrong in [
            "",
            "crew.example.com",
            "ftp://crew.example.com",
            "https://",
            "https://crew.example.com/",
            "https://example.com/boats/",
            "https://example.com/crew",
            "https://example.com/api/boats",
            "https://example.com//crew",
            "https://example.com/../crew",
            "https://example.com/a%20b",
            "https://example.com/cr\u{e9}w",
            "https://example.com/a:b",
            "https://crew.example.com?x=1",
            "https://crew.example.com#x",
            "https://user:word@crew.example.com",
            "https://crew.example.com:0",
            "https://crew.example.com:99999",
            "https://crew example.com",
            "https://crew.example.com\n",
        ] {
            assert!(public_url(wrong).is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for own in ["http://127.0.0.1:8321", "http://[::1]:80", "https://LocalHost", "http://127.9.9.9"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in ["https://crew.example.com", "http://192.168.0.7:8321", "http://localhost.example.com"] {
            assert!(!is_loopback(other), "{other}");
        }
    }

    #[test]
    fn a_span_has_a_unit_and_bounds() {
        assert_eq!(span("90min", "1s", "7h"), Ok(SignedDuration::from_mins(90)));
        assert_eq!(span("1h 30min", "1s", "7h"), Ok(SignedDuration::from_mins(90)));
        for wrong in ["", "2", "2 weeks", "-1h", "0s", "8h", "2h ago", "soon", "99999999999999999999h"] {
            assert!(span(wrong, "1s", "7h").is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn ranks_have_a_captain_and_no_double() {
        assert_eq!(ranks("captain, mate,deckhand").unwrap().len(), 3);
        for wrong in ["", "mate", "captain,captain", "captain,", "captain,first mate"] {
            assert!(ranks(wrong).is_err(), "{wrong:?} was taken");
        }
    }
}
