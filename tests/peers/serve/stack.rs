//! `deploy/aws` as an operator uses it: the AWS CLI puts the stack on an AWS that others wrote, which runs the functions
//! behind its gateway; captains answer there.

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

    /// Puts the program into the zip that the template speaks of.
    fn build(&self) {
        let bootstrap = self.at("bootstrap");
        std::fs::copy(env!("CARGO_BIN_EXE_crewcall"), &bootstrap).unwrap();
        let zip = "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w', 8, compresslevel=1).write(sys.argv[2], 'bootstrap')";
        let mut python = self.program("python");
        done(python.args(["-c", zip]).arg(self.at("target/lambda/bootstrap.zip")).arg(&bootstrap));
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

#[test]
fn the_stack_is_deployed_by_the_aws_cli_and_a_captain_answers_on_it() {
    let office = Operator::new();
    let early = office.program(office.at("deploy/aws/stack")).args(["package", "builds"]).output().unwrap();
    assert!(String::from_utf8_lossy(&early.stderr).contains("there is no target/lambda/bootstrap.zip"));
    for (wrong, said) in [
        (&["deploy", "Runing=no"][..], "there is no parameter Runing; there are: OperatorName"),
        (&["set", "Running"], "Running is no NAME=VALUE"),
        (&["deploy"], "give deploy/aws/stack package BUCKET first"),
        (&["settings"], "is it deployed, in this region and account?"),
        (&["set", "Running=no"], "is it deployed, in this region and account?"),
        (&["outputs"], "deploy/aws/stack package BUCKET "),
    ] {
        let refused = office.program(office.at("deploy/aws/stack")).args(wrong).output().unwrap();
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && told.contains(said), "{wrong:?}: {told}");
        assert!(!told.contains("Traceback"), "{wrong:?}: {told}");
    }
    office.build();
    let key = office.secret("link-key", KEY);
    office.secret("smtp", PASSWORD);
    office.aws(&["s3", "mb", "s3://builds"]);
    office.stack(&["package", "builds"]);
    office.deploy(&[&format!("LinkKeySecretArn={key}")]);
    // A name of its own, with TLS: ticks ask for a page by it, and say that people reach them.
    let front = office.front();
    office.stack(&["set", &format!("PublicUrl=https://127.0.0.1:{}", front.ready["port"])]);
    std::fs::write(office.at("crewcall.env"), office.stack(&["settings"])).unwrap();

    // Everything that the program wants is there.
    let found = office.crewcall("store setup --json");
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!((&found["made"], &found["indexed"]), (&json!([]), &json!([])), "{found}");
    office.home.write("roster.json", ROSTER);
    office.home.write("charter.json", CHARTER);
    office.crewcall("roster import roster.json");
    office.crewcall("charter add < charter.json");
    office.crewcall("call start charter_5678");

    let tick = office.tick();
    assert_eq!((&tick["failed"], &tick["put_off"]), (&json!(0), &json!(0)), "{tick}");
    let letter = office.mail.wait_for_offer("dana");
    assert_eq!(letter.taken["authenticated"], true);
    // The first one was alone yet: the pages say that all is well once somebody has ticked.
    office.tick();
    let sign =
        ["dynamodb", "get-item", "--table-name", "crewcall", "--key", r#"{"pk":{"S":"service#heartbeat"}}"#];
    let sign = office.aws(&sign);
    assert!(sign.contains("served_at"), "{sign}");
    let page = office.ask("GET", letter.link().unwrap(), "");
    assert_eq!((page.status, page.heading()), (200, "Dana, can you sail?"));

    // A route of another tool's, behind the authorizer.
    let (api, authorizer) =
        (office.stack(&["output", "ApiId"]), office.stack(&["output", "LinkAuthorizerId"]));
    let first = ["apigatewayv2", "get-integrations", "--api-id", &api, "--query", "Items[0].IntegrationId"];
    let pages = format!("integrations/{}", office.aws(&first));
    let guarded = ["--authorization-type", "CUSTOM", "--authorizer-id", &authorizer, "--target", &pages];
    let mut route = vec!["apigatewayv2", "create-route", "--api-id", &api, "--route-key", "GET /signin"];
    route.extend(guarded);
    office.aws(&route);
    let token = letter.token().unwrap();
    let tides = |token: &str| office.ask("GET", &format!("/signin?token={token}"), "").status;
    assert_eq!((tides(token), tides(&token.replace('.', "x")), tides("")), (200, 403, 401));

    let page = office.ask("POST", "/crew/accept", &format!("token={token}&answer=accept"));
    assert_eq!((page.status, page.heading()), (200, "You're on"), "{}", page.body);
    assert_eq!(tides(token), 403, "it was answered");
    office.tick();
    office.mail.wait_for_offer("lee");

    // Stopped and begun again; what is kept outlives the stack.
    office.stack(&["set", "Running=no"]);
    assert_eq!(office.aws(&["events", "list-rules", "--query", "Rules[].State"]), "DISABLED");
    let silent =
        ["cloudwatch", "describe-alarms", "--query", "length(MetricAlarms[?MetricName=='OldestDue'])"];
    assert_eq!(office.aws(&silent), "1", "nobody listens for ticks that are not to come");
    office.stack(&["set", "Running=yes"]);
    assert_eq!(office.aws(&["events", "list-rules", "--query", "Rules[].State"]), "ENABLED");
    assert_eq!(office.aws(&silent), "2");
    office.aws(&["cloudformation", "delete-stack", "--stack-name", "crewcall"]);
    let tables = office.aws(&["dynamodb", "list-tables", "--query", "TableNames"]);
    assert_eq!(tables, "charter-chats\tcrew-dispatch\tcrew-tokens\tcrewcall");

    // Another stack takes them, with the same key: links that are out go on to work.
    office.deploy(&["MakeTables=no", &format!("LinkKeySecretArn={key}")]);
    std::fs::write(office.at("crewcall.env"), office.stack(&["settings"])).unwrap();
    let lee = office.mail.wait_for_offer("lee");
    let page = office.ask("GET", lee.link().unwrap(), "");
    assert_eq!((page.status, page.heading()), (200, "Lee, can you sail?"));

    // And back to one server.
    office.stack(&["set", "Running=no"]);
    office.crewcall("store copy --from dynamodb: --to sqlite:copy.db");
    let there = office.crewcall("charter show charter_5678 --json");
    office.home.write("crewcall.db.key", KEY);
    let server = "unset CREWCALL_STORE__TOKEN_TABLE CREWCALL_SERVER__LINK_KEY_SECRET && CREWCALL_STORE__KIND=sqlite \
                  CREWCALL_STORE__PATH=copy.db CREWCALL_SERVER__LINK_KEY_FILE=crewcall.db.key";
    assert_eq!(office.crewcall_as(server, "charter show charter_5678 --json"), there);
}
