//! Names and remarks that try to be something else: 20,000 of them, in every place of both workbooks and of the CSV.

use calamine::{Data, Reader, Xlsx};
use crewcall::statement;
use crewcall::workbook::pay::{self, Heading};
use crewcall_dispatch::model::{Amount, Money};
use crewcall_dispatch::statement::{
    Acceptance, Account, Adjustment, Draft, How, Line, OpenSail, Owed, Parts, Statement, Why,
};
use jiff::tz::TimeZone;

const STRINGS: usize = 20_000;
/// People in one month, and what each has.
const PEOPLE: usize = 4;
const LINES: usize = 40;
const ADJUSTMENTS: usize = 21;
const LATER: usize = 5;
const OPEN: usize = 5;
/// Strings in one month.
const IN_ONE: usize = PEOPLE * (2 + LINES + 2 * ADJUSTMENTS + LATER + OPEN);

/// Beginnings, middles and ends of what spreadsheets, XML and terminals take for something else, put together by number.
fn hostile(n: usize) -> String {
    const BEGIN: [&str; 20] = [
        "=",
        "+",
        "-",
        "@",
        "\t=",
        "\r\n=",
        " =",
        "'=",
        "＝",
        "{=",
        "=cmd|'/C calc'!A0",
        "_x003D_",
        "\u{0}=",
        "\u{FFFE}",
        "\u{202E}",
        "<f>",
        "]]>",
        "&#61;",
        "\u{1F6A9}",
        "",
    ];
    const MIDDLE: [&str; 20] = [
        "1+1",
        "HYPERLINK(\"http://example.com\",\"x\")",
        "SUM(A1:A9)",
        "IMPORTDATA(\"http://example.com\")",
        "A1",
        "DDE(\"cmd\";\"/C calc\";\"x\")",
        "#REF!",
        "TRUE",
        "0x41",
        "1e308",
        "_x0000_",
        "_x005F_",
        "</t></is></c>",
        "\"'`",
        "<script>",
        "%0A",
        "\u{1}\u{2}\u{1F}",
        "é\u{301}\u{200B}",
        "長い名前",
        "x",
    ];
    const END: [&str; 10] = ["", "}", "'", "\n", "\t", " ", "&", "\u{FFFF}", "\u{85}", "\\"];
    format!("{}{}{} {n}", BEGIN[n % 20], MIDDLE[n / 20 % 20], END[n / 400 % 10])
}

/// A month in which everything that anybody can write is one of them.
fn month(first: usize) -> Draft {
    let mut next = first..;
    let mut word = || hostile(next.next().unwrap());
    let line = |who: usize, no: usize, vessel: String| Line {
        date: "2026-06-27".parse().unwrap(),
        charter_id: format!("charter-{who}-{no}").parse().unwrap(),
        vessel,
        position: "deckhand".parse().unwrap(),
        worked: None,
        hourly: None,
        share: None,
        parts: Parts { flat: Amount::from_cents(100), ..Parts::default() },
        rules: vec![1],
        accepted: Some(Acceptance {
            seq: 2,
            at: "2026-06-01T12:00:00Z".parse().unwrap(),
            via: "page".into(),
            how: How::Accepted,
        }),
    };
    let adjustment = |reason: String, by: String| Adjustment {
        amount: Amount::from_cents(-5),
        why: Why::ByHand { no: 1, reason, by, on: "2026-06-27".parse().unwrap() },
    };
    let later = |vessel: String| Adjustment {
        amount: Amount::from_cents(-5),
        why: Why::Later {
            charter_id: "earlier".parse().unwrap(),
            date: "2026-05-27".parse().unwrap(),
            vessel,
            parts: Parts { flat: Amount::from_cents(-5), ..Parts::default() },
            owed: Owed::NotSailed,
            line: None,
        },
    };
    let open = |vessel: String| OpenSail {
        date: "2026-06-28".parse().unwrap(),
        charter_id: "open".parse().unwrap(),
        vessel,
    };
    let mut statements = Vec::new();
    for who in 0..PEOPLE {
        let mut adjustments: Vec<Adjustment> = (0..ADJUSTMENTS).map(|_| adjustment(word(), word())).collect();
        adjustments.extend((0..LATER).map(|_| later(word())));
        statements.push(Statement {
            month: "2026-06".parse().unwrap(),
            crew_id: format!("crew-{who}").parse().unwrap(),
            name: word(),
            lines: (0..LINES).map(|no| line(who, no, word())).collect(),
            adjustments,
            rules: vec![word()],
            open: (0..OPEN).map(|_| open(word())).collect(),
            earlier_this_year: Amount::ZERO,
            last_month: None,
        });
    }
    let of_charter = |line: &Line| Account {
        date: line.date,
        charter_id: line.charter_id.clone(),
        vessel: line.vessel.clone(),
        guests: 6,
        gross_revenue: Some("100.00".parse::<Money>().unwrap()),
        channel_fee: None,
        gratuity: None,
        crew_cost: Amount::from_cents(100),
        open: Vec::new(),
        remarks: Vec::new(),
    };
    let accounts =
        statements.iter().flat_map(|statement| &statement.lines).step_by(LINES / 3).map(of_charter).collect();
    let month = "2026-06".parse().unwrap();
    Draft { month, statements, accounts, still_open: Vec::new(), changed: Vec::new(), last_month: None }
}

/// Every formula that is our own is one of a few functions of cells and numbers, or a cell of a tab whose name is quoted. None
/// has a space, and each hostile string has one.
fn is_ours(formula: &str) -> bool {
    let plain = |text: &str| {
        text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"()+-*/,.:=".contains(&b))
    };
    let of_tab = formula.strip_prefix('\'').and_then(|rest| rest.rsplit_once("'!"));
    match of_tab {
        Some((tab, cell)) => !tab.contains('\'') && plain(cell),
        None => {
            ["ROUND(", "SUM(", "MAX(0,", "IF("].iter().any(|ours| formula.starts_with(ours)) && plain(formula)
        }
    }
}

/// Every text of a workbook, once it was read by a reader that others wrote, with no formula but ours in it.
fn texts(bytes: Vec<u8>) -> Vec<String> {
    let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let mut texts = Vec::new();
    for name in book.sheet_names() {
        for (row, column, formula) in book.worksheet_formula(&name).unwrap().used_cells() {
            assert!(formula.is_empty() || is_ours(formula), "{name} {row} {column}: {formula}");
        }
        for (_, _, cell) in book.worksheet_range(&name).unwrap().used_cells() {
            match cell {
                Data::String(text) => texts.push(text.clone()),
                Data::Error(error) => panic!("{name} has {error:?}"),
                _ => {}
            }
        }
    }
    texts
}

#[test]
fn hostile_names_and_remarks_stay_text() {
    let zone = TimeZone::UTC;
    let at = "2026-07-01T12:00:00Z".parse().unwrap();
    for first in (0..STRINGS).step_by(IN_ONE) {
        let draft = month(first);
        let (operator, by) = (hostile(first + 7), hostile(first + 8));
        let heading =
            Heading { operator: &operator, currency: "USD", zone: &zone, approved: Some((at, &by)), at };
        let owner = texts(pay::month(&draft, &heading).unwrap());
        // Two signs are none of XML.
        let shown = |text: &str| text.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}");
        let has = |texts: &[String], word: &str| {
            let word = shown(word);
            assert!(texts.iter().any(|text| text.contains(&word)), "{word:?}");
        };
        for statement in &draft.statements {
            let own = texts(pay::statement(statement, &heading).unwrap());
            for one in &statement.adjustments {
                match &one.why {
                    Why::ByHand { reason, by, .. } => {
                        has(&own, reason);
                        has(&own, by);
                        has(&owner, reason);
                    }
                    Why::Later { vessel, .. } => has(&own, vessel),
                    Why::CarriedOver { .. } => unreachable!(),
                }
            }
            let vessels = statement.lines.iter().map(|line| &line.vessel);
            for word in vessels.chain(statement.open.iter().map(|open| &open.vessel)) {
                has(&own, word);
            }
            for word in [&statement.name, &statement.rules[0], &operator, &by] {
                has(&own, word);
                has(&owner, word);
            }
        }
        let csv = statement::csv(&draft, false, None).unwrap();
        let rows: Vec<csv::StringRecord> =
            csv::Reader::from_reader(&csv[..]).into_records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), PEOPLE);
        for (row, statement) in rows.iter().zip(&draft.statements) {
            assert_eq!(
                row[2].strip_prefix('\'').unwrap_or(&row[2]),
                statement.name.strip_prefix('\'').unwrap_or(&statement.name)
            );
            assert!(!row[2].starts_with(['=', '+', '-', '@', '\t', '\r']), "{row:?}");
        }
    }
}
