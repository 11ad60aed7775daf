//! The proof of the proof: each of these bugs, planted into a copy of the rules, is caught by the seasons, or by the
//! scripts of the sheet.
//!
//! A planted bug is a piece of the source that is there exactly once, and what stands there instead. The copy of this
//! crate has them all, asleep, so that it is built once; `PLANTED` says which one is awake while its seasons are played
//! until one breaks a rule. While all are asleep none does. The table that is printed says which rule, and how many
//! seasons it took. Of the sheet it says which script went wrong first, and how.

mod bugs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use bugs::sheet::SHEET_BUGS;
use bugs::{Bug, SEASON_BUGS};

/// Seasons that are played at the most.
const SEASONS: u32 = 300;
/// Scripts of the sheet that are played.
const SHEETS: u32 = 500;

/// What is put into the copy for the bugs to ask.
const SWITCH: &str = r#"
pub(crate) fn planted(number: usize) -> bool {
    static AWAKE: std::sync::LazyLock<Option<usize>> =
        std::sync::LazyLock::new(|| std::env::var("PLANTED").ok()?.parse().ok());
    *AWAKE == Some(number)
}
"#;

fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Tests that are to catch bugs.
struct Suite {
    name: &'static str,
    bugs: &'static [Bug],
    /// How it says that something went wrong; `None` if nothing did.
    caught: fn(&str) -> Option<String>,
}

const SUITES: [Suite; 2] = [
    Suite { name: "seasons", bugs: &SEASON_BUGS, caught: in_season },
    Suite { name: "sheet", bugs: &SHEET_BUGS, caught: in_script },
];

/// In which season, and which rule broke.
fn in_season(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("panicked at").and_then(|_| said.split_once("\nseason "))?;
    let mut lines = rest.lines();
    let season: u32 = lines.next()?.split(' ').next()?.parse().ok()?;
    Some(format!("season {season}: {}", lines.next()?))
}

/// The first script that went wrong, and how.
fn in_script(said: &str) -> Option<String> {
    said.lines().find(|line| line.starts_with("SHEET=")).map(str::to_owned)
}

/// All bugs, each with its number and with those who are to catch it.
fn bugs() -> impl Iterator<Item = (usize, (&'static Suite, &'static Bug))> {
    SUITES.iter().flat_map(|suite| suite.bugs.iter().map(move |bug| (suite, bug))).enumerate()
}

/// Every file that has bugs, with all of them.
fn with_bugs() -> BTreeMap<&'static str, String> {
    let mut files = BTreeMap::new();
    for (number, (_, bug)) in bugs() {
        let source = files
            .entry(bug.file)
            .or_insert_with(|| fs::read_to_string(own("src").join(bug.file)).expect("a source file"));
        *source = bug.plant(source, number);
    }
    files
}

/// A workspace of its own with a copy of this crate, with the bugs and these tests.
fn copy() -> PathBuf {
    let root = own("../..");
    let copy = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("planted");
    let _ = fs::remove_dir_all(&copy);
    let rules = copy.join("crates/dispatch");
    fs::create_dir_all(&rules).expect("a directory");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the workspace");
    let (workspace, package) = manifest.split_once("[package]").expect("a package");
    let profiles = package.split_once("[profile.dev]").expect("profiles").1;
    let shared = workspace.split_once("[workspace.package]").expect("what its crates share").1;
    let workspace = format!("[workspace]\nmembers = [\"crates/dispatch\"]\n\n[workspace.package]{shared}");
    fs::write(copy.join("Cargo.toml"), format!("{workspace}[profile.dev]{profiles}")).expect("a manifest");
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock")).expect("the lock file");
    fs::copy(own("Cargo.toml"), rules.join("Cargo.toml")).expect("the manifest");
    for part in ["src", "tests/seasons", "tests/sheet"] {
        copy_all(&own(part), &rules.join(part));
    }
    for (file, source) in with_bugs() {
        fs::write(rules.join("src").join(file), source).expect("a source file");
    }
    let library = fs::read_to_string(own("src/lib.rs")).expect("a source file");
    fs::write(rules.join("src/lib.rs"), library + SWITCH).expect("a source file");
    copy
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_all(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}

/// Plays the seasons of the copy, or its scripts, with that bug; what they print.
fn play(copy: &Path, tests: &str, awake: Option<usize>) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let played = Command::new(cargo)
        .args(["test", "--offline", "--quiet", "--profile", "proof", "-p", "crewcall-dispatch"])
        .args(["--test", tests, "--", "--nocapture"])
        .current_dir(copy)
        // The one that this test is built in, which has what the rules are built on.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a directory"))
        .env("PLANTED", awake.map(|number| number.to_string()).unwrap_or_default())
        .env("SEASONS", SEASONS.to_string())
        .env("SHEETS", SHEETS.to_string())
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("cargo");
    let text = [played.stdout, played.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn every_bug_has_its_place_in_the_source() {
    assert!(!with_bugs().is_empty());
}

#[test]
fn every_planted_bug_is_caught() {
    let copy = copy();
    for Suite { name, caught, .. } in &SUITES {
        let said = play(&copy, name, None);
        assert!(
            caught(&said).is_none() && said.contains("1 passed"),
            "without a bug nothing goes wrong: {said}"
        );
    }
    let only = std::env::var("BUG").ok();
    let mut missed = Vec::new();
    for (number, (suite, bug)) in bugs() {
        if only.as_ref().is_some_and(|only| !bug.name.contains(only)) {
            continue;
        }
        let began = Instant::now();
        let said = play(&copy, suite.name, Some(number));
        match (suite.caught)(&said) {
            Some(how) => println!("{} -> {how} ({:.1?})", bug.name, began.elapsed()),
            None => {
                let last: Vec<_> = said.lines().rev().take(12).collect();
                println!("{} -> not caught\n{}", bug.name, last.join("\n"));
                missed.push(bug.name);
            }
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:?}");
}
