//! `deploy/aws` as an operator uses it: the AWS CLI puts the stack on an AWS that others wrote, which runs the functions
//! behind its gateway; captains answer there.
//!
//! | module | what it tells |
//! | --- | --- |
//! | `season` | from the first deploy to the way back to one server, with mail by a mail server |
//! | `gmail` | mail by Gmail: signing in, and signing in again |

mod gmail;
mod season;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::http::{Answer, exchange};
use super::mailroom::Mailroom;
use crate::dynamodb::{Peer, start_ministack};
use crate::home::{CHARTER, Home, ROSTER};
use crate::smtp::certificates::Certificates;
use crate::support::PythonPeer;

const KEY: &str = "00112233445566778899aabbccddeeff8899aabbccddeeff0011223344556677";
const PASSWORD: &str = "s3cret word";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs something, and gives what it printed.
#[track_caller]
fn done(command: &mut Command) -> String {
    let ran = command.output().unwrap_or_else(|error| panic!("{command:?} ({error}); run scripts/peers"));
    assert!(ran.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap().trim().to_owned()
}

/// A copy of what is needed to deploy, with a build in it, and the AWS that it goes to.
struct Operator {
    peer: Peer,
    home: Home,
    mail: Mailroom,
    certificates: Certificates,
}

impl Operator {
    fn new() -> Self {
        let certificates = Certificates::for_server("127.0.0.1");
        let mut arguments = vec!["--tls", "starttls", "--user", "crew", "--password", PASSWORD];
        let files = certificates.arguments();
        arguments.extend(files.iter().map(String::as_str));
        let home = Home::empty();
        for directory in ["deploy/aws", "target/lambda"] {
            std::fs::create_dir_all(home.path().join(directory)).unwrap();
        }
        for file in ["deploy/aws/template.yaml", "deploy/aws/stack"] {
            std::fs::copy(root().join(file), home.path().join(file)).unwrap();
        }
        // The functions have the variables of the AWS that runs them, and so trust the mail server of the test.
        let (authority, temporary) = (certificates.path("ca.pem"), home.path().join("tmp"));
        std::fs::create_dir(&temporary).unwrap();
        let text = |path: &Path| path.display().to_string();
        let peer = start_ministack(&[("SSL_CERT_FILE", &text(&authority)), ("TMPDIR", &text(&temporary))]);
        Self { peer, home, mail: Mailroom::start(&arguments), certificates }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    /// Puts the program into the zip that the template speaks of, and these files behind it.
    fn build(&self, more: &[&str]) {
        std::fs::copy(env!("CARGO_BIN_EXE_crewcall"), self.at("bootstrap")).unwrap();
        let zip = "import sys, zipfile\nto = zipfile.ZipFile(sys.argv[1], 'w', 8, compresslevel=1)\n\
                   [to.write(name) for name in sys.argv[2:]]\nto.close()";
        let mut python = self.program("python");
        done(python.args(["-c", zip, "target/lambda/bootstrap.zip", "bootstrap"]).args(more));
    }

    /// One that finds the AWS CLI, and by it this AWS.
    fn program(&self, name: impl AsRef<Path>) -> Command {
        let tools = root().join("target/peers/venv-deploy/bin");
        let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
        let name = name.as_ref();
        let mut command =
            Command::new(if name.components().count() == 1 { tools.join(name) } else { name.to_owned() });
        command.current_dir(self.home.path()).env("PATH", path).env("HOME", self.home.path()).envs([
            ("AWS_ENDPOINT_URL", self.peer.endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
        ]);
        command
    }

    #[track_caller]
    fn aws(&self, arguments: &[&str]) -> String {
        done(self.program("aws").args(["--output", "text"]).args(arguments))
    }

    #[track_caller]
    fn stack(&self, arguments: &[&str]) -> String {
        done(self.program(self.at("deploy/aws/stack")).args(arguments))
    }

    fn secret(&self, name: &str, text: &str) -> String {
        let made =
            ["secretsmanager", "create-secret", "--name", name, "--secret-string", text, "--query", "ARN"];
        self.aws(&made)
    }

    /// Makes a stack, with these parameters beside those that it has to have.
    fn deploy(&self, more: &[&str]) {
        let password =
            self.aws(&["secretsmanager", "describe-secret", "--secret-id", "smtp", "--query", "ARN"]);
        let port = self.mail.port();
        let mut parameters = vec![
            "deploy",
            "OperatorName=Harbor Sails",
            "TimeZone=America/Los_Angeles",
            "LinkPrefix=jada",
            "AlarmEmail=office@example.com",
            "MailFrom=Harbor Sails <crew@example.com>",
            "OfficeMail=office@example.com",
            "SmtpHost=127.0.0.1",
            "SmtpUsername=crew",
        ];
        let (port, password) = (format!("SmtpPort={port}"), format!("SmtpPasswordSecretArn={password}"));
        parameters.extend([port.as_str(), password.as_str()]);
        parameters.extend(more);
        self.stack(&parameters);
    }

    /// Runs crewcall at the command line with the settings of the stack.
    #[track_caller]
    fn crewcall(&self, command: &str) -> String {
        self.crewcall_as("", command)
    }

    /// The same, with the settings changed first.
    #[track_caller]
    fn crewcall_as(&self, first: &str, command: &str) -> String {
        let script = format!(". ./crewcall.env && {first} {} {command}", env!("CARGO_BIN_EXE_crewcall"));
        done(self.program("/bin/sh").args(["-c", &script]))
    }

    /// Brings the roster and a charter, and begins its call.
    fn start_a_call(&self) {
        self.home.write("roster.json", ROSTER);
        self.home.write("charter.json", CHARTER);
        self.crewcall("roster import roster.json");
        self.crewcall("charter add < charter.json");
        self.crewcall("call start charter_5678");
    }

    /// Whatever leads a name of the operator's own to the API.
    fn front(&self) -> PythonPeer {
        let files = self.certificates.arguments();
        let upstream = self.peer.endpoint.strip_prefix("http://").unwrap();
        let mut arguments: Vec<&str> = files.iter().map(String::as_str).collect();
        let host = self.host();
        arguments.extend(["--upstream", upstream, "--host", &host]);
        PythonPeer::start("tls_front.py", &arguments)
    }

    /// The name of the API.
    fn host(&self) -> String {
        let port = self.peer.endpoint.rsplit(':').next().unwrap();
        format!("{}.execute-api.localhost:{port}", self.stack(&["output", "ApiId"]))
    }

    fn ask(&self, method: &str, path: &str, form: &str) -> Answer {
        let host = self.host();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
            form.len()
        );
        exchange(self.peer.endpoint.strip_prefix("http://").unwrap(), &request).unwrap()
    }

    /// The minute is over. The schedule of this AWS ticks as well, which does no harm.
    fn tick(&self) -> Value {
        let (function, answer) = (self.stack(&["output", "TickFunction"]), self.at("tick.json"));
        let event = json!({ "source": "aws.events", "detail-type": "Scheduled Event" }).to_string();
        let mut invoke = self.program("aws");
        invoke.args(["lambda", "invoke", "--function-name", &function, "--payload", &event]).arg(&answer);
        done(&mut invoke);
        serde_json::from_slice(&std::fs::read(answer).unwrap()).unwrap()
    }
}
