//! Names and remarks that try to be something else: 20,000 of them, in every place of both workbooks and of the CSV.

use std::collections::HashSet;

use calamine::{Data, Reader, Xlsx};
use crewcall::workbook::pay::{self, Heading};
use crewcall_dispatch::model::{Amount, Money};
use crewcall_dispatch::statement::{
    Acceptance, Account, Adjustment, Draft, How, Line, Parts, Statement, Why,
};
use jiff::tz::TimeZone;

const STRINGS: usize = 20_000;
/// People in one month, and what each has.
const PEOPLE: usize = 4;
const LINES: usize = 40;
const ADJUSTMENTS: usize = 21;
/// Strings in one month.
const IN_ONE: usize = PEOPLE * (2 + 2 * LINES + 2 * ADJUSTMENTS);

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
    let line = |who: usize, no: usize, vessel: String, via: String| Line {
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
            via,
            how: How::Accepted,
        }),
    };
    let adjustment = |reason: String, by: String| Adjustment {
        amount: Amount::from_cents(-5),
        why: Why::ByHand { no: 1, reason, by, on: "2026-06-27".parse().unwrap() },
    };
    let statements: Vec<Statement> = (0..PEOPLE)
        .map(|who| Statement {
            month: "2026-06".parse().unwrap(),
            crew_id: format!("crew-{who}").parse().unwrap(),
            name: word(),
            lines: (0..LINES).map(|no| line(who, no, word(), word())).collect(),
            adjustments: (0..ADJUSTMENTS).map(|_| adjustment(word(), word())).collect(),
            rules: vec![word()],
            open: Vec::new(),
            earlier_this_year: Amount::ZERO,
            last_month: None,
        })
        .collect();
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

/// Every formula that is our own is one of these: two functions, or a cell of a tab whose name is quoted.
fn is_ours(formula: &str) -> bool {
    let cell =
        |cell: &str| cell.len() <= 8 && cell.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let of_tab = formula.strip_prefix('\'').and_then(|rest| rest.rsplit_once("'!"));
    ["ROUND(", "SUM(", "MAX(0,"].iter().any(|ours| formula.starts_with(ours))
        || formula.starts_with("IF(")
        || of_tab.is_some_and(|(tab, at)| !tab.contains('\'') && cell(at))
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
        for statement in &draft.statements {
            assert!(owner.contains(&shown(&statement.name)), "{:?}", statement.name);
            let own: HashSet<String> =
                texts(pay::statement(statement, &heading).unwrap()).into_iter().collect();
            let reasons = statement.adjustments.iter().map(|one| match &one.why {
                Why::ByHand { reason, .. } => reason,
                _ => unreachable!(),
            });
            for word in statement.lines.iter().map(|line| &line.vessel).chain(reasons) {
                assert!(own.contains(&shown(word)), "{word:?}");
            }
        }
    }
}
