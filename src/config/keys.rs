//! Every key there is.

/// The form of a value in the file. In the environment everything is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    /// A list of words; in the environment, words with commas between them.
    Words,
}

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    /// With its section.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// As it could stand in the file.
    pub(super) example: &'static str,
}

const fn text(name: &'static str, example: &'static str) -> Key {
    Key { name, kind: Kind::Text, example }
}

/// In the order in which they are shown.
pub(super) const KEYS: [Key; 26] = [
    text("operator.name", r#"name = "Harbor Sails""#),
    text("operator.phone", r#"phone = "+1-619-555-0100""#),
    text("operator.time_zone", r#"time_zone = "America/Los_Angeles""#),
    text("operator.link_prefix", r#"link_prefix = "harbor""#),
    Key { name: "operator.ranks", kind: Kind::Words, example: r#"ranks = ["captain", "deckhand"]"# },
    text("server.listen", r#"listen = "127.0.0.1:8321""#),
    text("server.public_url", r#"public_url = "https://crew.example.com""#),
    text("server.link_key_file", r#"link_key_file = "secrets/link.key""#),
    text("store.kind", r#"kind = "sqlite""#),
    text("store.path", r#"path = "crewcall.db""#),
    text("mail.transport", r#"transport = "smtp""#),
    text("mail.from", r#"from = "Harbor Sails <crew@example.com>""#),
    text("mail.office", r#"office = "office@example.com""#),
    text("mail.smtp.host", r#"host = "mail.example.com""#),
    Key { name: "mail.smtp.port", kind: Kind::Number, example: "port = 587" },
    text("mail.smtp.tls", r#"tls = "starttls""#),
    text("mail.smtp.username", r#"username = "crew@example.com""#),
    text("mail.smtp.password_file", r#"password_file = "secrets/smtp_password""#),
    text("mail.smtp.ca_file", r#"ca_file = "ca.pem""#),
    text("mail.smtp.hello_name", r#"hello_name = "crew.example.com""#),
    text("mail.file.dir", r#"dir = "mail""#),
    text("policy.response_window", r#"response_window = "2h""#),
    text("policy.grace", r#"grace = "2min""#),
    text("policy.undo_window", r#"undo_window = "10min""#),
    text("policy.turnaround", r#"turnaround = "30min""#),
    text("policy.restart_grace", r#"restart_grace = "15min""#),
];

/// The key of that name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether keys stand under this name.
pub(super) fn is_section(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// The known key that was most likely meant, if one is near.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    // `mail.smtp.password` means `mail.smtp.password_file`; `time_zone` in the wrong section means itself.
    let same = |key: &&Key| key.name.starts_with(name) || last(key.name) == last(name);
    if let Some(key) = KEYS.iter().find(same) {
        return Some(key.name);
    }
    let (distance, key) = KEYS.iter().map(|key| (strsim::levenshtein(name, key.name), key.name)).min()?;
    (distance <= 3).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_that_was_meant_is_named() {
        for (wrong, meant) in [
            ("operator.timezone", Some("operator.time_zone")),
            ("mail.smtp.password", Some("mail.smtp.password_file")),
            ("opertor.name", Some("operator.name")),
            ("policy.respons_window", Some("policy.response_window")),
            ("time_zone", Some("operator.time_zone")),
            ("weather.station", None),
        ] {
            assert_eq!(nearest(wrong), meant, "{wrong}");
        }
    }
}
