use super::*;

#[test]
fn an_address_is_read_as_settings_have_it() {
    let address = |text: &str| text.parse::<Address>().unwrap();
    assert_eq!(address("crew@example.com").name, "");
    assert_eq!(address("Harbor Sails <crew@example.com>").to_string(), "Harbor Sails <crew@example.com>");
    assert_eq!(address("\"Sails, Harbor\" <crew@example.com>").name, "Sails, Harbor");
    for bad in
        ["", "Harbor Sails", "Harbor <crew@example.com", "Harbor <crew>", "a@example.com, b@example.com"]
    {
        assert!(bad.parse::<Address>().is_err(), "{bad:?} was taken");
    }
}

#[test]
fn an_answer_becomes_one_short_line() {
    assert_eq!(Receipt::new("250 OK\r\n\x1b[2J queued\u{2028}as 7").at_peer, "250 OK [2J queued as 7");
    let long = Receipt::new(&"é".repeat(5000)).at_peer;
    assert_eq!(long.chars().count(), ANSWER_CHARS + 1);
}

#[test]
fn an_answer_that_quotes_a_link_does_not_give_its_secret_away() {
    let secret = "r6wkhweioi4mr4sjp64lo5462ioryvb5twlr3kquunvai3zummaq";
    let quoted = format!(
        "451 blocked: https://crew.example.com/crew/accept?token=jada_crew_kjkqn3gkmtjwdg5s.{secret}&x=1"
    );
    let line = Receipt::new(&quoted).at_peer;
    assert_eq!(
        line,
        "451 blocked: https://crew.example.com/crew/accept?token=jada_crew_kjkqn3gkmtjwdg5s.…&x=1"
    );
}

#[test]
fn every_error_is_a_sentence_with_its_reason() {
    let error = SendError::Refused { reason: "it answered 550 no such user".into(), bad_address: true };
    assert_eq!(error.to_string(), "the mail was refused for good: it answered 550 no such user");
    assert_eq!(error.reason(), "it answered 550 no such user");
}
