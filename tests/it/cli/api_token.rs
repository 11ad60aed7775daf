//! `crewcall api-token`

use serde_json::json;

use super::Home;

#[test]
fn a_token_is_made_listed_and_ended() {
    let home = Home::with_charter();
    assert!(home.run(&["api-token", "list"]).done().contains("`crewcall api-token new NAME`"));
    let said = home.run(&["api-token", "new", "booking site"]).done();
    let token = said.lines().next().unwrap();
    assert!(token.starts_with("crewcall_api_") && token.len() > 60, "{said}");
    let other = home.run(&["api-token", "new", "tablet", "--json"]).json();
    assert_ne!(other["token"], token);
    let refused = home.run(&["api-token", "new", "tablet"]).failed(1);
    assert!(refused.contains("there is a token of \"tablet\" already"), "{refused}");
    let listed = home.run(&["api-token", "list"]).done();
    assert!(
        listed.contains("booking site") && listed.contains("tablet") && !listed.contains(token),
        "{listed}"
    );
    let store = std::fs::read(home.path().join("crewcall.db")).unwrap();
    let holds = |text: &str| store.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    assert!(holds("booking site"));
    assert!(!holds(token.trim_start_matches("crewcall_api_")), "the store has the token itself");
    assert!(home.run(&["api-token", "revoke", "tablet"]).done().contains("shut out"));
    let refused = home.run(&["api-token", "revoke", "tablet"]).failed(1);
    assert!(refused.contains("api-token list"), "{refused}");
    let left = home.run(&["api-token", "list", "--json"]).json();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["name"]), (1, &json!("booking site")));
    home.run(&["api-token", "new", " "]).failed(2);
}
