//! What stands in `deploy`: checked by those who read such files, and against the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::dynamodb::dynoxide;
use crate::home::{Home, SETTINGS};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A program of the environment that checks `deploy/aws`.
fn python(program: &str) -> Command {
    Command::new(at("target/peers/venv-deploy/bin").join(program))
}

/// Runs it, and gives what it printed.
#[track_caller]
fn passes(command: &mut Command) -> String {
    let ran = command.output().unwrap_or_else(|error| panic!("{command:?} ({error}); run scripts/peers"));
    let printed = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{command:?}: {printed}");
    printed
}

#[test]
fn the_template_is_what_cloudformation_takes() {
    let printed =
        passes(python("cfn-lint").args(["--include-checks", "I", "--"]).arg(at("deploy/aws/template.yaml")));
    assert_eq!(printed, "");
}

#[test]
fn the_template_agrees_with_the_program() {
    let peer = dynoxide();
    let home = Home::empty();
    home.write("crewcall.toml", format!("{SETTINGS}[store]\nkind = \"dynamodb\"\n"));
    home.has_aws_at(&peer.endpoint);
    home.run(&["store", "setup"]).done();
    passes(python("python").arg(at("tests/peers/template.py")).arg(&peer.endpoint));
}

#[test]
fn the_costs_are_what_their_script_prints() {
    passes(python("python").arg(at("deploy/cost.py")).arg("--check").arg(at("deploy/README.md")));
}

#[test]
fn the_units_are_sound_and_give_no_rights_away() {
    let directory = tempfile::tempdir().unwrap();
    let names = ["crewcall.service", "crewcall-backup.service", "crewcall-backup.timer"];
    let units = names.map(|name| {
        let unit = std::fs::read_to_string(at("deploy/single-host").join(name)).unwrap();
        let path = directory.path().join(name);
        // The program stands elsewhere here.
        std::fs::write(&path, unit.replace("/usr/local/bin/crewcall", env!("CARGO_BIN_EXE_crewcall")))
            .unwrap();
        path
    });
    let printed = passes(Command::new("systemd-analyze").arg("verify").arg("--man=no").args(&units));
    assert_eq!(printed, "");
    // Of ten, where ten is a service that may do everything; "OK" ends at two.
    for unit in &units[..2] {
        passes(
            Command::new("systemd-analyze").args(["security", "--offline=yes", "--threshold=20"]).arg(unit),
        );
    }
}

#[test]
fn caddy_understands_its_file() {
    let file = at("deploy/single-host/Caddyfile");
    let home = tempfile::tempdir().unwrap();
    let mut caddy = Command::new(at("target/peers/caddy/usr/bin/caddy"));
    caddy.env("HOME", home.path()).args(["validate", "--adapter", "caddyfile", "--config"]).arg(file);
    let printed = passes(&mut caddy);
    assert!(printed.contains("Valid configuration"), "{printed}");
}
