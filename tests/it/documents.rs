//! What the documents name is there.

use std::fs;
use std::path::{Path, PathBuf};

const PLACES: [&str; 10] =
    ["src", "crates", "tests", "assets", "benches", "scripts", "deploy", "docs", "examples", "migrations"];

/// Every file and directory below a place, as it stands below the root; but for what is built.
fn below(place: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(place).unwrap() {
        let path = entry.unwrap().path();
        let shown = path.to_str().unwrap().to_owned();
        if path.is_dir() {
            found.push(format!("{shown}/"));
            below(&path, found);
        } else {
            found.push(shown);
        }
    }
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut there = Vec::new();
    for place in PLACES {
        below(&root.join(place), &mut there);
    }
    let mut named = 0;
    for document in ["README.md", "ARCHITECTURE.md"] {
        let text = fs::read_to_string(root.join(document)).unwrap();
        // What stands between backticks, and outside of blocks of code.
        let prose = text.split("```").step_by(2).collect::<String>();
        for name in prose.split('`').skip(1).step_by(2) {
            let is_path = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b));
            let is_code = [".rs", ".js", ".css", ".mjs", ".sql"].iter().any(|end| name.ends_with(end));
            let is_directory = name.ends_with('/') && name.matches('/').count() > 1 && !name.starts_with('/');
            if is_path && (is_code || is_directory) {
                named += 1;
                let ends = format!("/{name}");
                assert!(there.iter().any(|path| path.ends_with(&ends)), "{document} names {name}");
            }
        }
    }
    assert!(named > 50, "{named}");
}
