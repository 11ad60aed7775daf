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
    /// With its section. A `*` stands for a name that the operator chooses.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// As it could stand in the file.
    pub(super) example: &'static str,
}

const fn text(name: &'static str, example: &'static str) -> Key {
    Key { name, kind: Kind::Text, example }
}

/// In the order in which they are shown.
pub(super) const KEYS: [Key; 88] = [
    text("operator.name", r#"name = "Harbor Sails""#),
    text("operator.phone", r#"phone = "+1-619-555-0100""#),
    text("operator.time_zone", r#"time_zone = "America/Los_Angeles""#),
    text("operator.link_prefix", r#"link_prefix = "harbor""#),
    Key { name: "operator.ranks", kind: Kind::Words, example: r#"ranks = ["captain", "deckhand"]"# },
    text("server.listen", r#"listen = "127.0.0.1:8321""#),
    text("server.public_url", r#"public_url = "https://crew.example.com""#),
    text("server.link_key_file", r#"link_key_file = "secrets/link.key""#),
    text("server.link_key_secret", r#"link_key_secret = "crewcall/link-key""#),
    text("sign_in.google.client_id", r#"client_id = "1234-abc.apps.googleusercontent.com""#),
    text("sign_in.google.client_secret_file", r#"client_secret_file = "secrets/google_sign_in""#),
    text("sign_in.google.client_secret_secret", r#"client_secret_secret = "crewcall/google-sign-in""#),
    text("sign_in.google.issuer", r#"issuer = "https://accounts.google.com""#),
    text("sign_in.google.name", r#"name = "Google""#),
    text("store.kind", r#"kind = "sqlite""#),
    text("store.path", r#"path = "crewcall.db""#),
    text("store.table_prefix", r#"table_prefix = "harbor-""#),
    text("store.token_table", r#"token_table = "crew-tokens""#),
    text("mail.transport", r#"transport = "smtp""#),
    text("mail.from", r#"from = "Harbor Sails <crew@example.com>""#),
    text("mail.office", r#"office = "office@example.com""#),
    Key { name: "mail.per_minute", kind: Kind::Number, example: "per_minute = 60" },
    Key { name: "mail.per_day", kind: Kind::Number, example: "per_day = 2000" },
    text("mail.fallback", r#"fallback = "smtp""#),
    text("mail.smtp.host", r#"host = "mail.example.com""#),
    Key { name: "mail.smtp.port", kind: Kind::Number, example: "port = 587" },
    text("mail.smtp.tls", r#"tls = "starttls""#),
    text("mail.smtp.username", r#"username = "crew@example.com""#),
    text("mail.smtp.password_file", r#"password_file = "secrets/smtp_password""#),
    text("mail.smtp.password_secret", r#"password_secret = "crewcall/smtp-password""#),
    text("mail.smtp.ca_file", r#"ca_file = "ca.pem""#),
    text("mail.smtp.hello_name", r#"hello_name = "crew.example.com""#),
    text("mail.file.dir", r#"dir = "mail""#),
    text("google.credentials_file", r#"credentials_file = "secrets/google_refresh.json""#),
    text("google.credentials_secret", r#"credentials_secret = "crewcall/google""#),
    text("google.client_file", r#"client_file = "secrets/google_client.json""#),
    text("google.auth_uri", r#"auth_uri = "https://accounts.google.com/o/oauth2/v2/auth""#),
    text("google.token_uri", r#"token_uri = "https://oauth2.googleapis.com/token""#),
    text("google.gmail_base_url", r#"gmail_base_url = "https://gmail.googleapis.com""#),
    text("google.sheets_base_url", r#"sheets_base_url = "https://sheets.googleapis.com""#),
    text("sheets.spreadsheet_id", r#"spreadsheet_id = "1x5…""#),
    text("sheets.sync", r#"sync = "on""#),
    text("policy.response_window", r#"response_window = "2h""#),
    text("policy.shortest_window", r#"shortest_window = "15min""#),
    Key { name: "policy.ask_at_once", kind: Kind::Number, example: "ask_at_once = 3" },
    text("policy.complete_before", r#"complete_before = "12h""#),
    text("policy.quiet_hours", r#"quiet_hours = "22:00-07:00""#),
    text("policy.grace", r#"grace = "2min""#),
    text("policy.undo_window", r#"undo_window = "10min""#),
    text("policy.drop_outs", r#"drop_outs = "responsible""#),
    text("policy.drop_out_cutoff", r#"drop_out_cutoff = "48h""#),
    text("policy.late_yes", r#"late_yes = "office""#),
    text("policy.undeliverable", r#"undeliverable = "next""#),
    text("policy.turnaround", r#"turnaround = "30min""#),
    text("policy.restart_grace", r#"restart_grace = "15min""#),
    text("policy.unknown_availability", r#"unknown_availability = "skip""#),
    Key { name: "policy.order", kind: Kind::Words, example: r#"order = ["deckhand=fewest_sails"]"# },
    text("vessels.*.name", r#"name = "America""#),
    text("vessels.*.class", r#"class = "inspected""#),
    Key {
        name: "vessels.*.complement",
        kind: Kind::Words,
        example: r#"complement = ["captain=1", "deckhand=2"]"#,
    },
    Key {
        name: "vessels.*.credentials",
        kind: Kind::Words,
        example: r#"credentials = ["deckhand=first_aid"]"#,
    },
    text("vessels.*.gates.bareboat", r#"bareboat = "block""#),
    text("vessels.*.gates.certificate", r#"certificate = "block""#),
    text("vessels.*.gates.complement", r#"complement = "block""#),
    text("vessels.*.gates.license", r#"license = "block""#),
    text("vessels.*.gates.medical", r#"medical = "block""#),
    text("vessels.*.gates.drug_program", r#"drug_program = "block""#),
    text("vessels.*.gates.credentials", r#"credentials = "block""#),
    text("vessels.*.gates.rest", r#"rest = "warn""#),
    text("vessels.*.gates.work_hours", r#"work_hours = "off""#),
    text("pay.currency", r#"currency = "USD""#),
    text("pay.owner", r#"owner = "Kim Cole <owner@example.com>""#),
    text("pay.rules.*.position", r#"position = "captain""#),
    text("pay.rules.*.vessel", r#"vessel = "America""#),
    text("pay.rules.*.crew", r#"crew = "dana-reyes""#),
    text("pay.rules.*.from", r#"from = "2026-01-01""#),
    text("pay.rules.*.until", r#"until = "2026-12-31""#),
    text("pay.rules.*.per_sail", r#"per_sail = "150.00""#),
    text("pay.rules.*.per_hour", r#"per_hour = "22.50""#),
    text("pay.rules.*.minimum_hours", r#"minimum_hours = "3:00""#),
    text("pay.rules.*.round_hours", r#"round_hours = "15min nearest""#),
    text("pay.rules.*.share", r#"share = "5%""#),
    text("pay.rules.*.share_of", r#"share_of = "net""#),
    text("pay.gratuity.*.vessel", r#"vessel = "America""#),
    text("pay.gratuity.*.from", r#"from = "2026-01-01""#),
    text("pay.gratuity.*.until", r#"until = "2026-12-31""#),
    text("pay.gratuity.*.split", r#"split = "equal""#),
    Key {
        name: "pay.gratuity.*.weights",
        kind: Kind::Words,
        example: r#"weights = ["captain=2", "deckhand=1"]"#,
    },
];

/// Whether a name is these segments, one by one.
fn matches<'a>(mut segments: impl Iterator<Item = &'a str>, name: &str) -> bool {
    let mut given = name.split('.');
    loop {
        match (segments.next(), given.next()) {
            (None, None) => return true,
            (Some("*"), Some(given)) if !given.is_empty() => {}
            (Some(own), Some(given)) if own == given => {}
            _ => return false,
        }
    }
}

/// The key of that name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| matches(key.name.split('.'), name))
}

/// Whether keys stand under this name.
pub(super) fn is_section(name: &str) -> bool {
    let depth = name.split('.').count();
    KEYS.iter().any(|key| {
        let mut segments = key.name.split('.');
        let above = segments.by_ref().take(depth).collect::<Vec<_>>();
        segments.next().is_some() && matches(above.into_iter(), name)
    })
}

/// The known key that was most likely meant, if one is near.
pub(super) fn nearest(name: &str) -> Option<String> {
    let chosen = name.split('.').nth(1).unwrap_or_default();
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    // `mail.smtp.password` means `mail.smtp.password_file`; `time_zone` in the wrong section means itself.
    let same = |key: &&Key| key.name.starts_with(name) || last(key.name) == last(name);
    if let Some(key) = KEYS.iter().find(same) {
        return Some(key.name.replace('*', chosen));
    }
    let distance = |key: &Key| strsim::levenshtein(name, &key.name.replace('*', chosen));
    let (distance, key) = KEYS.iter().map(|key| (distance(key), key.name)).min()?;
    (distance <= 3).then(|| key.replace('*', chosen))
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
            ("vessels.america.clas", Some("vessels.america.class")),
            ("vessels.america.gates.rests", Some("vessels.america.gates.rest")),
            ("weather.station", None),
        ] {
            assert_eq!(nearest(wrong).as_deref(), meant, "{wrong}");
        }
    }
}
