//! A directory with a `crewcall.toml`, and the binary run in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Four people: two captains, two deckhands; Dana comes first and has the two deckhands as usual crew.
pub(crate) const ROSTER: &str = r#"[
  { "crew_id": "dana-reyes", "name": "Dana Reyes", "phone": "+1-619-555-0142", "email": "dana@example.com",
    "rank": "captain", "availability": { "2099-06-27": "available", "2099-06-28": "unavailable" },
    "cascade_order": 1, "paired_crew": ["lee-park", "sam-ortiz"], "created_at": "2026-05-15T10:30:00Z" },
  { "crew_id": "kim-ono", "name": "Kim Ono", "email": "kim@example.com", "rank": "captain",
    "availability": { "2099-06-27": "unavailable" }, "cascade_order": 2 },
  { "crew_id": "lee-park", "name": "Lee Park", "email": "lee@example.com", "rank": "deckhand",
    "availability": { "2099-06-27": "available" }, "cascade_order": 1 },
  { "crew_id": "sam-ortiz", "name": "Sam Ortiz", "email": "sam@example.com", "rank": "deckhand",
    "availability": { "2099-06-27": "available" }, "cascade_order": 2, "shirt": { "size": "M" } } ]"#;

/// One charter, far enough ahead.
pub(crate) const CHARTER: &str = r#"{ "charter_id": "charter_5678", "vessel": "America",
  "departs_at": "2099-06-27T16:00:00-07:00", "returns_at": "2099-06-27T19:00:00-07:00",
  "call_time": "2099-06-27T15:15:00-07:00", "dock": "Shelter Island, pier 3", "guests": 6,
  "gross_revenue": "1450.00",
  "positions": [ { "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 } ] }"#;

/// Settings with only what has to be there.
pub(crate) const SETTINGS: &str = r#"[operator]
name = "Harbor Sails"
time_zone = "America/Los_Angeles"
link_prefix = "jada"
[server]
public_url = "https://crew.example.com"
[mail]
transport = "file"
from = "Harbor Sails <crew@example.com>"
office = "office@example.com"
"#;

/// The settings of AWS, in a directory whose store is in DynamoDB.
pub(crate) const AWS_CONFIG: &str = "aws.config";

/// A directory of its own.
pub(crate) struct Home {
    directory: TempDir,
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The command is done, and its output.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    /// The command is done, and its output as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }

    /// The command failed with this code, and what it said.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.out, "", "a failure prints no data");
        self.err
    }
}

impl Home {
    /// With [`SETTINGS`] and nothing else.
    pub(crate) fn new() -> Self {
        let home = Self::empty();
        home.write("crewcall.toml", SETTINGS);
        home
    }

    /// With [`ROSTER`] and [`CHARTER`].
    pub(crate) fn with_charter() -> Self {
        let home = Self::new();
        home.write("roster.json", ROSTER);
        home.run(&["roster", "import", "roster.json"]).done();
        home.feed(&["charter", "add"], CHARTER).done();
        home
    }

    /// With nothing in it.
    pub(crate) fn empty() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// From now on AWS is what answers there.
    #[cfg(feature = "aws")]
    pub(crate) fn has_aws_at(&self, endpoint: &str) {
        let settings = format!(
            "[default]\nregion = us-west-2\nendpoint_url = {endpoint}\n\
             aws_access_key_id = test\naws_secret_access_key = test\n"
        );
        self.write(AWS_CONFIG, settings);
    }

    /// The mails in its directory, oldest first: each its address, and its text below.
    pub(crate) fn mails(&self) -> Vec<String> {
        let mails = std::fs::read_dir(self.path().join("mail")).unwrap();
        let mut paths: Vec<_> = mails.map(|mail| mail.unwrap().path()).collect();
        paths.sort();
        let text = |path| {
            let mail = std::fs::read(path).unwrap();
            let parsed = mail_parser::MessageParser::default().parse(&mail).unwrap();
            let to = parsed.to().unwrap().first().unwrap().address().unwrap().to_owned();
            format!("{to}\n{}", parsed.body_text(0).unwrap())
        };
        paths.into_iter().map(text).collect()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[], b"")
    }

    pub(crate) fn feed(&self, args: &[&str], input: impl AsRef<[u8]>) -> Ran {
        self.run_with(args, &[], input.as_ref())
    }

    pub(crate) fn run_with(&self, args: &[&str], variables: &[(&str, &str)], input: &[u8]) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_crewcall"))
            .args(args)
            .env("AWS_CONFIG_FILE", self.path().join(AWS_CONFIG))
            .current_dir(self.path())
            .env_remove("RUST_LOG")
            .env("USER", "kim")
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input has closed it by now.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// All that the operator's data shows from outside.
    pub(crate) fn data(&self) -> (String, String) {
        let roster = self.run(&["roster", "export"]).done();
        (roster, self.run(&["charter", "list", "--all", "--json"]).done())
    }
}
