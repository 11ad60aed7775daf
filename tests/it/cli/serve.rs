//! `crewcall serve` and `crewcall setup-link`, as far as they go without a browser.

use super::Home;

#[test]
fn a_setup_link_can_be_read_by_a_program() {
    let home = Home::new();
    let link = home.run(&["setup-link", "--json"]).json();
    let begin = "https://crew.example.com/setup?token=";
    assert!(link["setup_link"].as_str().unwrap().starts_with(begin), "{link}");
    assert!(home.run(&["setup-link"]).done().starts_with(begin));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_told() {
    let home = Home::new();
    for command in ["setup-link", "serve", "demo --listen 127.0.0.1:0", "config"] {
        let line = format!("'{}' {command} > /dev/full", env!("CARGO_BIN_EXE_crewcall"));
        let mut shell = std::process::Command::new("sh");
        let shell = shell.args(["-c", &line]).env("CREWCALL_SERVER__LISTEN", "127.0.0.1:0");
        let ran = shell.current_dir(home.path()).output().unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(ran.status.code() == Some(1) && said.contains("standard output cannot be written"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}
