//! What holds for every month, whatever happens in it.

use crewcall_dispatch::model::{Amount, Minutes};
use crewcall_dispatch::statement::{
    Base, Draft, GratuityRule, Hourly, PayRule, Percent, Share, Split, Statement, Way,
};
use proptest::prelude::*;

use crate::payroll::{Office, money, rule, scope};

/// A sail: day, gratuity in cents, minutes worked, minutes of the last one aboard.
type Sail = (i8, u32, u32, u32);

fn rules() -> impl Strategy<Value = (Vec<PayRule>, Vec<GratuityRule>)> {
    let way = prop_oneof![Just(Way::Up), Just(Way::Nearest), Just(Way::Down)];
    let hourly = (1u32..10_000, 0u32..300, 1u32..=60, way).prop_map(|(rate, minimum, step, way)| Hourly {
        rate: cents(rate),
        minimum: Minutes(minimum),
        step: Minutes(step),
        way,
    });
    let share = (0u32..=1_000_000, any::<bool>())
        .prop_map(|(part, net)| Share { part: Percent(part), of: if net { Base::Net } else { Base::Gross } });
    let flat = (0u32..100_000).prop_map(cents);
    let pay = |position: &'static str| {
        let parts = (
            prop::option::of(flat.clone()),
            prop::option::of(hourly.clone()),
            prop::option::of(share.clone()),
        );
        parts.prop_map(move |(per_sail, hourly, share)| PayRule { per_sail, hourly, share, ..rule(position) })
    };
    let split = prop_oneof![
        Just(Split::Equal),
        Just(Split::ByHours),
        (0u32..9, 0u32..9).prop_map(|(one, other)| Split::ByRank(
            [("captain".parse().unwrap(), one), ("deckhand".parse().unwrap(), other)].into()
        )),
    ];
    let gratuity = split.prop_map(|split| vec![GratuityRule { scope: scope("tips"), split }]);
    ((pay("captain"), pay("deckhand")).prop_map(|(one, other)| vec![one, other]), gratuity)
}

fn cents(cents: u32) -> crewcall_dispatch::model::Money {
    money(&format!("{}.{:02}", cents / 100, cents % 100))
}

fn office(sails: &[Sail], pay: Vec<PayRule>, gratuity: Vec<GratuityRule>) -> Office {
    let mut office = Office::new();
    office.rules.pay = pay;
    office.rules.gratuity = gratuity;
    for (no, (day, gratuity, worked, last)) in sails.iter().enumerate() {
        let (id, crew) = (format!("c{no}"), [("dana", "captain"), ("lee", "deckhand"), ("sam", "deckhand")]);
        office.sail_with(&id, &format!("2026-06-{day:02}T16:00:00-07:00"), &crew);
        figures(&mut office, &id, *gratuity, *worked, *last);
    }
    office
}

fn figures(office: &mut Office, id: &str, gratuity: u32, worked: u32, last: u32) {
    let figures = &mut office.state(id).figures;
    figures.gratuity = Some(cents(gratuity));
    figures.actual_hours = Some(Minutes(worked));
    figures.hours_of.insert("sam".parse().unwrap(), Minutes(last));
}

/// What must hold of every draft.
fn adds_up(draft: &Draft) -> Result<(), TestCaseError> {
    for statement in &draft.statements {
        let lines: Amount = statement.lines.iter().map(|line| line.parts.total()).sum();
        prop_assert_eq!(lines + statement.adjusted(), statement.total());
        for line in &statement.lines {
            prop_assert_eq!(line.hourly.map_or(Amount::ZERO, |hourly| hourly.amount()), line.parts.hourly);
            prop_assert_eq!(line.share.map_or(Amount::ZERO, |share| share.amount()), line.parts.share);
        }
    }
    for account in &draft.accounts {
        let of_charter = |statement: &Statement| -> Vec<_> {
            statement
                .lines
                .iter()
                .filter(|line| line.charter_id == account.charter_id)
                .map(|line| line.parts)
                .collect()
        };
        let parts: Vec<_> = draft.statements.iter().flat_map(of_charter).collect();
        let wage: Amount = parts.iter().map(|parts| parts.wage()).sum();
        prop_assert_eq!(wage, account.crew_cost);
        let gratuity: Amount = parts.iter().map(|parts| parts.gratuity).sum();
        let given = if account.open.is_empty() { account.gratuity.unwrap().into() } else { Amount::ZERO };
        prop_assert_eq!(gratuity, given, "what the guests gave goes to the crew, to the cent");
    }
    Ok(())
}

/// What it all comes to; what is below nothing is carried over.
fn paid(drafts: &[&Draft]) -> Amount {
    drafts.iter().flat_map(|draft| &draft.statements).map(Statement::total).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn lines_add_up_to_the_total_in_every_rounding(
        sails in prop::collection::vec((1i8..=30, 0u32..200_000, 0u32..900, 0u32..900), 0..8),
        (pay, gratuity) in rules(),
    ) {
        let office = office(&sails, pay, gratuity);
        let draft = office.draft("2026-06");
        adds_up(&draft)?;
        prop_assert_eq!(&office.draft("2026-06"), &draft, "a rerun is the same");
    }

    /// However often figures change after they were paid, in the end everyone has what the last ones say.
    #[test]
    fn in_the_end_everyone_has_been_paid_what_is_due(
        first in prop::collection::vec((1i8..=30, 0u32..200_000, 0u32..900, 0u32..900), 1..6),
        later in prop::collection::vec((0usize..6, 0u32..200_000, 0u32..900, 0u32..900), 0..6),
        (pay, gratuity) in rules(),
    ) {
        let mut office = office(&first, pay, gratuity);
        let june = office.approve("2026-06");
        adds_up(&june)?;
        for (no, gratuity, worked, last) in &later {
            figures(&mut office, &format!("c{}", no % first.len()), *gratuity, *worked, *last);
        }
        let july = office.approve("2026-07");
        adds_up(&july)?;
        for statement in office.draft("2026-08").statements {
            let owed = july.of(&statement.crew_id).map_or(Amount::ZERO, Statement::total);
            prop_assert!(owed < Amount::ZERO && statement.total() == owed, "nothing is paid twice");
        }
        let mut anew = Office::new();
        std::mem::swap(&mut anew.rules, &mut office.rules);
        for (no, (day, ..)) in first.iter().enumerate() {
            let id = format!("c{no}");
            let crew = [("dana", "captain"), ("lee", "deckhand"), ("sam", "deckhand")];
            anew.sail_with(&id, &format!("2026-06-{day:02}T16:00:00-07:00"), &crew);
            anew.state(&id).figures = office.state(&id).figures.clone();
        }
        let whole = anew.draft("2026-06");
        // One that has become open since stays as it was paid.
        if whole.open().count() == 0 {
            prop_assert_eq!(paid(&[&june, &july]), paid(&[&whole]));
        }
    }
}
