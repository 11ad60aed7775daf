//! What one sail pays.

use crewcall_dispatch::model::Minutes;
use crewcall_dispatch::statement::{Base, Hourly, How, PayRule, Remark, Split, Way};

use crate::payroll::{Office, amount, money, of, rule, share};

#[test]
fn a_sail_pays_each_by_the_rule_for_them() {
    let mut office = Office::new();
    office.sail("a", "2026-06-14T16:00:00-07:00");
    let draft = office.draft("2026-06");
    let (dana, lee) = (of(&draft, "dana"), of(&draft, "lee"));
    assert_eq!((dana.total(), lee.total()), (amount("195.00"), amount("105.00")));
    assert_eq!((dana.name.as_str(), lee.name.as_str()), ("Dana Reyes", "lee"));
    assert_eq!(
        dana.rules,
        ["captain: 150.00 a sail (from 2026-01-01)", "tips: the gratuity is split equally (from 2026-01-01)"]
    );
    assert_eq!(
        lee.rules[0],
        "deckhand: 20.00 an hour, rounded half up to 15 min, at least 3:00 h (from 2026-01-01)"
    );
    assert_eq!((lee.lines[0].parts.hourly, lee.lines[0].parts.gratuity), (amount("60.00"), amount("45.00")));
    let accepted = lee.lines[0].accepted.as_ref().unwrap();
    assert_eq!((accepted.seq, accepted.via.as_str(), accepted.how), (3, "page", How::Assigned));
    let account = &draft.accounts[0];
    assert_eq!((account.crew_cost, account.margin()), (amount("210.00"), Some(amount("690.00"))));
    assert_eq!(account.remarks, []);
}

#[test]
fn hours_below_the_minimum_are_paid_as_the_minimum_and_others_by_the_step() {
    let mut office = Office::new();
    office.sail("a", "2026-06-14T16:00:00-07:00");
    for (worked, hours, pay) in
        [("0:00", "3:00", "60.00"), ("3:07", "3:00", "60.00"), ("3:08", "3:15", "65.00")]
    {
        office.came_to("a", "0.00", worked);
        let draft = office.draft("2026-06");
        let line = &of(&draft, "lee").lines[0];
        assert_eq!(
            (line.hourly.unwrap().paid.to_string().as_str(), line.parts.total()),
            (hours, amount(pay))
        );
        assert_eq!(line.worked.unwrap().to_string(), worked);
    }
}

#[test]
fn whoever_worked_shorter_is_paid_for_that() {
    let mut office = Office::new();
    office.rules.gratuity[0].split = Split::ByHours;
    office.sail("a", "2026-06-14T16:00:00-07:00");
    office.came_to("a", "100.00", "6:00");
    office.state("a").figures.hours_of.insert("lee".parse().unwrap(), Minutes(240));
    let draft = office.draft("2026-06");
    assert_eq!(of(&draft, "dana").lines[0].parts.gratuity, amount("60.00"));
    assert_eq!(of(&draft, "lee").lines[0].parts.gratuity, amount("40.00"));
    assert_eq!(of(&draft, "lee").lines[0].parts.hourly, amount("80.00"));
}

#[test]
fn a_gratuity_is_split_by_the_weight_of_the_rank() {
    let mut office = Office::new();
    office.rules.gratuity[0].split = Split::ByRank([("captain".parse().unwrap(), 2)].into());
    office.sail("a", "2026-06-14T16:00:00-07:00");
    office.came_to("a", "100.00", "3:00");
    let draft = office.draft("2026-06");
    assert_eq!(of(&draft, "dana").lines[0].parts.gratuity, amount("66.67"));
    assert_eq!(of(&draft, "lee").lines[0].parts.gratuity, amount("33.33"));
}

#[test]
fn a_share_is_of_the_gross_or_of_what_is_left_after_the_fee() {
    let mut office = Office::new();
    for (base, pay) in [(Base::Gross, "125.00"), (Base::Net, "112.50")] {
        office.rules.pay[0] = PayRule { share: share("12.5%", base), ..rule("captain") };
        office.sail("a", "2026-06-14T16:00:00-07:00");
        let draft = office.draft("2026-06");
        assert_eq!(of(&draft, "dana").lines[0].parts.share, amount(pay));
    }
    // Half a cent is rounded away from nothing, also where the fee is above the revenue.
    office.rules.pay[0] = PayRule { share: share("50%", Base::Net), ..rule("captain") };
    office.state("a").figures.gross_revenue = Some(money("100.01"));
    assert_eq!(of(&office.draft("2026-06"), "dana").lines[0].parts.share, amount("0.01"));
    office.state("a").figures.gross_revenue = Some(money("99.99"));
    assert_eq!(of(&office.draft("2026-06"), "dana").lines[0].parts.share, amount("-0.01"));
}

#[test]
fn parts_of_a_rule_add_up() {
    let mut office = Office::new();
    let hourly = Hourly { rate: money("33.33"), minimum: Minutes(0), step: Minutes(1), way: Way::Up };
    office.rules.pay[0] = PayRule {
        per_sail: Some(money("10.00")),
        hourly: Some(hourly),
        share: share("1%", Base::Gross),
        ..rule("captain")
    };
    office.sail("a", "2026-06-14T16:00:00-07:00");
    office.came_to("a", "0.00", "1:01");
    let parts = of(&office.draft("2026-06"), "dana").lines[0].parts;
    // 61 minutes of 33.33 are 33.8855.
    assert_eq!((parts.flat, parts.hourly, parts.share), (amount("10.00"), amount("33.89"), amount("10.00")));
    assert_eq!(parts.total(), amount("53.89"));
}

#[test]
fn a_charter_without_the_figures_that_it_needs_is_open_and_not_guessed() {
    let mut office = Office::new();
    office.rules.pay[0] = PayRule { share: share("5%", Base::Net), ..rule("captain") };
    office.sail_with(
        "a",
        "2026-06-14T16:00:00-07:00",
        &[("dana", "captain"), ("lee", "deckhand"), ("zoe", "host")],
    );
    office.state("a").charter.gross_revenue = None;
    office.state("a").charter.channel_fee = None;
    let draft = office.draft("2026-06");
    // They read in their statements that it is still to come.
    for who in ["dana", "lee", "zoe"] {
        let statement = of(&draft, who);
        assert_eq!((statement.lines.len(), statement.open.len()), (0, 1), "{who}");
        assert_eq!(statement.total(), amount("0.00"));
    }
    let why: Vec<String> = draft.accounts[0].open.iter().map(ToString::to_string).collect();
    assert_eq!(
        why,
        [
            "the hours worked are missing",
            "the gross revenue is missing",
            "the channel fee is missing (0.00 if there is none)",
            "the gratuity is missing (0.00 if there was none)",
            "no rule of [pay.rules] says what zoe is paid as host",
        ]
    );
    assert_eq!(draft.accounts[0].margin(), None);
}

#[test]
fn a_gratuity_for_which_there_is_no_rule_or_nobody_is_open() {
    let mut office = Office::new();
    office.sail_with("a", "2026-06-14T16:00:00-07:00", &[]);
    office.came_to("a", "50.00", "3:00");
    assert_eq!(
        office.draft("2026-06").accounts[0].open[0].to_string(),
        "nobody is there to have its gratuity"
    );
    office.sail_with("b", "2026-06-15T16:00:00-07:00", &[("dana", "captain")]);
    office.came_to("b", "50.00", "0:00");
    office.rules.gratuity[0].split = Split::ByHours;
    let open = &office.draft("2026-06").accounts[1].open[0];
    assert_eq!(
        open.to_string(),
        "its gratuity is split by hours, and nobody worked for any; correct the hours"
    );
    office.rules.gratuity[0].split = Split::ByRank([("captain".parse().unwrap(), 0)].into());
    let open = &office.draft("2026-06").accounts[1].open[0];
    assert!(open.to_string().contains("nobody sailed in a position with any weight"));
    office.rules.gratuity.clear();
    let open = &office.draft("2026-06").accounts[0].open[0];
    assert_eq!(open.to_string(), "no rule of [pay.gratuity] says how its gratuity is split");
    office.came_to("a", "0.00", "3:00");
    assert_eq!(office.draft("2026-06").accounts[0].open, []);
}

#[test]
fn what_needs_a_look_is_said_of_a_charter_that_is_paid() {
    let mut office = Office::new();
    office.sail("a", "2026-06-14T16:00:00-07:00");
    office.sail("b", "2026-06-15T16:00:00-07:00");
    office.record("a", serde_json::json!({ "fact": "dropped_out", "offer": 2 }));
    office.state("a").figures.gross_revenue = Some(money("120.00"));
    let draft = office.draft("2026-06");
    assert_eq!(
        draft.accounts[0].remarks,
        [Remark::EmptySeats { position: "deckhand".parse().unwrap(), seats: 1 }, Remark::Loss]
    );
    assert_eq!(draft.accounts[1].remarks, []);
    assert!(of(&draft, "lee").lines.iter().all(|line| line.charter_id.as_str() == "b"));
}
