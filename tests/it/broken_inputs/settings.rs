//! Settings, and the files that they name.

use super::{case, refuse_all};
use crate::cli::Home;

/// Settings that are right but for one replacement.
fn settings(from: &str, to: &str) -> String {
    assert!(SETTINGS.contains(from), "{from}");
    SETTINGS.replacen(from, to, 1)
}

/// Settings that are right but for a section of a boat.
fn vessel(keys: &str) -> String {
    format!("{SETTINGS}[vessels.america]\n{keys}\n")
}

/// The same, but for the section of Google.
fn google(keys: &str) -> String {
    format!("{SETTINGS}[google]\n{keys}\n")
}

/// The same, but for the section of a sign-in elsewhere.
fn sign_in(keys: &str) -> String {
    format!("{SETTINGS}[sign_in.google]\n{keys}\n")
}

const SETTINGS: &str = r#"[operator]
name = "Harbor Sails"
time_zone = "America/Los_Angeles"
ranks = ["captain", "deckhand"]
[server]
listen = "127.0.0.1:8321"
public_url = "https://crew.example.com"
[store]
path = "other.db"
[mail]
transport = "smtp"
from = "crew@example.com"
office = "office@example.com"
[mail.smtp]
host = "127.0.0.1"
port = 2525
tls = "none"
[policy]
response_window = "2h"
"#;

#[test]
fn settings_files() {
    refuse_all(
        vec![
            case(
                "nothing",
                "",
                &[
                    "broken.toml, operator.name: is missing; write for example name = \"Harbor Sails\" under [operator]",
                    "mail.from: is missing",
                ],
            ),
            case("not TOML", "[operator", &["broken.toml is not TOML: at line 1"]),
            case(
                "a key twice",
                settings("[server]", "name = \"X\"\n[server]"),
                &["is not TOML: at line 5", "duplicate key"],
            ),
            case(
                "other bytes",
                b"[operator]\nname = \"Mu\xf1oz\"\n",
                &["broken.toml is not UTF-8 text (line 2"],
            ),
            case(
                "a vessel without its class",
                vessel("name = \"America\""),
                &["vessels.america.class: is missing"],
            ),
            case(
                "a class that there is not",
                vessel("class = \"large\""),
                &["vessels.america.class: is \"large\"; write \"inspected\""],
            ),
            case(
                "a gate that there is not, and one that is set to something else",
                vessel("class = \"inspected\"\ngates.rests = \"off\"\ngates.medical = \"maybe\""),
                &[
                    "vessels.america.gates.rests: there is no such key; did you mean vessels.america.gates.rest?",
                    "vessels.america.gates.medical: is \"maybe\"; write \"block\", \"warn\" or \"off\"",
                ],
            ),
            case(
                "a complement of strangers",
                vessel(
                    "class = \"inspected\"\ncomplement = [\"cook=1\"]\ncredentials = [\"deckhand=First Aid\"]",
                ),
                &[
                    "complement: has cook, which [operator] ranks does not list",
                    "credentials: has \"First Aid\"",
                ],
            ),
            case(
                "a complement without a number",
                vessel("class = \"inspected\"\ncomplement = [\"deckhand\"]"),
                &["has no number after the ="],
            ),
            case(
                "a vessel twice",
                vessel("class = \"inspected\"\n[vessels.b]\nname = \"AMERICA\"\nclass = \"inspected\""),
                &["vessels.b.name: is \"AMERICA\", as in [vessels.america]"],
            ),
            case(
                "quiet hours without an end",
                settings("[policy]", "[policy]\nquiet_hours = \"22:00\""),
                &["policy.quiet_hours: is \"22:00\"; write from when to when, 22:00-07:00"],
            ),
            case(
                "an order and a way out that there are not",
                settings("[policy]", "[policy]\norder = [\"captain=newest\"]\nundeliverable = \"wait\""),
                &[
                    "policy.order: is \"newest\"; write \"fixed\", \"last_sail\" or \"fewest_sails\"",
                    "policy.undeliverable: is \"wait\"; write \"next\" or \"pause\"",
                ],
            ),
            case(
                "an order of strangers",
                settings("[policy]", "[policy]\norder = [\"cook=fixed\"]"),
                &["policy.order: has cook, which [operator] ranks does not list"],
            ),
            case(
                "two orders of one rank",
                settings("[policy]", "[policy]\norder = [\"captain=fixed\", \"captain=last_sail\"]"),
                &["policy.order: names captain twice"],
            ),
            case(
                "no mail at all",
                settings("[mail]", "[mail]\nper_minute = 0"),
                &["mail.per_minute: is \"0\"; write a number from 1 to 6000"],
            ),
            case(
                "nobody at once",
                settings("[policy]", "[policy]\nask_at_once = 0"),
                &["policy.ask_at_once: is \"0\"; write a number from 1 to 5"],
            ),
            case(
                "everyone at once",
                settings("[policy]", "[policy]\nask_at_once = 6"),
                &["policy.ask_at_once: is \"6\"; write a number from 1 to 5"],
            ),
            case(
                "quiet days",
                settings("[policy]", "[policy]\nquiet_hours = \"06:00-23:00\""),
                &["leave 8 hours of a day at least in which people can answer"],
            ),
            case(
                "unknown availability as something else",
                settings("[policy]", "[policy]\nunknown_availability = \"guess\""),
                &["policy.unknown_availability: is \"guess\"; write \"skip\" or \"ask\""],
            ),
            case(
                "a misspelt key",
                settings("time_zone", "timezone"),
                &["operator.timezone: there is no such key; did you mean operator.time_zone?"],
            ),
            case("a misspelt section", settings("[policy]", "[polcy]"), &["broken.toml, polcy"]),
            case(
                "an unknown section",
                settings("[policy]", "[weather]\nstation = \"KSAN\"\n[policy]"),
                &["broken.toml, weather: there is no such key"],
            ),
            case(
                "a section as a key",
                settings("[server]", "smtp = 1\n[server]"),
                &["operator.smtp: there is no such key"],
            ),
            case(
                "an unknown zone",
                settings("America/Los_Angeles", "Mars/Base"),
                &["operator.time_zone: is \"Mars/Base\"", "America/Los_Angeles"],
            ),
            case(
                "a number for a name",
                settings("\"Harbor Sails\"", "7"),
                &["operator.name: is a number without quotes"],
            ),
            case("no captain", settings("\"captain\", ", ""), &["operator.ranks: has no captain"]),
            case(
                "ranks as text",
                settings("[\"captain\", \"deckhand\"]", "\"captain\""),
                &["operator.ranks: is text; write for example ranks = ["],
            ),
            case(
                "a rank twice",
                settings("\"captain\",", "\"deckhand\", \"captain\","),
                &["names deckhand twice"],
            ),
            case(
                "no port",
                settings("127.0.0.1:8321", "127.0.0.1"),
                &["server.listen: is \"127.0.0.1\"; write address and port"],
            ),
            case(
                "a slash at the end",
                settings("crew.example.com", "crew.example.com/"),
                &["server.public_url", "ends with a slash"],
            ),
            case(
                "a query",
                settings("crew.example.com", "crew.example.com?a=b"),
                &["server.public_url", "query"],
            ),
            case("no scheme", settings("https://crew", "crew"), &["server.public_url", "https://"]),
            case(
                "another store",
                settings("path =", "kind = \"paper\"\npath ="),
                &["store.kind: is \"paper\"; write \"sqlite\" or \"dynamodb\""],
            ),
            case(
                "a secret in two places",
                settings(
                    "public_url",
                    "link_key_file = \"key\"\nlink_key_secret = \"harbor/link-key\"\npublic_url",
                ),
                &["server.link_key_secret: stands beside server.link_key_file; give one of them"],
            ),
            case(
                "no name of a secret",
                settings("public_url", "link_key_secret = \"\"\npublic_url"),
                &["server.link_key_secret: is no name or ARN of a secret in AWS Secrets Manager"],
            ),
            case(
                "names that no table can have",
                settings("path =", "table_prefix = \"a b\"\ntoken_table = \"\"\npath ="),
                &["store.table_prefix: is \"a b\"; use letters", "store.token_table: is empty; name a table"],
            ),
            case(
                "another transport",
                settings("\"smtp\"", "\"pigeon\""),
                &["mail.transport: is \"pigeon\"; write \"smtp\""],
            ),
            case(
                "the same way twice",
                settings("transport = \"smtp\"", "transport = \"smtp\"\nfallback = \"smtp\""),
                &["mail.fallback: is the same as mail.transport; name the other one"],
            ),
            case(
                "another fallback",
                settings("transport = \"smtp\"", "transport = \"smtp\"\nfallback = \"pigeon\""),
                &["mail.fallback: is \"pigeon\"; write \"smtp\", \"gmail\" or \"none\""],
            ),
            case(
                "no mail a day",
                settings("transport = \"smtp\"", "transport = \"smtp\"\nper_day = 0"),
                &["mail.per_day: is \"0\"; write a number from 1 to 1000000"],
            ),
            case(
                "secrets in the open",
                google("token_uri = \"http://oauth2.example.com/token\""),
                &[
                    "google.token_uri: is \"http://oauth2.example.com/token\", over which secrets would go in the open",
                ],
            ),
            case(
                "an address that is none",
                google("gmail_base_url = \"gmail\""),
                &["google.gmail_base_url: is \"gmail\"; write an address such as https://"],
            ),
            case(
                "a sheet by its whole address",
                settings(
                    "[server]",
                    "[sheets]\nspreadsheet_id = \"https://docs.google.com/spreadsheets/d/1x5/edit\"\n[server]",
                ),
                &[
                    "sheets.spreadsheet_id: is a whole address; write only what stands in it between /d/ and the next /",
                ],
            ),
            case(
                "a sign-in without its client",
                sign_in("name = \"Google\""),
                &[
                    "sign_in.google.client_id: is missing; write for example client_id =",
                    "sign_in.google.client_secret_file: is missing; write the client's secret into a file",
                ],
            ),
            case(
                "a secret of a client in the open",
                sign_in("client_id = \"a\"\nclient_secret = \"hush\""),
                &["did you mean sign_in.google.client_secret_file?"],
            ),
            case(
                "a secret of a client that is not there",
                sign_in("client_id = \"a\"\nclient_secret_file = \"gone\""),
                &["sign_in.google.client_secret_file: names", "gone", "cannot be read"],
            ),
            case(
                "an issuer in the open, of no name",
                sign_in(
                    "client_id = \"a b\"\nclient_secret_file = \"roster.json\"\nissuer = \"http://id.example.com\"\nname = \"\"",
                ),
                &[
                    "sign_in.google.client_id: is no id of a client",
                    "sign_in.google.issuer: is \"http://id.example.com\", over which secrets would go in the open",
                    "sign_in.google.name:",
                ],
            ),
            case(
                "an issuer that is none",
                sign_in("client_id = \"a\"\nissuer = \"Google\""),
                &["sign_in.google.issuer: is \"Google\"; write an address such as https://"],
            ),
            case(
                "no sender",
                settings("\"crew@example.com\"", "\"crew\""),
                &["mail.from: is \"crew\"; write one address"],
            ),
            case(
                "no office",
                settings("office = \"office@example.com\"", ""),
                &["mail.office: is missing; write for example office ="],
            ),
            case(
                "a phone that nobody can ring",
                settings("[server]", "phone = \"ask Pat\"\n[server]"),
                &["operator.phone: is \"ask Pat\"; write a number such as +1-619-555-0142"],
            ),
            case(
                "a port as words",
                settings("2525", "\"smtp\""),
                &["mail.smtp.port: is \"smtp\"; write a number"],
            ),
            case(
                "too large a port",
                settings("2525", "70000"),
                &["mail.smtp.port: is \"70000\"; write a number from 1 to 65535"],
            ),
            case(
                "half of TLS",
                settings("\"none\"", "\"ssl\""),
                &["mail.smtp.tls: is \"ssl\"; write \"starttls\""],
            ),
            case(
                "mail in the open",
                settings("\"127.0.0.1\"\nport", "\"mail.example.com\"\nport"),
                &["broken.toml: mail.smtp.tls is \"none\"", "starttls"],
            ),
            case(
                "half a sign-in",
                settings("port = 2525", "port = 2525\nusername = \"crew\""),
                &["username and mail.smtp.password_file (or password_secret) go together"],
            ),
            case(
                "a password that is not there",
                settings("port = 2525", "port = 2525\npassword_file = \"gone\""),
                &["mail.smtp.password_file: names", "gone", "cannot be read"],
            ),
            case(
                "a password in the open",
                settings("port = 2525", "port = 2525\npassword = \"x\""),
                &["did you mean mail.smtp.password_file?"],
            ),
            case(
                "a time without a unit",
                settings("\"2h\"", "\"2\""),
                &["policy.response_window: is \"2\"; write a time with its unit"],
            ),
            case(
                "a time that is a number",
                settings("\"2h\"", "2"),
                &[
                    "policy.response_window: is a number without quotes; write for example response_window = \"2h\"",
                ],
            ),
            case(
                "no time",
                settings("\"2h\"", "\"0s\""),
                &["policy.response_window: is \"0s\"; write a time from 1s to 168h"],
            ),
            case("a month", settings("\"2h\"", "\"720h\""), &["write a time from 1s to 168h"]),
            case(
                "several faults",
                settings("\"2h\"", "2").replace("Los_Angeles", "LA"),
                &["2 faults", "operator.time_zone", "policy.response_window"],
            ),
        ],
        |home, case| {
            home.write("broken.toml", &case.input);
            let ran = home.run(&["--config", "broken.toml", "config"]);
            assert!(!home.path().join("other.db").exists(), "{}: a store was made", case.name);
            ran
        },
    );
}

#[test]
fn variables() {
    let refused = |name: &'static str, value: &'static str, words: &'static [&'static str]| {
        (name, case(name, value, words))
    };
    let cases = [
        refused(
            "CREWCALL_OPERATOR__TIME_ZONE",
            "Mars",
            &["CREWCALL_OPERATOR__TIME_ZONE, operator.time_zone: is \"Mars\""],
        ),
        refused(
            "CREWCALL_OPERATOR__TIMEZONE",
            "UTC",
            &["CREWCALL_OPERATOR__TIMEZONE, operator.timezone", "did you mean"],
        ),
        refused("CREWCALL_POLICY__GRACE", "2d", &["CREWCALL_POLICY__GRACE, policy.grace"]),
        refused("CREWCALL_MAIL__SMTP", "x", &["CREWCALL_MAIL__SMTP, mail.smtp: is a section"]),
        refused(
            "CREWCALL_OPERATOR__RANKS",
            "mate",
            &["CREWCALL_OPERATOR__RANKS, operator.ranks: has no captain"],
        ),
        refused("CREWCALL_STORE__PATH", "", &["CREWCALL_STORE__PATH, store.path: is empty"]),
    ];
    for (variable, case) in cases {
        refuse_all(vec![case], |home, case| {
            let value = std::str::from_utf8(&case.input).unwrap();
            home.run_with(&["config"], &[(variable, value)], b"")
        });
    }
}

#[test]
fn stores_and_keys_that_are_none() {
    let home = Home::with_charter();
    let before = home.data();
    let list = |variables: &[(&str, &str)]| home.run_with(&["roster", "list"], variables, b"").failed(1);
    home.write(
        "notes.txt",
        "not a database, but long enough to be taken for one if nobody looks at it closely",
    );
    for (variable, value, words) in [
        ("CREWCALL_STORE__PATH", "gone/crew.db", "there is no directory"),
        ("CREWCALL_STORE__PATH", ".", "cannot be opened"),
        ("CREWCALL_STORE__PATH", "notes.txt", "is not a database; set store.path"),
        (
            "CREWCALL_SERVER__LINK_KEY_FILE",
            "notes.txt",
            "notes.txt holds no link key, which is 64 hexadecimal digits",
        ),
        ("CREWCALL_SERVER__LINK_KEY_FILE", "gone/key", "check server.link_key_file"),
    ] {
        let said = list(&[(variable, value)]);
        assert!(said.contains(words) && !said.contains("panicked"), "{value}: {said}");
    }
    assert_eq!(home.data(), before);
}
