use serde_json::{Value, json};

use super::{answer, find, params, request};

/// What is wrong with a body, by its messages.
fn wrong(method: &str, path: &str, body: Value) -> Vec<String> {
    let found = find(method, path).unwrap();
    request(&found, &body).into_iter().map(|violation| violation.description).collect()
}

fn wrong_params(path: &str, query: &[(&str, &str)]) -> Vec<String> {
    let found = find("GET", path).unwrap();
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let violations = params(&found, &query).err().unwrap_or_default();
    violations.into_iter().map(|violation| violation.description).collect()
}

#[test]
fn a_path_leads_to_a_method() {
    let led = |method, path| {
        find(method, path).map(|found| (found.id, found.path.get("range").cloned().unwrap_or_default()))
    };
    let values = |method| format!("sheets.spreadsheets.values.{method}");
    for (method, path, id, range) in [
        ("GET", "/v4/spreadsheets/x/values/A1:B2", values("get"), "A1:B2"),
        ("GET", "/v4/spreadsheets/x/values/%27June%20%2F%27%21A1%3AB2", values("get"), "'June /'!A1:B2"),
        ("PUT", "/v4/spreadsheets/x/values/A1:B2", values("update"), "A1:B2"),
        ("POST", "/v4/spreadsheets/x/values/A1:B2:append", values("append"), "A1:B2"),
        ("POST", "/v4/spreadsheets/x/values/A1%3AB2:clear", values("clear"), "A1:B2"),
        ("GET", "/v4/spreadsheets/x/values:batchGet", values("batchGet"), ""),
        ("POST", "/v4/spreadsheets/x:batchUpdate", "sheets.spreadsheets.batchUpdate".to_owned(), ""),
        ("POST", "/gmail/v1/users/me/messages/send", "gmail.users.messages.send".to_owned(), ""),
    ] {
        assert_eq!(led(method, path), Some((id.as_str(), range.to_owned())), "{method} {path}");
    }
    for (method, path) in [
        ("POST", "/v4/spreadsheets/x/values/A1:B2"),
        ("DELETE", "/v4/spreadsheets/x"),
        ("GET", "/v4/spreadsheets/x/values/"),
        ("GET", "/gmail/v1/users/me/messages"),
        ("GET", "/v4/spreadsheets/x/"),
    ] {
        assert_eq!(led(method, path), None, "{method} {path}");
    }
    assert!(find("POST", "/upload/gmail/v1/users/me/messages/send").unwrap().upload);
}

#[test]
fn parameters_are_those_of_the_method() {
    let path = "/v4/spreadsheets/x/values/A1";
    let right = [("majorDimension", "ROWS"), ("fields", "values"), ("alt", "json"), ("prettyPrint", "False")];
    assert_eq!(wrong_params(path, &right), Vec::<String>::new());
    assert_eq!(
        wrong_params(path, &[("majorDimension", "rows")]),
        [
            "Invalid value at 'major_dimension' (type.googleapis.com/google.apps.sheets.v4.MajorDimension), \"rows\""
        ]
    );
    assert_eq!(
        wrong_params(path, &[("prettyPrint", "2")]),
        ["Invalid value at 'pretty_print' (TYPE_BOOL), \"2\""]
    );
    assert!(wrong_params(path, &[("ranges", "A1")])[0].contains("Field 'ranges' could not be found"));
    assert!(wrong_params(path, &[("spreadsheetId", "y")])[0].contains("Cannot bind query parameter"));
    assert!(wrong_params(path, &[("fields", "a"), ("fields", "b")])[0].contains("not repeating"));
    let many = [("ranges", "A1"), ("ranges", "B1")];
    assert_eq!(wrong_params("/v4/spreadsheets/x/values:batchGet", &many), Vec::<String>::new());
    assert_eq!(
        wrong_params("/v4/spreadsheets/x/developerMetadata/one", &[]),
        ["Invalid value at 'metadata_id' (TYPE_INT32), \"one\""]
    );
}

#[test]
fn what_is_no_field_is_refused_with_where_it_stands() {
    let batch =
        |requests: Value| wrong("POST", "/v4/spreadsheets/x:batchUpdate", json!({ "requests": requests }));
    assert_eq!(
        batch(json!([{ "addSheet": { "properties": { "titel": "June" } } }])),
        [
            "Invalid JSON payload received. Unknown name \"titel\" at 'requests[0].add_sheet.properties': Cannot find field."
        ]
    );
    assert_eq!(
        batch(json!([{}, { "addSheet": "June" }])),
        [
            "Invalid value at 'requests[1].add_sheet' (type.googleapis.com/google.apps.sheets.v4.AddSheetRequest), \"June\""
        ]
    );
    assert_eq!(
        wrong("PUT", "/v4/spreadsheets/x/values/A1", json!({ "value": [] })),
        ["Invalid JSON payload received. Unknown name \"value\" at 'data': Cannot find field."]
    );
    assert_eq!(
        wrong("POST", "/v4/spreadsheets", json!([])),
        ["Invalid JSON payload received. Unknown name \"\": Root element must be a message."]
    );
    // A client may use the names of Google's own types, and `null` for nothing.
    assert_eq!(
        batch(json!([{ "add_sheet": { "properties": { "title": null, "sheet_id": "7" } } }])),
        [""; 0]
    );
}

#[test]
fn values_are_of_their_types() {
    let values = |rows: Value| wrong("PUT", "/v4/spreadsheets/x/values/A1", json!({ "values": rows }));
    assert_eq!(values(json!([["a", 1, true, null]])), [""; 0]);
    assert_eq!(
        values(json!(["a"])),
        ["Invalid value at 'data.values[0]' (type.googleapis.com/google.protobuf.ListValue), \"a\""]
    );
    let sheet = |name: &str, value: Value| {
        let body = json!({ "requests": [{ "addSheet": { "properties": { name: value } } }] });
        !wrong("POST", "/v4/spreadsheets/x:batchUpdate", body).is_empty()
    };
    for (name, value) in [
        ("index", json!("a")),
        ("index", json!(1.5)),
        ("index", json!(3_000_000_000_u64)),
        ("hidden", json!("true")),
        ("title", json!(7)),
        ("sheetType", json!("grid")),
    ] {
        assert!(sheet(name, value.clone()), "{name}: {value}");
    }
    assert!(!sheet("index", json!(2.0)) && !sheet("sheetType", json!("GRID")));
    let mask = |mask: &str| {
        let body = json!({ "requests": [{ "updateCells": { "fields": mask } }] });
        wrong("POST", "/v4/spreadsheets/x:batchUpdate", body).is_empty()
    };
    assert!(mask("*") && mask("userEnteredValue,note") && !mask("user;note"));
}

#[test]
fn bytes_are_base64_of_either_alphabet() {
    let send = |raw: &str| wrong("POST", "/gmail/v1/users/me/messages/send", json!({ "raw": raw }));
    for right in ["", "aGk", "aGk=", "_-8", "/+8=", "YQ=="] {
        assert_eq!(send(right), [""; 0], "{right}");
    }
    for wrong in ["a", "aGk==", "a b=", "!", "_+8="] {
        let message =
            format!("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed for \"{wrong}\"");
        assert_eq!(send(wrong), [message]);
    }
}

#[test]
fn an_answer_is_held_to_the_letter() {
    let found = find("POST", "/gmail/v1/users/me/messages/send").unwrap();
    let right = |body: Value| answer(&found, &body).is_empty();
    assert!(right(json!({ "id": "1", "labelIds": ["SENT"], "historyId": "7", "sizeEstimate": 3 })));
    for wrong in [
        json!({ "id": null }),
        json!({ "historyId": 7 }),
        json!({ "sizeEstimate": "3" }),
        json!({ "thread_id": "1" }),
        json!({ "labelIds": "SENT" }),
        json!([]),
    ] {
        assert!(!right(wrong.clone()), "{wrong}");
    }
}
