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
fn every_error_is_a_sentence_with_its_reason() {
    let error = SendError::Refused { reason: "it answered 550 no such user".into(), bad_address: true };
    assert_eq!(error.to_string(), "the mail was refused for good: it answered 550 no such user");
    assert_eq!(error.reason(), "it answered 550 no such user");
}
