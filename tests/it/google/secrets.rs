//! No secret of Google's reaches a log, an error, a record, a page, a mail or a backup.

use std::path::Path;

use crewcall_google_peer::{Call, Fault};

use super::commands::{Desk, sign_in_elsewhere};
use super::harbor::ACCOUNT;
use crate::cli::home::{CHARTER, ROSTER};

/// Whether a part of a secret is there that is too long to be there by chance. What comes before it is the same for all.
pub(super) fn holds(content: &[u8], secret: &str) -> bool {
    const LONG: usize = 12;
    let parts = secret.as_bytes()[8..].chunks_exact(LONG);
    parts.into_iter().any(|part| content.windows(LONG).any(|there| there == part))
}

/// Every file below a directory, but for those in which the secrets belong.
fn files(directory: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if !path.parent().unwrap().ends_with("secrets") {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn canaries_are_found_nowhere() {
    let desk = Desk::new().await;
    let mut said = String::new();
    desk.peer.inject(Call::CodeExchange, Fault::Quoted, 1);
    for _ in 0..2 {
        let ran = sign_in_elsewhere(&desk);
        // The person brings the code; Google's page has the state.
        let told = ran.err.lines().filter(|line| !line.trim_start().starts_with("http://"));
        said.push_str(&format!("{}\n{}\n", ran.out, told.collect::<Vec<_>>().join("\n")));
    }
    // What passes through is told in full, of our own and of the libraries below.
    let mut run = |args: &[&str], input: &str| {
        let ran = desk.home.run_with(args, &[("RUST_LOG", "trace")], input.as_bytes());
        said.push_str(&format!("{args:?}\n{}\n{}\n", ran.out, ran.err));
    };
    desk.home.write("roster.json", ROSTER);
    run(&["roster", "import", "roster.json"], "");
    run(&["charter", "add"], CHARTER);
    run(&["call", "start", "charter_5678"], "");
    run(&["tick"], "");
    for fault in [
        Fault::Unauthorized,
        Fault::Forbidden { reason: "rateLimitExceeded" },
        Fault::TooMany { retry_after: None },
        Fault::ServerError { code: 500, after_effect: true },
        Fault::Reset { after_effect: true },
        Fault::Garbage { after_effect: true },
        Fault::Truncated,
        Fault::Redirect { to: "http://127.0.0.1:1/".into() },
        Fault::Quoted,
    ] {
        for call in [Call::Token, Call::Send] {
            desk.peer.inject(call, fault.clone(), 1);
            run(&["mail", "test", "--to", "office@example.com"], "");
        }
    }
    run(&["google", "status"], "");
    run(&["google", "status", "--json"], "");
    run(&["doctor"], "");
    run(&["config"], "");
    run(&["audit", "charter_5678"], "");
    run(&["thread", "show", "charter_5678"], "");
    run(&["backup", "backup.db"], "");
    desk.peer.inject(Call::Token, Fault::Quoted, 1_000);
    run(&["google", "status"], "");
    run(&["tick", "--json"], "");

    let secrets = desk.peer.secrets();
    assert!(secrets.len() > 5, "{}", secrets.len());
    let mut found = vec![("what was said".to_owned(), said.into_bytes())];
    found.extend(desk.peer.sent(ACCOUNT).into_iter().map(|sent| ("a mail".to_owned(), sent.given)));
    files(desk.home.path(), &mut found);
    assert!(found.iter().any(|(name, _)| name.ends_with("backup.db")));
    for (place, content) in &found {
        for secret in &secrets {
            assert!(!holds(content, secret), "a part of {}… is in {place}", &secret[..8]);
        }
    }
    // The search finds what is there.
    let kept = std::fs::read(desk.home.path().join("secrets/google_refresh.json")).unwrap();
    assert!(secrets.iter().any(|secret| holds(&kept, secret)));
}
