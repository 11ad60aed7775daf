use std::collections::BTreeMap;

use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::model::{CharterId, CrewId, Rank};
use crate::sheet::{Answers, Book, Holds, Listed, Person, Reading, Says, months_to_come};

fn member(record: serde_json::Value) -> CrewMember {
    serde_json::from_value(record).unwrap()
}

/// People as offices have them, and as nobody would call them.
fn harbor() -> Vec<CrewMember> {
    vec![
        member(json!({ "crew_id": "lee-park", "name": "Lee Park", "rank": "deckhand", "cascade_order": 10,
            "availability": { "2026-06-27": "AM only", "2026-06-28": "  maybe,\tlate " } })),
        member(json!({ "crew_id": "dana-reyes", "name": "Dana Reyes", "rank": "captain", "cascade_order": 1,
            "email": "dana@example.com", "phone": "619-555-0142",
            "paired_crew": ["lee-park", "sam-1", "formula", "turned", "not-there"],
            "availability": { "2026-06-27": "available", "2026-06-01": "=cmd|' /C calc'!A0", "2026-06-02": "x\u{0}\u{b}\u{fffe}y" } })),
        member(json!({ "crew_id": "sam-1", "name": "Sam Ortiz", "rank": "deckhand", "cascade_order": 2,
            "availability": { "2026-06-03": "yes CH-104 ✓" } })),
        member(json!({ "crew_id": "sam-2", "name": "sam  ortiz", "rank": "deckhand", "cascade_order": 2,
            "availability": { "2026-06-30": "-", "2026-06-29": "1", "2026-06-28": "long ".repeat(9000) } })),
        member(json!({ "crew_id": "formula", "name": "=1+1 [Roster]'!A1", "rank": "deckhand" })),
        member(json!({ "crew_id": "turned", "name": "Hart, Gene (\"Skip\")", "rank": "stoker" })),
        member(json!({ "crew_id": "gone", "name": "Max Feld", "rank": "captain", "left": true,
            "availability": { "2026-07-01": "no" } })),
    ]
}

fn with<T>(people: &[CrewMember], answers: &Answers, then: impl FnOnce(&Known<'_>, &Sides<'_>) -> T) -> T {
    let ranks: Vec<Rank> = ["captain", "deckhand"].iter().map(|rank| rank.parse().unwrap()).collect();
    let charter: CharterId = "CH-104".parse().unwrap();
    let known = Known {
        today: date(2026, 5, 20),
        ranks: &ranks,
        people: people.iter().map(Person::of).collect(),
        answers,
        charters: [charter.clone()].into(),
        bound: BTreeMap::new(),
    };
    let sail = |id: &str| ((id.parse::<CrewId>().unwrap(), date(2026, 6, 27)), vec![charter.clone()]);
    let listed = |wanted: bool| Listed {
        id: charter.clone(),
        says: [(CharterField::Vessel, "America".to_owned()), (CharterField::Guests, "6".to_owned())].into(),
        wanted,
    };
    let sides = Sides {
        people: people.iter().map(|member| (&member.crew_id, member)).collect(),
        sails: ["dana-reyes", "lee-park"].map(sail).into(),
        charters: vec![listed(true), listed(false)],
    };
    then(&known, &sides)
}

fn months(months: &[&str]) -> BTreeSet<Month> {
    months.iter().map(|month| month.parse().unwrap()).collect()
}

fn texts(tab: &Tab) -> Vec<Vec<&str>> {
    tab.rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect()
}

#[test]
fn the_tabs_are_those_of_the_office() {
    with(&harbor(), &Answers::default(), |known, sides| {
        assert_eq!(months_to_come(sides, known.today), months(&["2026-05", "2026-06", "2026-07"]));
        let months = months(&["2026-06", "2026-07"]);
        let tabs: Vec<Tab> = lay_out(known, sides, &months).collect();
        let titles: Vec<&str> = tabs.iter().map(|tab| tab.title.as_str()).collect();
        assert_eq!(titles, ["Roster", "June 2026 Availability", "July 2026 Availability", "Charters"]);
        let roster = texts(&tabs[0]);
        assert_eq!(
            roster[0],
            ["Name", "E-mail", "Phone", "Rank", "Order", "Usual crew", "Status", "crew id"]
        );
        // Of two Sams, of a name that looks like two, and of whoever is on no roster, the id.
        let crew = "Lee Park, sam-1, =1+1 [Roster]'!A1, turned, not-there";
        let dana = ["Dana Reyes", "dana@example.com", "619-555-0142", "captain", "1", crew, "", "dana-reyes"];
        assert_eq!(roster[1], dana);
        let ids: Vec<&str> = roster[1..].iter().map(|row| row[7]).collect();
        assert_eq!(ids, ["dana-reyes", "gone", "sam-2", "sam-1", "lee-park", "formula", "turned"]);
        let june = texts(&tabs[1]);
        assert_eq!(
            (june[0].len(), june[0][27], tabs[1].rows[0][27].date),
            (32, "Sat 6/27", Some(date(2026, 6, 27)))
        );
        assert_eq!(june[1][27], "CH-104 ✓");
        assert!(june.iter().all(|row| row[31] != "gone"));
        assert_eq!(june[4][27], "AM only CH-104 ✓");
        assert!(texts(&tabs[2]).iter().any(|row| row[32] == "gone" && row[1] == "no"));
        let charters = texts(&tabs[3]);
        assert_eq!((charters.len(), charters[1][0], charters[1][6]), (2, "CH-104", "6"));
        // Nothing that no cell can hold.
        let all = tabs.iter().flat_map(|tab| &tab.rows).flatten();
        for cell in all {
            assert!(cell.text.encode_utf16().count() <= limits::CELL_UNITS);
            assert!(!cell.text.contains(['\u{0}', '\u{b}', '\u{fffe}']));
        }
    });
}

#[test]
fn what_is_laid_out_is_read_as_what_the_store_has() {
    let people = harbor();
    with(&people, &Answers::default(), |known, sides| {
        let months = months(&["2026-06", "2026-07"]);
        let book = Book { tabs: lay_out(known, sides, &months).collect() };
        let reading = Reading::of(&book, known);
        assert!(reading.roster().is_some_and(|(tab, _)| tab == TabId(0)));
        assert!(
            matches!(reading.tabs[1].holds, Holds::Days(_))
                && matches!(reading.tabs[3].holds, Holds::Charters(_))
        );
        assert_eq!(reading.unread(&book, |_| true), []);
        let cells = reading.cells(&book, known);
        // Everybody in seven columns and in July, and but for whoever has left in June.
        assert_eq!(cells.iter().count(), 7 * 7 + 6 * 30 + 7 * 31);
        for (person, item, cell) in cells.iter() {
            let member = sides.people[person];
            assert!(reading.is_as_written(cell, item, member, sides, known), "{person} {item:?} {cell:?}");
        }
        let said = cells.get(&"lee-park".parse().unwrap(), Item::Day(date(2026, 6, 27))).unwrap();
        assert_eq!((&said.says, said.sails.len()), (&Says::Words(Some("AM only".into())), 1));
    });
}

#[test]
fn what_somebody_has_said_since_that_words_mean_is_news() {
    let answers =
        Answers { words: [("-".to_owned(), "unavailable".to_owned())].into(), ..Answers::default() };
    with(&harbor(), &answers, |known, sides| {
        let months = months(&["2026-06"]);
        let book = Book { tabs: lay_out(known, sides, &months).collect() };
        let reading = Reading::of(&book, known);
        let (person, item): (CrewId, _) = ("sam-2".parse().unwrap(), Item::Day(date(2026, 6, 30)));
        let cells = reading.cells(&book, known);
        let cell = cells.get(&person, item).unwrap();
        assert!(!reading.is_as_written(cell, item, sides.people[&person], sides, known));
    });
}
