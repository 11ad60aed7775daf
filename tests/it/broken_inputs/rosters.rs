//! Rosters.

use super::{case, refuse_all};
use crate::cli::Home;

/// A record that is right but for these attributes.
fn with(attributes: &str) -> String {
    format!(
        r#"[{{"crew_id":"ok","name":"Fine","rank":"host"}},{{"crew_id":"pat","name":"Pat","rank":"captain",{attributes}}}]"#
    )
}

#[test]
fn rosters_in_json() {
    let deep = "[".repeat(5000);
    let long = format!(r#"{{"crew_id":"{}","name":"X","rank":"host"}}"#, "x".repeat(65));
    let heavy = with(&format!(r#""notes":"{}""#, "x".repeat(70_000)));
    let dates: Vec<String> =
        (0..1501).map(|n| format!(r#""{:04}-01-{:02}":"available""#, 2000 + n / 28, 1 + n % 28)).collect();
    refuse_all(
        vec![
            case("nothing", "", &["standard input is empty"]),
            case("spaces", " \n\t ", &["standard input is empty"]),
            case("cut off", r#"[{"crew_id":"x","#, &["breaks off at line 1, column", "complete"]),
            case("not JSON", "[crew]", &["line 1, column 2", "correct it there"]),
            case("two values", "[] []", &["line 1, column 4"]),
            case("a trailing comma", "[{\"crew_id\":\"x\",\n}]", &["line 2, column 1"]),
            case("text", "[\"dana\"]", &["row 1, record: is no object"]),
            case("nesting without end", deep, &["line 1, column", "recursion limit"]),
            case(
                "other bytes",
                b"[{\"name\":\n\"Mu\xf1oz\"}]",
                &["not UTF-8 text (line 2", "save it as UTF-8"],
            ),
            case("UTF-16", b"\xff\xfe[\0]\0", &["not UTF-8 text (line 1"]),
            case(
                "a zone that there is not",
                with(r#""time_zone":"Pacific""#),
                &["time_zone: is \"Pacific\"; write a name"],
            ),
            case(
                "credentials as text",
                with(r#""credentials":"master""#),
                &["credentials: is text; write an object"],
            ),
            case(
                "a credential without a day",
                with(r#""credentials":{"master":"soon","Medical":"valid"}"#),
                &[
                    "credentials.master: has \"soon\" for a date",
                    "credentials.Medical: is no name of a credential",
                ],
            ),
            case(
                "a stranger to stay away from",
                with(r#""do_not_pair":[5]"#),
                &["do_not_pair: has a number"],
            ),
            case(
                "an attribute twice",
                r#"{"crew_id":"x","crew_id":"y"}"#,
                &["\"crew_id\" stands here twice"],
            ),
            case(
                "too large a number",
                with(r#""fee":123456789012345678901234567890"#),
                &["write it in quotes"],
            ),
            case("no id", r#"{"name":"X","rank":"host"}"#, &["row 1, crew_id: is missing; every"]),
            case("no name", r#"{"crew_id":"x","rank":"host"}"#, &["row 1 (x), name: is missing"]),
            case("no rank", r#"{"crew_id":"x","name":"X"}"#, &["row 1 (x), rank: is missing"]),
            case(
                "a space in an id",
                r#"{"crew_id":"d r","name":"X","rank":"host"}"#,
                &["row 1 (d r), crew_id", "letters, digits"],
            ),
            case("too long an id", long, &["65 characters", "at most 64"]),
            case(
                "a number as an id",
                r#"{"crew_id":7,"name":"X","rank":"host"}"#,
                &["crew_id: is a number; write it as text in quotes"],
            ),
            case(
                "another rank",
                r#"{"crew_id":"x","name":"X","rank":"admiral"}"#,
                &["row 1 (x), rank: is \"admiral\"; write one of captain, mate"],
            ),
            case(
                "no address",
                with(r#""email":"dana""#),
                &["row 2 (pat), email: is \"dana\"; write one address such as dana@example.com"],
            ),
            case(
                "a header in an address",
                with(r#""email":"a@example.com\r\nBcc: b@example.com""#),
                &["row 2 (pat), email"],
            ),
            case(
                "two addresses",
                with(r#""email":"a@example.com, b@example.com""#),
                &["row 2 (pat), email", "one address"],
            ),
            case(
                "words for a phone",
                with(r#""phone":"ask Dana""#),
                &["row 2 (pat), phone", "+1-619-555-0142"],
            ),
            case(
                "a name of two lines",
                r#"{"crew_id":"x","name":"A\nB","rank":"host"}"#,
                &["row 1 (x), name", "U+000A"],
            ),
            case(
                "a name that turns around",
                "{\"crew_id\":\"x\",\"name\":\"A\u{202e}B\",\"rank\":\"host\"}",
                &["U+202E"],
            ),
            case(
                "a negative place",
                with(r#""cascade_order":-1"#),
                &["row 2 (pat), cascade_order: is -1; write a whole number"],
            ),
            case(
                "a place of words",
                with(r#""cascade_order":"first""#),
                &["cascade_order", "1 for whoever is asked first"],
            ),
            case(
                "a short date",
                with(r#""availability":{"2099-6-27":"available"}"#),
                &["availability.2099-6-27", "write it as 2026-06-27"],
            ),
            case(
                "a date that is not",
                with(r#""availability":{"2099-02-30":"available"}"#),
                &["availability.2099-02-30"],
            ),
            case(
                "true for available",
                with(r#""availability":{"2099-06-27":true}"#),
                &["write \"available\" or \"unavailable\""],
            ),
            case(
                "a list of dates",
                with(r#""availability":["2099-06-27"]"#),
                &["availability: is a list; write an object of dates"],
            ),
            case(
                "too many dates",
                with(&format!(r#""availability":{{{}}}"#, dates.join(","))),
                &["1501 dates; at most 1500"],
            ),
            case(
                "strangers as crew",
                with(r#""paired_crew":["nobody"]"#),
                &["row 2 (pat), paired_crew: names nobody", "leave the id out"],
            ),
            case(
                "someone twice as crew",
                with(r#""paired_crew":["ok","ok"]"#),
                &["paired_crew: names ok twice"],
            ),
            case(
                "text as crew",
                with(r#""paired_crew":"ok""#),
                &["paired_crew: is text; write a list of crew ids"],
            ),
            case(
                "a host with crew",
                r#"{"crew_id":"x","name":"X","rank":"host","paired_crew":["dana-reyes"]}"#,
                &["only captains"],
            ),
            case("too large a record", heavy, &["row 2 (pat), record", "at most 65536"]),
            case(
                "a person twice",
                r#"[{"crew_id":"x","name":"X","rank":"host"},{"crew_id":"x","name":"Y","rank":"host"}]"#,
                &["row 2 (x), crew_id", "twice; keep one"],
            ),
            case(
                "several faults",
                with(r#""email":"x","phone":"x""#),
                &["2 faults", "row 2 (pat), email", "row 2 (pat), phone"],
            ),
        ],
        |home, case| home.feed(&["roster", "import", "-", "--format", "json"], &case.input),
    );
}

#[test]
fn rosters_in_csv() {
    refuse_all(
        vec![
            case(
                "other columns",
                "a,b\n1,2\n",
                &["row 1: there is no column crew_id", "the first line names the columns"],
            ),
            case("semicolons", "crew_id;name;rank\nx;X;host\n", &["separate the columns by commas"]),
            case(
                "a column twice",
                "crew_id,name,rank,Name\n",
                &["row 1, column 4: \"Name\" is column 2 already"],
            ),
            case("a column without heading", "crew_id,name,,rank\n", &["row 1, column 3: has no heading"]),
            case(
                "an American date",
                "crew_id,name,rank,6/27/2099\n",
                &["column 4: has \"6/27/2099\" for a date; write it as 2026-06-27"],
            ),
            case(
                "a date twice",
                "crew_id,name,rank,2099-06-27,availability.2099-06-27\n",
                &["column 5", "keep one"],
            ),
            case("availability in one column", "crew_id,name,rank,availability\n", &["a column of its own"]),
            case(
                "too few cells",
                "crew_id,name,rank\nx,X\n",
                &["row 2 (x), record: has 2 cells where the first line has 3"],
            ),
            case(
                "a comma in a name",
                "crew_id,name,rank\nx,Reyes, Dana,host\n",
                &["has 4 cells", "double quotes"],
            ),
            case("an open quote", "crew_id,name,rank\nx,\"X,host\ny,Y,host\n", &["row 2", "has 2 cells"]),
            case("other bytes", b"crew_id,name,rank\nx,Mu\xf1oz,host\n", &["(line 2", "CSV UTF-8"]),
            case("no name", "crew_id,name,rank\n\n\nx,,host\n", &["row 4 (x), name: is missing"]),
            case(
                "a stranger without a name",
                "crew_id,2099-06-27\ndana-reyes,available\ndana-reys,available\n",
                &["2 faults", "row 3 (dana-reys), name: is missing; nobody on the roster has this id"],
            ),
            case(
                "a captain of old with a usual crew",
                "crew_id,rank\ndana-reyes,mate\n",
                &["row 2 (dana-reyes), paired_crew", "a JSON record can take out"],
            ),
            case("no id", "crew_id,name,rank\n,X,host\n", &["row 2, crew_id: is missing"]),
            case(
                "another rank",
                "crew_id,name,rank\nx,X,skipper\n",
                &["row 2 (x), rank: is \"skipper\"; write one of"],
            ),
            case(
                "no address",
                "crew_id,name,rank,email\na,A,host,\nx,X,host,dana\n",
                &["row 3 (x), email: is \"dana\""],
            ),
            case(
                "a fraction as place",
                "crew_id,name,rank,cascade_order\nx,X,host,1.5\n",
                &["row 2 (x), cascade_order"],
            ),
            case(
                "strangers as crew",
                "crew_id,name,rank,paired_crew\nx,X,captain,lee-park;nobody\n",
                &["row 2 (x), paired_crew: names nobody"],
            ),
            case(
                "a person twice",
                "crew_id,name,rank\nx,X,host\nx,X,host\n",
                &["row 3 (x), crew_id", "twice"],
            ),
        ],
        |home, case| home.feed(&["roster", "import", "-", "--format", "csv"], &case.input),
    );
}

#[test]
fn roster_files_that_are_none() {
    let home = Home::with_charter();
    let before = home.data();
    let said = home.run(&["roster", "import", "gone.json"]).failed(1);
    assert!(said.contains("there is no file gone.json; check"), "{said}");
    let said = home.run(&["roster", "import", "."]).failed(1);
    assert!(said.contains(". is a directory; name a file in it"), "{said}");
    let large = home.write("large.json", "");
    std::fs::File::options().write(true).open(&large).unwrap().set_len(32 * 1024 * 1024 + 1).unwrap();
    let said = home.run(&["roster", "import", "large.json"]).failed(1);
    assert!(said.contains("large.json has more than 33554432 bytes") && said.contains("split it"), "{said}");
    assert_eq!(home.data(), before);
}
