use super::*;

fn config(host: &str, tls: Tls) -> SmtpConfig {
    SmtpConfig {
        host: host.into(),
        port: 25,
        tls,
        username: None,
        password: None,
        ca_file: None,
        hello_name: None,
    }
}

fn check(config: SmtpConfig) -> Result<Settings, String> {
    Settings::new(config, Timeouts::STANDARD).map_err(|error| error.to_string())
}

#[test]
fn without_encryption_mail_goes_to_this_machine_only() {
    for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "[::1]"] {
        assert!(check(config(host, Tls::None)).is_ok(), "{host}");
    }
    for host in ["mail.example.com", "10.0.0.1", "localhost.example.com", "::ffff:10.0.0.1", "0.0.0.0"] {
        let sentence = check(config(host, Tls::None)).unwrap_err();
        assert!(sentence.contains("starttls") && sentence.contains(host), "{sentence}");
        assert!(check(config(host, Tls::Tls)).is_ok(), "{host}");
    }
}

#[test]
fn no_setting_can_become_a_command() {
    for bad in ["", "a b", "mail\r\nRCPT TO:<x@example.com>", "mail/x", "mäil"] {
        assert!(check(config(bad, Tls::Tls)).is_err(), "{bad:?}");
        let hello = SmtpConfig { hello_name: Some(bad.into()), ..config("localhost", Tls::None) };
        assert!(check(hello).is_err(), "{bad:?}");
    }
    let named = |name: &str, word: &str| SmtpConfig {
        username: Some(name.into()),
        password: Some(Secret::new(word)),
        ..config("localhost", Tls::None)
    };
    assert!(check(named("crew", "s3cret")).is_ok());
    assert!(check(named("crew\0x", "s3cret")).is_err());
    let sentence = check(named("crew", "hidden-word\n")).unwrap_err();
    assert!(!sentence.contains("hidden-word"), "{sentence}");
}

#[test]
fn half_a_sign_in_is_refused() {
    let half = SmtpConfig { username: Some("crew".into()), ..config("localhost", Tls::None) };
    assert!(check(half).unwrap_err().contains("both or neither"));
}

#[test]
fn a_certificate_file_must_hold_one() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let with = |path: PathBuf| check(SmtpConfig { ca_file: Some(path), ..config("localhost", Tls::Tls) });
    assert!(with(file.path().into()).unwrap_err().contains("PEM"));
    std::fs::write(file.path(), "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n").unwrap();
    assert!(with(file.path().into()).is_err());
    assert!(with(file.path().with_extension("gone")).unwrap_err().contains("cannot be read"));
}

#[test]
fn settings_keep_the_password() {
    let config = SmtpConfig {
        username: Some("crew".into()),
        password: Some(Secret::new("s3cret")),
        ..config("mail.example.com", Tls::Starttls)
    };
    let shown = format!("{config:?} {:?}", Settings::new(config.clone(), Timeouts::STANDARD).unwrap());
    assert!(!shown.contains("s3cret"), "{shown}");
}
