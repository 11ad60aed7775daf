//! Charters.

use super::{case, refuse_all};

/// A charter that is right but for one replacement.
fn charter(from: &str, to: &str) -> String {
    let right = r#"{"charter_id":"c9","vessel":"America","departs_at":"2099-06-27T16:00:00-07:00",
        "returns_at":"2099-06-27T19:00:00-07:00","call_time":"2099-06-27T15:15:00-07:00","dock":"pier 3","guests":6,
        "gross_revenue":"1450.00","positions":[{"position":"captain","quantity":1},{"position":"deckhand","quantity":2}]}"#;
    assert!(right.contains(from), "{from}");
    right.replacen(from, to, 1)
}

#[test]
fn charters() {
    refuse_all(
        vec![
            case("nothing", "", &["standard input is empty"]),
            case("a list", "[]", &["write one object"]),
            case("cut off", r#"{"charter_id":"#, &["breaks off at line 1"]),
            case(
                "an empty object",
                "{}",
                &[
                    "charter_id: is empty",
                    "vessel: is empty",
                    "departs_at: is missing",
                    "positions: ask for 0 captains",
                ],
            ),
            case("a misspelt field", charter("vessel", "vesel"), &["vesel: unknown field", "`vessel`"]),
            case(
                "a field twice",
                charter("\"guests\":6", "\"guests\":6,\"guests\":7"),
                &["\"guests\" stands here twice"],
            ),
            case(
                "a departure without its hour",
                charter("2099-06-27T16:00:00-07:00", "2099-06-27"),
                &["departs_at: is \"2099-06-27\", a date without a time; write it as 2026-06-27T16:00"],
            ),
            case(
                "words for guests",
                charter("\"guests\":6", "\"guests\":\"six\""),
                &["guests: ", "write a whole number such as 6"],
            ),
            case(
                "fewer than no guests",
                charter("\"guests\":6", "\"guests\":-6"),
                &["guests: ", "write a whole number"],
            ),
            case(
                "too many guests",
                charter("\"guests\":6", "\"guests\":2001"),
                &["guests: is 2001; at most 2000"],
            ),
            case(
                "a number for revenue",
                charter("\"1450.00\"", "1450.00"),
                &["gross_revenue: ", "in quotes"],
            ),
            case(
                "a currency",
                charter("1450.00", "$1,450"),
                &["gross_revenue: is \"$1,450\"; write an amount such as"],
            ),
            case(
                "no captain",
                charter("captain", "mate"),
                &["positions: ask for 0 captains; every charter has exactly one"],
            ),
            case(
                "two captains",
                charter("\"quantity\":1", "\"quantity\":2"),
                &["positions: ask for 2 captains"],
            ),
            case(
                "no deckhands",
                charter("\"quantity\":2", "\"quantity\":0"),
                &["ask for 0 of deckhand; leave it out"],
            ),
            case("a crowd", charter("\"quantity\":2", "\"quantity\":20"), &["21 seats; at most 16"]),
            case(
                "a rank of two words",
                charter("deckhand", "deck hand"),
                &["positions[1].position", "one word"],
            ),
            case(
                "another rank",
                charter("deckhand", "bosun"),
                &["bosun is no rank here", "[operator] ranks"],
            ),
            case(
                "a return before departure",
                charter("T19:00", "T15:30"),
                &["returns_at: is not after departs_at"],
            ),
            case(
                "a call after departure",
                charter("T15:15", "T16:15"),
                &["call_time: has to be at most 24 hours before departs_at"],
            ),
            case(
                "a sail of months",
                charter("2099-06-27T19", "2099-09-27T19"),
                &["returns_at: is more than 1440 hours"],
            ),
            case(
                "a departure in the past",
                charter("", "").replace("2099", "2020"),
                &["which is past; correct the time"],
            ),
            case(
                "a time without a date",
                charter("2099-06-27T16:00:00-07:00", "16:00"),
                &["departs_at: is \"16:00\"; write it as"],
            ),
            case(
                "an hour that the clocks skip",
                charter("2099-06-27T15:15:00-07:00", "2099-03-08T02:30"),
                &["call_time: ", "add the offset"],
            ),
            case("a vessel of two lines", charter("America", "A\\nB"), &["vessel: ", "U+000A"]),
            case(
                "an odd id",
                charter("c9", "c/9"),
                &["charter c/9 was not booked", "charter_id: has the character '/'"],
            ),
            case(
                "the id of another charter",
                charter("c9", "charter_5678"),
                &["charter_5678 exists already and differs"],
            ),
        ],
        |home, case| home.feed(&["charter", "add"], &case.input),
    );
}
