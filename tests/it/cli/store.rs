//! `crewcall store …`

use super::home::{Home, SETTINGS};

/// Another store, with the link key of the first.
fn use_store(home: &Home, store: &str) {
    home.write(
        "crewcall.toml",
        format!("{SETTINGS}[store]\n{store}\n")
            .replace("[server]\n", "[server]\nlink_key_file = \"crewcall.db.key\"\n"),
    );
}

#[test]
fn a_file_is_copied_and_the_copy_is_the_store_from_then_on() {
    let home = Home::with_charter();
    let before = home.data();
    let copy = ["store", "copy", "--from", "sqlite:crewcall.db", "--to", "sqlite:copy.db"];
    let copied = home.run(&[&copy[..], &["--json"]].concat()).json();
    assert_eq!((copied["rows"]["crew"].as_u64(), copied["rows"]["charter"].as_u64()), (Some(4), Some(1)));
    use_store(&home, "path = \"copy.db\"");
    assert_eq!(home.data(), before);
    let again = home.run(&copy).failed(1);
    assert!(again.contains("is not empty, and nothing was written"), "{again}");
    let told = home.run(&["store", "copy", "--from", "sqlite:copy.db", "--to", "sqlite:third.db"]).done();
    assert!(told.contains("say the same") && told.contains("server.link_key_file"), "{told}");
}

#[test]
fn what_cannot_be_copied_is_said() {
    let home = Home::with_charter();
    let copy = |from: &str, to: &str| home.run(&["store", "copy", "--from", from, "--to", to]);
    let missing = copy("sqlite:nowhere.db", "sqlite:copy.db").failed(1);
    assert!(missing.contains("there is no nowhere.db"), "{missing}");
    assert!(!home.path().join("nowhere.db").exists());
    let same = copy("sqlite:crewcall.db", "sqlite:crewcall.db").failed(2);
    assert!(same.contains("name the same store"), "{same}");
    let odd = copy("crewcall.db", "sqlite:copy.db").failed(2);
    assert!(odd.contains("write sqlite:FILE"), "{odd}");
    let needless = home.run(&["store", "setup"]).failed(2);
    assert!(needless.contains("nothing to set up"), "{needless}");
}

#[cfg(not(feature = "aws"))]
#[test]
fn a_build_without_dynamodb_says_how_to_get_it() {
    let home = Home::new();
    use_store(&home, "kind = \"dynamodb\"");
    for command in [&["roster", "list"][..], &["store", "setup"]] {
        let refused = home.run(command).failed(1);
        assert!(refused.contains("--features aws"), "{refused}");
    }
    home.write(
        "crewcall.toml",
        SETTINGS.replace("[server]\n", "[server]\nlink_key_secret = \"harbor/link-key\"\n"),
    );
    let refused = home.run(&["roster", "list"]).failed(1);
    assert!(refused.contains("server.link_key_secret: names a secret in AWS"), "{refused}");
}

#[cfg(feature = "aws")]
mod dynamodb {
    use super::super::home::AWS_CONFIG;
    use super::*;
    use crate::support::dynamodb::{dynoxide, settings};

    const TABLES: &str = "kind = \"dynamodb\"\ntable_prefix = \"harbor-\"";

    #[test]
    fn an_operator_moves_to_dynamodb_and_back() {
        let home = Home::with_charter();
        let before = home.data();
        home.has_aws_at(&dynoxide().endpoint);
        use_store(&home, TABLES);
        let unmade = home.run(&["roster", "list"]).failed(1);
        assert!(
            unmade.contains("not all tables are there") && unmade.contains("crewcall store setup"),
            "{unmade}"
        );
        let made = home.run(&["store", "setup"]).done();
        assert!(made.contains(
            "made: harbor-crew-dispatch, harbor-charter-chats, harbor-crew-tokens, harbor-crewcall"
        ));
        let made = home.run(&["store", "setup", "--json"]).json();
        assert_eq!(made["found"].as_array().unwrap().len(), 4);

        home.run(&["store", "copy", "--from", "sqlite:crewcall.db", "--to", "dynamodb:harbor-"]).done();
        assert_eq!(home.data(), before);
        home.run(&["call", "start", "charter_5678"]).done();
        let moved = home.data();
        home.run(&["store", "copy", "--from", "dynamodb:harbor-", "--to", "sqlite:back.db"]).done();
        use_store(&home, "path = \"back.db\"");
        assert_eq!(home.data(), moved);
    }

    #[test]
    fn what_is_missing_of_the_settings_of_aws_is_said() {
        let home = Home::new();
        use_store(&home, TABLES);
        let nothing = home.run(&["roster", "list"]).failed(1);
        assert!(nothing.contains("set AWS_REGION"), "{nothing}");
        home.write(AWS_CONFIG, "[default]\nregion = us-west-2\n");
        let no_credentials = home.run(&["roster", "list"]).failed(1);
        assert!(no_credentials.contains("AWS_ACCESS_KEY_ID"), "{no_credentials}");
        home.has_aws_at(&dynoxide().endpoint);
        let no_key = home.run(&["roster", "list"]).failed(1);
        assert!(no_key.contains("there is no link key"), "{no_key}");
        home.write("crewcall.db.key", "ab".repeat(32));
        home.has_aws_at("http://127.0.0.1:9");
        let nobody = home.run(&["roster", "list"]).failed(1);
        assert!(nobody.contains("the store did not answer"), "{nobody}");
    }

    /// A table of another program, bare but for its key.
    async fn table_with_key(client: &aws_sdk_dynamodb::Client, name: &str, key: &str) {
        use aws_sdk_dynamodb::types::{
            AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
        };

        let attribute =
            AttributeDefinition::builder().attribute_name(key).attribute_type(ScalarAttributeType::S);
        let schema = KeySchemaElement::builder().attribute_name(key).key_type(KeyType::Hash);
        let table = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
        let table =
            table.attribute_definitions(attribute.build().unwrap()).key_schema(schema.build().unwrap());
        table.send().await.unwrap();
    }

    /// The table that the operator's other programs have written for years.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_roster_that_another_program_wrote_is_taken_over() {
        use aws_sdk_dynamodb::types::AttributeValue::{L, M, N, S, Ss};

        let peer = dynoxide();
        let home = Home::new();
        home.has_aws_at(&peer.endpoint);
        use_store(&home, "kind = \"dynamodb\"\ntable_prefix = \"theirs-\"");
        let client = aws_sdk_dynamodb::Client::new(&settings(&peer.endpoint));
        table_with_key(&client, "theirs-crew-dispatch", "crew_id").await;
        let put = |id: &str, rank: &str| {
            let availability = [("2099-06-27".to_owned(), S("available".into()))].into();
            client
                .put_item()
                .table_name("theirs-crew-dispatch")
                .item("crew_id", S(id.into()))
                .item("name", S("Dana Reyes".into()))
                .item("email", S("dana@example.com".into()))
                .item("rank", S(rank.into()))
                .item("cascade_order", N("1".into()))
                .item("availability", M(availability))
                .item("created_at", S("2026-05-15T10:30:00Z".into()))
                .item("boots", L(vec![N("39".into()), S("narrow".into())]))
        };
        put("dana-reyes", "captain").send().await.unwrap();
        put("odd", "").send().await.unwrap();
        put("set", "mate").item("boots", Ss(vec!["wide".into()])).send().await.unwrap();
        put("ours", "mate").item("version", N("3".into())).send().await.unwrap();

        let done = home.run(&["store", "setup", "--json"]).json();
        assert_eq!(done["found"], serde_json::json!(["theirs-crew-dispatch"]));
        assert_eq!(
            done["indexed"],
            serde_json::json!(["theirs-crew-dispatch: listed", "theirs-crew-dispatch: due"])
        );
        assert_eq!(done["taken_over"], serde_json::json!(["dana-reyes"]));
        let mut left: Vec<_> =
            done["left"].as_array().unwrap().iter().map(|left| left["crew_id"].as_str().unwrap()).collect();
        left.sort_unstable();
        assert_eq!(left, ["odd", "ours", "set"]);
        let roster = home.run(&["roster", "export"]).json();
        assert_eq!(roster.as_array().unwrap().len(), 1);
        assert_eq!(roster[0]["boots"], serde_json::json!([39, "narrow"]));
        // What the other programs read is where it was.
        let key = client.get_item().table_name("theirs-crew-dispatch").key("crew_id", S("dana-reyes".into()));
        let item = key.send().await.unwrap().item.unwrap();
        assert_eq!(item["availability"].as_m().unwrap()["2099-06-27"], S("available".into()));
        assert_eq!((&item["name"], &item["cascade_order"]), (&S("Dana Reyes".into()), &N("1".into())));
        let again = home.run(&["store", "setup", "--json"]).json();
        assert_eq!(
            (&again["taken_over"], &again["indexed"]),
            (&serde_json::json!([]), &serde_json::json!([]))
        );

        // A table with another key is not one of ours.
        use_store(&home, "kind = \"dynamodb\"\ntable_prefix = \"theirs-\"\ntoken_table = \"odd-tokens\"");
        table_with_key(&client, "theirs-odd-tokens", "link").await;
        let refused = home.run(&["store", "setup"]).failed(1);
        assert!(
            refused.contains("theirs-odd-tokens has the key link, where crewcall needs token_id"),
            "{refused}"
        );
    }
}
