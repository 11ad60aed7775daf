//! Starting: what it prints, whom it lets in, and what it says when it cannot start.

use std::net::TcpListener;

use super::harbor::{Harbor, free_port};
use super::http::Browser;
use super::server::Server;
use crate::home::Home;

#[test]
fn the_setup_link_signs_a_browser_in() {
    let harbor = Harbor::new("");
    harbor.import();
    harbor.book("charter_5678", 27, 16);
    let server = harbor.serve();
    let origin = format!("http://{}", server.address);
    let mut browser = Browser::at(&server.address);
    let shut_out = browser.get("/");
    assert_eq!((shut_out.status, shut_out.header("location")), (303, Some("/signin")));

    let path = server.setup_link.strip_prefix(&origin).expect("it leads here");
    let token = path.strip_prefix("/setup?token=").unwrap();
    assert_eq!(browser.get(path).heading(), "Sign this browser in");
    let signed_in = browser.post("/setup", &format!("token={token}&name=Pat+Lane&email=pat@example.com"));
    assert_eq!((signed_in.status, signed_in.header("location")), (303, Some("/")));
    let board = browser.get("/");
    assert!(board.status == 200 && board.body.contains("charter_5678"), "{}", board.body);
    assert_eq!(Browser::at(&server.address).get(path).status, 410, "the link works twice");

    // The call that this browser starts is on the record under its user's name.
    let started = browser.post("/charters/charter_5678/start", "");
    assert_eq!(started.status, 303, "{}", started.body);
    harbor.mail.wait_for_offer("dana");
    let audit = harbor.home.run(&["audit", "charter_5678", "--json"]).json();
    assert_eq!(audit[1]["by"], serde_json::json!({ "office": "Pat Lane" }));

    // The cookie outlives the server, and ends when its user says so.
    assert_eq!(server.stop().0, 0);
    let server = harbor.serve();
    assert_eq!(
        server.setup_link,
        format!("http://{}/signin", server.address),
        "nobody needs a setup link any more"
    );
    assert_eq!(browser.get("/").status, 200);
    assert_eq!(browser.post("/signout", "").status, 303);
    assert_eq!(browser.get("/").status, 303);
}

#[test]
fn a_busy_port_is_told() {
    let harbor = Harbor::new("");
    let _taken = TcpListener::bind(harbor.address()).unwrap();
    let said = harbor.home.run(&["serve"]).failed(1);
    assert!(said.contains(&harbor.address()) && said.contains("[server] listen"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn settings_that_are_wrong_are_told() {
    let harbor = Harbor::new("response_windw = \"2h\"");
    let said = harbor.home.run(&["serve"]).failed(1);
    assert!(said.contains("policy.response_windw") && said.contains("policy.response_window"), "{said}");
    let said = Home::empty().run(&["serve"]).failed(1);
    assert!(said.contains("crewcall.toml"), "{said}");

    let harbor = Harbor::new("");
    harbor.home.write("crewcall.db", "this is a diary");
    let said = harbor.home.run(&["serve"]).failed(1);
    assert!(said.contains("crewcall.db"), "{said}");
    assert_eq!(std::fs::read(harbor.home.path().join("crewcall.db")).unwrap(), b"this is a diary");
}

#[test]
fn what_init_writes_serves() {
    let home = Home::empty();
    home.run(&["init"]).done();
    let mut server = Server::spawn(home.path(), free_port());
    server.wait_until_ready();
    assert_eq!(server.stop().0, 0);
}

#[test]
fn a_second_start_changes_nothing() {
    let harbor = Harbor::new("");
    harbor.import();
    harbor.book("a", 27, 10);
    let before = harbor.home.data();
    let key = std::fs::read(harbor.home.path().join("crewcall.db.key")).unwrap();
    for _ in 0..2 {
        assert_eq!(harbor.serve().stop().0, 0);
    }
    assert_eq!(harbor.home.data(), before);
    assert_eq!(std::fs::read(harbor.home.path().join("crewcall.db.key")).unwrap(), key);
    assert!(harbor.mail.all().is_empty());
}
