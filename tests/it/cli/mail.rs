//! `crewcall mail`

use super::Home;
use super::home::SETTINGS;

#[test]
fn a_test_mail_is_handed_over() {
    let home = Home::new();
    let said = home.run(&["mail", "test"]).done();
    assert!(said.contains("Mail is written to mail; nothing is sent"), "{said}");
    let tried = home.run(&["mail", "test", "--to", "kim@example.com", "--json"]).json();
    assert_eq!(tried["to"], "kim@example.com");
    let mail = std::fs::read_dir(home.path().join("mail")).unwrap().next().unwrap().unwrap();
    assert!(std::fs::read_to_string(mail.path()).unwrap().contains("Test mail from crewcall"));
    assert!(!home.path().join("crewcall.db").exists(), "a test mail needs no store");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let home = Home::empty();
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let smtp = format!("[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n");
    home.write("crewcall.toml", SETTINGS.replace("\"file\"", "\"smtp\"") + &smtp);
    let said = home.run(&["mail", "test"]).failed(1);
    assert!(said.contains(&format!("127.0.0.1:{port}")), "{said}");
}
