//! `crewcall statement`: a month is looked at, approved and sent, and the commands around it.

use std::sync::Arc;

use crewcall::app::{App, Caller};
use crewcall::clock::MovableClock;
use crewcall::config::Config;
use crewcall_dispatch::cascade::{Actor, Command};
use crewcall_dispatch::model::{Booking, Month};
use jiff::civil::Date;
use jiff::{ToSpan, Zoned};
use serde_json::json;

use super::Home;
use super::home::{ROSTER, SETTINGS};

const PAY: &str = r#"
[pay]
owner = "Pat Cole <pat@example.com>"
[pay.rules.captain]
position = "captain"
from = "2020-01-01"
per_sail = "100.00"
[pay.rules.deckhand]
position = "deckhand"
from = "2020-01-01"
per_hour = "20.00"
[pay.gratuity.all]
from = "2020-01-01"
split = "equal"
"#;

/// The month before this one.
fn last_month() -> Month {
    Month::of(Zoned::now().date()).plus(-1)
}

/// An office whose Dana and Lee have sailed on the tenth of last month.
async fn sailed(pay: &str) -> Home {
    let home = Home::new();
    home.write("crewcall.toml", format!("{SETTINGS}{pay}"));
    home.write("roster.json", ROSTER);
    home.run(&["roster", "import", "roster.json"]).done();
    let config = Config::load(&home.path().join("crewcall.toml")).unwrap();
    let now = config.open_app().await.unwrap();
    let date: Date = last_month().first() + 9.days();
    let clock = MovableClock::frozen(format!("{date}T09:00:00-08:00").parse().unwrap());
    let app = App::new(now.store.clone(), Arc::new(clock), now.operator.clone());
    let pat = Caller::new(Actor::Office("Pat".into()), "test");
    let at = |hour: u8| format!("{date}T{hour:02}:00:00-08:00");
    let booking: Booking = serde_json::from_value(json!({
        "charter_id": "harbor_tour", "vessel": "America", "departs_at": at(16), "returns_at": at(19),
        "call_time": at(15), "dock": "pier 3", "guests": 6, "gross_revenue": "1000.00", "channel_fee": "100.00",
        "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 1 }],
    }))
    .unwrap();
    let charter = booking.check(&app.operator.zone).unwrap();
    let id = charter.charter_id.clone();
    app.book(charter, &pat).await.unwrap();
    for (position, crew_id) in [("captain", "dana-reyes"), ("deckhand", "lee-park")] {
        let (position, crew_id) = (position.parse().unwrap(), crew_id.parse().unwrap());
        let reason = "as agreed".to_owned();
        app.run(&id, &Command::Assign { position, crew_id, reason }, &pat).await.unwrap();
    }
    home
}

#[tokio::test]
async fn a_month_is_looked_at_approved_and_sent() {
    let home = sailed(PAY).await;
    let month = last_month().to_string();
    let statement = |args: &[&str]| home.run(&[&["statement", month.as_str()], args].concat());

    // Nothing is guessed, and nothing written by looking.
    let said = statement(&["--dry-run"]).done();
    assert!(said.contains("the hours worked are missing; the gratuity is missing"), "{said}");
    home.run(&["charter", "figures", "harbor_tour", "--gratuity", "91.00", "--hours", "3:30"]).done();
    let bonus = ["statement", "bonus", month.as_str(), "dana-reyes", "12.50", "--reason", "short notice"];
    home.run(&bonus).done();
    let before = home.data();
    let said = statement(&["--dry-run"]).done();
    for words in [
        "158.00",
        "115.50",
        "In all 273.50 USD for 1 charter, 91.00 of it gratuities",
        "entry 1: short notice",
        "--approve",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(home.data(), before);

    // The workbooks, and the table for payroll programs.
    let said = statement(&["--out", "books"]).done();
    assert!(said.contains("3 workbooks are in books."), "{said}");
    let mut books: Vec<String> = std::fs::read_dir(home.path().join("books"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    books.sort();
    let of = |who: &str| format!("statement-{month}-{who}.xlsx");
    assert_eq!(books, [format!("crew-pay-{month}.xlsx"), of("dana-reyes"), of("lee-park")]);
    // What an earlier run left is named.
    home.write("books/statement-old.xlsx", "");
    home.write(&format!("books/statement-{month}-gone.xlsx"), "");
    let said = statement(&["--out", "books"]).done();
    assert!(said.contains(&format!("nobody's statement now: statement-{month}-gone.xlsx.")), "{said}");
    let csv = statement(&["--csv"]).done();
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 3);
    assert!(
        rows[2].starts_with(&format!("{month},lee-park,Lee Park,1,3.50,0.00,70.00,0.00,45.50,0.00,115.50"))
    );

    // Sent before it is approved it is not; approved, it is locked.
    let said = statement(&["--send"]).failed(1);
    assert!(said.contains(&format!("{month} is not approved")), "{said}");
    let shown = statement(&["--approve", "--by", "Pat Lane", "--json"]).json();
    assert_eq!((&shown["approved"]["by"], &shown["totals"]["paid"]), (&json!("Pat Lane"), &json!("273.50")));
    let said = home.run(&bonus).failed(1);
    assert!(said.contains("is approved"), "{said}");

    let said = home.run(&["charter", "figures", "harbor_tour", "--gratuity", "91.00"]).done();
    assert!(said.contains("is an adjustment in the next month that is approved"), "{said}");

    // Each has their own, and nobody has it twice.
    let found = home.run(&["doctor"]).done();
    assert!(found.contains(&format!("4 mails of {month} have not left")), "{found}");
    let said = statement(&["--send"]).done();
    assert!(
        said.contains("sent to dana@example.com") && said.contains("Mail to the owner: sent to"),
        "{said}"
    );
    let found = home.run(&["doctor"]).done();
    assert!(!found.contains("have not left"), "{found}");
    let mails = home.mails().len();
    statement(&["--send"]).done();
    assert_eq!(home.mails().len(), mails);
    let to = |who: &str, words: &str| {
        let theirs = home.mails();
        let theirs = theirs.iter().filter(|mail| mail.starts_with(who) && mail.contains(words));
        assert_eq!(theirs.count(), 1, "{who}");
    };
    to("dana@example.com", "158.00 USD");
    to("lee@example.com", "115.50 USD");
    to("pat@example.com", "273.50 USD");
    to("office@example.com", "Lee Park: 115.50 USD");

    let told = home.run(&["statement", "history", month.as_str()]).done();
    for words in
        ["entry 1: 12.50 for dana-reyes", "approved: 273.50 for 2 people", "mail to the owner sent to"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[tokio::test]
async fn what_cannot_be_done_with_a_month_says_what_to_do() {
    let home = sailed(PAY).await;
    let this = last_month().plus(1).to_string();
    let last = last_month().to_string();
    for (args, code, words) in [
        (&["statement", "june"][..], 2, "2026-06"),
        (&["statement", &this, "--approve"], 1, "is not over before"),
        (&["statement", &last, "--crew", "kim-ono"], 1, "kim-ono has no statement"),
        (&["statement", "bonus", &last, "nobody", "5.00", "--reason", "x"], 1, "`crewcall roster list`"),
        (&["statement", "bonus", &last, "lee-park", "-5.00", "--reason", "x"], 2, "amount"),
        (&["statement", "take-back", &last, "7"], 1, "no bonus or deduction number 7"),
        (&["statement", "settle", &last, "+owner", "arrived"], 1, "is not in doubt"),
    ] {
        let said = home.run(args).failed(code);
        assert!(said.contains(words), "{args:?}: {said}");
    }
}

#[tokio::test]
async fn doctor_names_rules_of_pay_for_whom_and_what_nobody_knows() {
    let strange = format!(
        "{PAY}\n[pay.rules.gene]\ncrew = \"gene-hart\"\nfrom = \"2020-01-01\"\nper_sail = \"1.00\"\n\
         [pay.gratuity.bounty]\nvessel = \"Amerca\"\nfrom = \"2020-01-01\"\nsplit = \"hours\"\n"
    );
    let said = sailed(&strange).await.run(&["doctor"]).done();
    assert!(said.contains("[pay.rules.gene] is for gene-hart, who is not on the roster"), "{said}");
    assert!(
        said.contains("[pay.gratuity.bounty] is for the vessel \"Amerca\"")
            && said.contains("there are America")
    );
    let said = sailed(PAY).await.run(&["doctor"]).done();
    assert!(said.contains("the 3 rules are for people and vessels that there are"), "{said}");
}
