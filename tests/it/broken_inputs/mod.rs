//! Everything that people and other tools can get wrong: each case is refused with a sentence that
//! names the place and the way out, and nothing of it is written.

mod charters;
mod rosters;
mod settings;

use crate::cli::{Home, Ran};

/// One input that must be refused.
struct Case {
    name: &'static str,
    input: Vec<u8>,
    /// All of these stand in what is said.
    words: &'static [&'static str],
}

fn case(name: &'static str, input: impl AsRef<[u8]>, words: &'static [&'static str]) -> Case {
    Case { name, input: input.as_ref().to_vec(), words }
}

/// Runs every case on one home, which has to stay as it was.
fn refuse_all(cases: Vec<Case>, run: impl Fn(&Home, &Case) -> Ran) {
    let home = Home::with_charter();
    let before = home.data();
    for case in cases {
        let ran = run(&home, &case);
        let name = case.name;
        assert!(matches!(ran.code, 1 | 2), "{name}: {ran:?}");
        assert_eq!(ran.out, "", "{name}");
        assert!(ran.err.starts_with("error: "), "{name}: {}", ran.err);
        for rubbish in ["panicked", "backtrace", "RUST_", "unwrap", "Err(", "Some(", "src/"] {
            assert!(!ran.err.contains(rubbish), "{name}: {}", ran.err);
        }
        for words in case.words {
            assert!(ran.err.contains(words), "{name}: {words:?} is not in\n{}", ran.err);
        }
        assert!(ran.err.lines().all(|line| line.chars().count() < 600), "{name}: {}", ran.err);
        assert_eq!(home.data(), before, "{name}: something was written");
    }
}
