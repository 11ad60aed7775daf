//! The proof of the proof: each of these bugs, planted into a copy of the rules, is caught by the seasons, or by the
//! scripts of the sheet.
//!
//! A planted bug is a piece of the source that is there exactly once, and what stands there instead. For each, a copy
//! of this crate is built, and its seasons are played until one breaks a rule; without a bug they break none. The table
//! that is printed says which
//! rule, and how many seasons it took. Of the sheet it says which script went wrong first, and how.

mod bugs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use bugs::sheet::SHEET_BUGS;
use bugs::{BUGS, Bug};

/// Seasons that are played at the most.
const SEASONS: u32 = 300;
/// Scripts of the sheet that are played.
const SHEETS: u32 = 500;

/// A workspace of its own with a copy of this crate, with these tests. The seasons know nothing of the sheet, and are built
/// sooner without it.
fn copy(tests: &str) -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own.join("../..");
    let copy = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("planted-{tests}"));
    let _ = fs::remove_dir_all(copy.join("crates"));
    let rules = copy.join("crates/dispatch");
    fs::create_dir_all(rules.join("tests")).expect("a directory");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the workspace");
    let (workspace, package) = manifest.split_once("[package]").expect("a package");
    let profiles = package.split_once("[profile.dev]").expect("profiles").1;
    let shared = workspace.split_once("[workspace.package]").expect("what its crates share").1;
    let workspace = format!("[workspace]\nmembers = [\"crates/dispatch\"]\n\n[workspace.package]{shared}");
    // Most bugs are caught in a few seasons, so that it is building that takes the time.
    let [best, quick] = [2, 1].map(|level| format!("crewcall-dispatch = {{ opt-level = {level} }}"));
    assert_eq!(profiles.matches(&best).count(), 1, "the profile of the proofs is another one");
    let profiles = profiles.replace(&best, &quick);
    fs::write(copy.join("Cargo.toml"), format!("{workspace}[profile.dev]{profiles}")).expect("a manifest");
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock")).expect("the lock file");
    fs::copy(own.join("Cargo.toml"), rules.join("Cargo.toml")).expect("the manifest");
    copy_all(&own.join("src"), &rules.join("src"));
    copy_all(&own.join("tests").join(tests), &rules.join("tests").join(tests));
    if tests == "seasons" {
        let library = rules.join("src/lib.rs");
        let source = fs::read_to_string(&library).expect("a source file");
        assert_eq!(source.matches("pub mod sheet;\n").count(), 1);
        fs::write(library, source.replace("pub mod sheet;\n", "")).expect("a source file");
        fs::remove_dir_all(rules.join("src/sheet")).expect("a directory");
    }
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

/// Plays the seasons of the copy, or its scripts; what they print.
fn play(copy: &Path, tests: &str) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let played = Command::new(cargo)
        .args([
            "test",
            "--offline",
            "--quiet",
            "--profile",
            "proof",
            "-p",
            "crewcall-dispatch",
            "--test",
            tests,
        ])
        .args(["--", "--nocapture"])
        .current_dir(copy)
        // Shared, so that what the rules are built on is built once.
        .env("CARGO_TARGET_DIR", copy.with_file_name("planted"))
        .env("SEASONS", SEASONS.to_string())
        .env("SHEETS", SHEETS.to_string())
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("cargo");
    let text = [played.stdout, played.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// The rule that broke, and in which season; `None` if none did.
fn caught(said: &str) -> Option<(u32, String)> {
    let (_, rest) = said.split_once("panicked at").and_then(|_| said.split_once("\nseason "))?;
    let mut lines = rest.lines();
    let season = lines.next()?.split(' ').next()?.parse().ok()?;
    Some((season, lines.next()?.to_owned()))
}

/// Puts the bug into the copy, and gives back what was there.
fn plant(copy: &Path, bug: &Bug) -> (PathBuf, String) {
    let path = copy.join("crates/dispatch/src").join(bug.file);
    let source = fs::read_to_string(&path).expect("a source file");
    fs::write(&path, source.replace(bug.is, bug.becomes)).expect("a source file");
    (path, source)
}

#[test]
fn every_bug_has_its_place_in_the_source() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for Bug { name, file, is, .. } in BUGS.iter().chain(&SHEET_BUGS) {
        let found = fs::read_to_string(source.join(file)).expect("a source file").matches(is).count();
        assert_eq!(found, 1, "{name}: {is:?} is not once in {file}");
    }
}

#[test]
fn every_planted_bug_is_caught_by_the_seasons() {
    let copy = copy("seasons");
    let only = std::env::var("BUG").ok();
    assert_eq!(caught(&play(&copy, "seasons")), None, "without a bug the seasons break no rule");
    let mut missed = Vec::new();
    println!("seasons  bug -> rule that broke");
    for bug in BUGS.iter().filter(|bug| only.as_ref().is_none_or(|only| bug.name.contains(only))) {
        let (path, source) = plant(&copy, bug);
        let began = Instant::now();
        let said = play(&copy, "seasons");
        fs::write(path, source).expect("a source file");
        match caught(&said) {
            Some((season, rule)) => println!("{season:7}  {} -> {rule} ({:.0?})", bug.name, began.elapsed()),
            None => {
                println!("      -  {} -> not caught", bug.name);
                println!("{}", said.lines().rev().take(12).collect::<Vec<_>>().join("\n"));
                missed.push(bug.name);
            }
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:?}");
}

#[test]
fn every_planted_bug_is_caught_by_the_scripts_of_the_sheet() {
    let copy = copy("sheet");
    let only = std::env::var("BUG").ok();
    // The first script that went wrong, and how.
    let wrong = |said: &str| said.lines().find(|line| line.starts_with("SHEET=")).map(str::to_owned);
    let without = play(&copy, "sheet");
    assert!(
        wrong(&without).is_none() && without.contains("1 passed"),
        "without a bug nothing goes wrong: {without}"
    );
    let mut missed = Vec::new();
    for bug in SHEET_BUGS.iter().filter(|bug| only.as_ref().is_none_or(|only| bug.name.contains(only))) {
        let (path, source) = plant(&copy, bug);
        let said = play(&copy, "sheet");
        fs::write(path, source).expect("a source file");
        match wrong(&said) {
            Some(line) => println!("{} -> {line}", bug.name),
            None => {
                println!(
                    "{} -> not caught\n{}",
                    bug.name,
                    said.lines().rev().take(12).collect::<Vec<_>>().join("\n")
                );
                missed.push(bug.name);
            }
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:?}");
}
