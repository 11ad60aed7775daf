//! What goes in comes out, in the order in which it was asked for.

use crewcall::store::Listing;
use serde_json::{Value, json};

use super::conformance::TestStore;
use super::rows::*;

pub(crate) async fn bodies_come_back_as_the_same_json(store: TestStore) {
    let bodies = [
        json!({}),
        json!({ "": "" }),
        json!({ "version": 99, "body": "mine", "id": null, "listed_under": [], "due_at": "never" }),
        json!({ "name": "Zoë Ægir 船長 🚤 e\u{301}", "rtl": "שלום", "nul": "a\u{0}b", "line": "a\r\n\tb" }),
        json!({ "quotes": "'; DROP TABLE crew; --", "json": "{\"a\":\"\\u0000\"}", "percent": "%_" }),
        json!({ "deep": [[[[[[[[{ "x": [{}, [], ""] }]]]]]]]] }),
        json!({ "numbers": [0, -1, 9_007_199_254_740_993_i64, i64::MIN, u64::MAX, 0.1, 1e-7], "yes": true }),
    ];
    for (number, body) in bodies.iter().enumerate() {
        store
            .commit(vec![with(crew(&format!("id-{number}")), ABSENT, &body.to_string(), None, None)])
            .await
            .unwrap();
    }
    for (number, body) in bodies.iter().enumerate() {
        let row = one(&*store, &format!("id-{number}")).await.unwrap();
        assert_eq!(&serde_json::from_str::<Value>(&row.body).unwrap(), body);
    }
}

pub(crate) async fn ids_and_listings_of_any_characters(store: TestStore) {
    let names = [
        "Dana",
        "dana",
        "dana ",
        " dana",
        "dåna",
        "da\u{30a}na",
        "🚤",
        "a/b#c",
        "it's",
        "%",
        "_",
        "\u{1}",
        "1",
        "01",
        "1.0",
    ];
    for name in names {
        let listing = Listing::new(format!("list {name}"), name);
        store.commit(vec![with(crew(name), ABSENT, "{}", Some(listing), None)]).await.unwrap();
    }
    for name in names {
        let row = one(&*store, name).await.unwrap();
        assert_eq!((row.key.id.as_str(), row.version), (name, 1));
        let list = crewcall::store::Query::new(row.key.table, format!("list {name}"), 9);
        assert_eq!(store.list(&list).await.unwrap(), [row]);
    }
}

pub(crate) async fn answers_follow_the_keys(store: TestStore) {
    store.commit(vec![put("a", ABSENT), put("b", ABSENT), put("c", ABSENT)]).await.unwrap();
    let asked = ["c", "nobody", "a", "c", "b", "nobody", "a"];
    let rows = store.get(&asked.map(crew)).await.unwrap();
    let found: Vec<Option<&str>> =
        rows.iter().map(|row| row.as_ref().map(|row| row.key.id.as_str())).collect();
    assert_eq!(found, [Some("c"), None, Some("a"), Some("c"), Some("b"), None, Some("a")]);
    assert_eq!(rows[0], rows[3]);
}

pub(crate) async fn no_keys_no_rows(store: TestStore) {
    assert!(store.get(&[]).await.unwrap().is_empty());
    assert_eq!(store.get(&[crew("nobody"), crew("")]).await.unwrap(), [None, None]);
}
