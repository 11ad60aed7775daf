//! `crewcall init`, `crewcall config`, and where settings come from.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::Home;
use super::home::SETTINGS;

#[test]
fn init_writes_settings_that_work_and_never_over_others() {
    let home = Home::empty();
    let said = home.run(&["roster", "list"]).failed(1);
    assert!(said.contains("crewcall init"), "{said}");
    home.run(&["init"]).done();
    let written = std::fs::read(home.path().join("crewcall.toml")).unwrap();
    home.run(&["config"]).done();
    home.run(&["roster", "list"]).done();
    let said = home.run(&["init"]).failed(1);
    assert!(said.contains("crewcall.toml is there already"), "{said}");
    assert_eq!(std::fs::read(home.path().join("crewcall.toml")).unwrap(), written);
}

fn setting<'a>(settings: &'a Value, key: &str) -> &'a Value {
    settings.as_array().unwrap().iter().find(|setting| setting["key"] == key).unwrap()
}

#[test]
fn the_environment_goes_above_the_file_and_the_file_above_the_defaults() {
    let home = Home::new();
    let variables = [
        ("CREWCALL_OPERATOR__NAME", "007"),
        ("CREWCALL_OPERATOR__RANKS", "captain,mate"),
        ("CREWCALL_POLICY__RESPONSE_WINDOW", "90min"),
        ("CREWCALL_MAIL__SMTP__HOST", "localhost"),
        ("CREWCALL_MAIL__SMTP__PORT", "2525"),
        ("CREWCALL_MAIL__SMTP__TLS", "none"),
        // No key: nothing after the prefix says which section.
        ("CREWCALL_HOME", "/somewhere"),
    ];
    let settings = home.run_with(&["config", "--json"], &variables, b"").json();
    for (key, value, source) in [
        ("operator.name", "007", "environment"),
        ("operator.ranks", "captain,mate", "environment"),
        ("operator.link_prefix", "jada", "file"),
        ("policy.response_window", "90min", "environment"),
        ("policy.grace", "2min", "default"),
        ("mail.smtp.port", "2525", "environment"),
        ("server.link_key_file", "crewcall.db.key", "default"),
    ] {
        let setting = setting(&settings, key);
        assert_eq!((&setting["value"], &setting["source"]), (&value.into(), &source.into()), "{key}");
    }
    assert_eq!(setting(&settings, "operator.name")["variable"], "CREWCALL_OPERATOR__NAME");
    let shown = home.run_with(&["config"], &variables, b"").done();
    let row = shown.lines().find(|line| line.starts_with("operator.name")).unwrap();
    assert!(row.contains("007") && row.ends_with("CREWCALL_OPERATOR__NAME"), "{shown}");
}

#[test]
fn the_environment_alone_is_enough() {
    let home = Home::empty();
    let variables = [
        ("CREWCALL_OPERATOR__NAME", "Harbor Sails"),
        ("CREWCALL_OPERATOR__TIME_ZONE", "America/Los_Angeles"),
        ("CREWCALL_SERVER__PUBLIC_URL", "https://crew.example.com"),
        ("CREWCALL_MAIL__TRANSPORT", "file"),
        ("CREWCALL_MAIL__FROM", "crew@example.com"),
        ("CREWCALL_MAIL__OFFICE", "office@example.com"),
    ];
    home.run_with(&["roster", "list"], &variables, b"").done();
    let said = home.run_with(&["roster", "list"], &variables[1..], b"").failed(1);
    assert!(said.contains("the environment, operator.name: is missing"), "{said}");
    // A file that was named has to be there all the same.
    let said = home.run_with(&["--config", "other.toml", "roster", "list"], &variables, b"").failed(1);
    assert!(said.contains("other.toml"), "{said}");
}

#[test]
fn names_of_files_are_relative_to_the_settings() {
    let home = Home::empty();
    std::fs::create_dir(home.path().join("crew")).unwrap();
    home.write("crew/settings.toml", SETTINGS);
    home.run(&["--config", "crew/settings.toml", "roster", "list"]).done();
    home.run(&["mail", "test", "--to", "kim@example.com", "--config", "crew/settings.toml"]).done();
    for file in ["crew/crewcall.db", "crew/crewcall.db.key", "crew/mail"] {
        assert!(home.path().join(file).exists(), "{file}");
    }
    let mode = std::fs::metadata(home.path().join("crew/crewcall.db.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_password_is_read_from_its_file_and_never_shown() {
    let home = Home::empty();
    home.write("smtp_password", "hidden-word\n");
    let smtp = "[mail.smtp]\nhost = \"localhost\"\nport = 2525\ntls = \"none\"\nusername = \"crew\"\n\
                password_file = \"smtp_password\"\n";
    home.write("crewcall.toml", SETTINGS.replace("\"file\"", "\"smtp\"") + smtp);
    for args in [&["config"][..], &["config", "--json"]] {
        let shown = home.run(args).done();
        assert!(shown.contains("smtp_password") && !shown.contains("hidden-word"), "{shown}");
    }
    // Not even where it should not stand.
    home.write(
        "crewcall.toml",
        SETTINGS.to_owned()
            + &smtp.replace("password_file = \"smtp_password\"", "password = \"hidden-word\""),
    );
    let said = home.run(&["config"]).failed(1);
    assert!(
        said.contains("did you mean mail.smtp.password_file?") && !said.contains("hidden-word"),
        "{said}"
    );
    home.write("crewcall.toml", SETTINGS.to_owned() + "[mail.smtp]\npassword = \"hidden-word\n");
    let said = home.run(&["config"]).failed(1);
    assert!(said.contains("is not TOML: at line 12") && !said.contains("hidden-word"), "{said}");
}

#[test]
fn a_store_without_its_link_key_is_not_opened() {
    let home = Home::with_charter();
    let (path, before) = (home.path().join("crewcall.db.key"), home.data());
    let key = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    for args in [&["roster", "list"][..], &["tick"], &["serve"]] {
        let said = home.run(args).failed(1);
        for words in ["crewcall.db.key", "from the backup", "64 random hexadecimal digits", "stay dead"] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
        assert!(!path.exists(), "a key was made");
    }
    // As the sentence says: the old key, or one that was made deliberately.
    for key in [key, format!("{}\n", "5e".repeat(32)).into_bytes()] {
        home.write("crewcall.db.key", &key);
        assert_eq!(home.data(), before);
        assert_eq!(std::fs::read(&path).unwrap(), key);
    }
}

#[test]
fn first_starts_at_the_same_time_agree_on_one_key() {
    for _ in 0..5 {
        let home = Home::new();
        std::thread::scope(|scope| {
            let runs: Vec<_> = (0..6).map(|_| scope.spawn(|| home.run(&["roster", "list"]))).collect();
            for run in runs {
                let ran = run.join().unwrap();
                assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            }
        });
        assert_eq!(std::fs::read(home.path().join("crewcall.db.key")).unwrap().len(), 65);
    }
}

#[test]
fn an_empty_file_is_a_new_store() {
    let home = Home::new();
    home.write("crewcall.db", "");
    home.run(&["roster", "list"]).done();
    assert!(home.path().join("crewcall.db.key").exists());
}

#[test]
fn a_sign_in_elsewhere_is_shown_without_its_secret() {
    let home = Home::new();
    home.write("hush", "s3cret-of-the-client\n");
    let at = |issuer: &str| {
        let section =
            format!("[sign_in.google]\nclient_id = \"1234-abc\"\nclient_secret_file = \"hush\"\n{issuer}");
        home.write("crewcall.toml", format!("{SETTINGS}{section}"));
        home.run(&["config", "--json"]).done()
    };
    let settings = at("");
    assert!(!settings.contains("s3cret"), "{settings}");
    let settings: Value = serde_json::from_str(&settings).unwrap();
    for (key, value, source) in [
        ("sign_in.google.client_id", "1234-abc", "file"),
        ("sign_in.google.client_secret_file", "hush", "file"),
        ("sign_in.google.issuer", "https://accounts.google.com", "default"),
        ("sign_in.google.name", "Google", "default"),
    ] {
        let setting = setting(&settings, key);
        assert_eq!((&setting["value"], &setting["source"]), (&value.into(), &source.into()), "{key}");
    }
    // Another issuer is called by its host, unless it is said otherwise; the slash at its end is its own.
    let settings: Value = serde_json::from_str(&at("issuer = \"https://id.example.com/boats/\"")).unwrap();
    assert_eq!(setting(&settings, "sign_in.google.issuer")["value"], "https://id.example.com/boats/");
    assert_eq!(setting(&settings, "sign_in.google.name")["value"], "id.example.com");
    let settings: Value =
        serde_json::from_str(&at("issuer = \"https://id.example.com\"\nname = \"Harbor\"")).unwrap();
    assert_eq!(setting(&settings, "sign_in.google.name")["value"], "Harbor");
}

#[test]
fn the_doctor_says_whether_the_issuer_of_sign_ins_is_there() {
    let home = Home::with_charter();
    home.write("hush", "x");
    let issuer = "http://127.0.0.1:9";
    let section = format!(
        "[sign_in.google]\nclient_id = \"a\"\nclient_secret_file = \"hush\"\nissuer = \"{issuer}\"\nname = \"Harbor\"\n"
    );
    home.write("crewcall.toml", format!("{SETTINGS}{section}"));
    let findings = home.run(&["doctor", "--json"]);
    let findings: Value = serde_json::from_str(&findings.out).unwrap();
    let found = findings.as_array().unwrap().iter().find(|finding| finding["about"] == "sign-in").unwrap();
    let says = found["says"].as_str().unwrap();
    assert_eq!(found["verdict"], "warning");
    assert!(says.contains("nobody can sign in with Harbor") && says.contains("mailed links work"), "{says}");
}
