//! Whatever a record holds, an import and an export later it holds the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use crewcall::app::App;
use crewcall::clock::SystemClock;
use crewcall::import::input::Input;
use crewcall::import::roster::{Format, read};
use crewcall::operator::Operator;
use crewcall::store::MemoryStore;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::policy::Policy;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn app() -> App {
    let operator = Operator {
        name: "Harbor Sails".into(),
        zone: jiff::tz::TimeZone::UTC,
        ranks: ["captain", "deckhand"].map(|rank| rank.parse().unwrap()).into(),
        public_url: "https://crew.example.com".into(),
        from: "crew@example.com".parse().unwrap(),
        office: "office@example.com".parse().unwrap(),
        phone: None,
        policy: Policy::default(),
        pay: Default::default(),
        key: LinkKey::new([7; 32], "jada"),
    };
    App::new(Arc::new(MemoryStore::new()), Arc::new(SystemClock), operator)
}

/// Any JSON, a few levels deep.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e15..1e15f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A record with any of the known attributes, blank ones too, and any others.
fn record() -> impl Strategy<Value = Map<String, Value>> {
    let blank = |value: BoxedStrategy<Value>| {
        prop_oneof![
            1 => Just(None),
            1 => prop_oneof![Just(json!(null)), Just(json!("")), Just(json!([])), Just(json!({}))].prop_map(Some),
            4 => value.prop_map(Some),
        ]
    };
    let dates =
        prop::collection::btree_map(1u8..29, "available|unavailable|AM only|", 1..6).prop_map(|dates| {
            let dates = dates.into_iter().map(|(day, word)| (format!("2099-06-{day:02}"), Value::from(word)));
            Value::Object(dates.collect())
        });
    let known = (
        "[A-Za-zäöñ][A-Za-zäöñ .'-]{0,20}[a-z]",
        "captain|deckhand",
        blank("[0-9]{3}-[0-9]{4}".prop_map(Value::from).boxed()),
        blank("[a-z]{1,8}@[a-z]{1,8}\\.example".prop_map(Value::from).boxed()),
        blank(any::<u32>().prop_map(Value::from).boxed()),
        blank(dates.boxed()),
    );
    (known, prop::collection::btree_map("[a-zäA-Z_ ]{1,10}", anything(), 0..4)).prop_map(|(known, others)| {
        let (name, rank, phone, email, place, availability) = known;
        let mut record: Map<String, Value> = others.into_iter().collect();
        let given =
            [("phone", phone), ("email", email), ("cascade_order", place), ("availability", availability)];
        for field in ["crew_id", "paired_crew", "phone", "email", "cascade_order", "availability"] {
            record.remove(field);
        }
        for (field, value) in given {
            record.extend(value.map(|value| (field.to_owned(), value)));
        }
        record.insert("name".into(), name.into());
        record.insert("rank".into(), rank.into());
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_round_trip_loses_nothing(records in prop::collection::vec(record(), 0..6), pairs in any::<u64>()) {
        let mut records = records;
        let ids: Vec<String> = (0..records.len()).map(|n| format!("p{n}")).collect();
        for (n, record) in records.iter_mut().enumerate() {
            record.insert("crew_id".into(), ids[n].clone().into());
            if record["rank"] == "captain" {
                let paired = ids.iter().enumerate().filter(|(id, _)| pairs >> (n * 8 + id) & 1 == 1);
                record.insert("paired_crew".into(), paired.map(|(_, id)| Value::from(id.clone())).collect());
            }
        }
        let app = app();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let exported = |text: String| runtime.block_on(async {
            let read = read(&Input { place: "test".into(), text }, Format::Json).unwrap();
            let changes = app.compare_roster(read.people).await.unwrap().unwrap();
            app.write_roster(&changes).await.unwrap();
            (changes, serde_json::to_string_pretty(&app.roster().await.unwrap()).unwrap())
        });
        let (_, first) = exported(serde_json::to_string(&records).unwrap());
        let by_id = |records: Vec<Map<String, Value>>| -> BTreeMap<String, Map<String, Value>> {
            records.into_iter().map(|record| (record["crew_id"].to_string(), record)).collect()
        };
        prop_assert_eq!(by_id(serde_json::from_str(&first).unwrap()), by_id(records.clone()));
        let (changes, second) = exported(first.clone());
        prop_assert_eq!(second, first);
        prop_assert_eq!(changes.unchanged, records.len());
    }
}
