//! People from a file: what it would change is seen first, and just that is taken over.

use std::path::Path;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};
use crewcall_dispatch::limits;
use serde_json::json;

use super::{Desk, words};

const CSV: &str = "crew_id,name,rank,cascade_order,email,phone,shirt,2026-06-27,2026-06-28\n\
    dana,,,,dana.new@example.com,,,no,perhaps\n\
    lee,Lee Example,,,,,,,\n\
    eva,Eva Sample,host,1,,+1-619-555-0133,M,yes,\n";
const TAKE: &str = "/roster/import/take";

impl Desk {
    /// Chooses a file, and presses the button that shows what it would change.
    pub(super) async fn upload(&self, name: &str, bytes: &[u8], what: &str) -> (StatusCode, String) {
        let mut body = Vec::new();
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        let tail = format!(
            "\r\n--edge\r\nContent-Disposition: form-data; name=\"what\"\r\n\r\n{what}\r\n--edge--\r\n"
        );
        body.extend_from_slice(tail.as_bytes());
        let request = Request::post("/roster/import")
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.office.request(request).await
    }
}

#[tokio::test]
async fn what_a_file_would_change_is_seen_first_and_just_that_is_taken_over() {
    let desk = Desk::new().await;
    let before = desk.office.app.roster().await.unwrap();
    assert!(desk.get("/roster/import").await.contains("enctype=\"multipart/form-data\""));
    let (status, page) = desk.upload("people.csv", CSV.as_bytes(), "people").await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let text = words(&page);
    for part in [
        "Import people.csv",
        "1 added, 1 changed, 1 unchanged . Nothing is written yet.",
        "eva (Eva Sample) has no e-mail address: cannot be asked",
        "dana says &quot;perhaps&quot; of 2026-06-28",
        "Kept, but not read by crewcall: shirt.",
        "eva Eva Sample host 1 +1-619-555-0133 1",
        "Dana Example 2026-06-27 available no",
        "Dana Example 2026-06-28 nothing perhaps",
        "Dana Example email dana@example.com dana.new@example.com",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert_eq!(desk.office.app.roster().await.unwrap(), before);
    let (status, answer) = desk.fill_in(&page, TAKE, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert_eq!(desk.member("dana").await.email.unwrap().as_str(), "dana.new@example.com");
    assert_eq!(desk.member("eva").await.to_record()["shirt"], "M");
    assert!(desk.get("/roster/import?added=1&changed=1").await.contains("Taken over: 1 added, 1 changed."));
    // Sent once more, it changes nothing.
    let after = desk.office.app.roster().await.unwrap();
    let (status, answer) = desk.fill_in(&page, TAKE, &[]).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert!(words(&answer).contains("Everything is on the roster as the file has it"), "{answer}");
    assert_eq!(desk.office.app.roster().await.unwrap(), after);
}

#[tokio::test]
async fn a_roster_that_changed_meanwhile_is_looked_at_again() {
    let desk = Desk::new().await;
    let (_, page) = desk.upload("people.csv", CSV.as_bytes(), "people").await;
    desk.put("dana", json!({ "email": "d@example.com" })).await;
    let before = desk.office.app.roster().await.unwrap();
    let (status, answer) = desk.fill_in(&page, TAKE, &[]).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    let text = words(&answer);
    assert!(text.contains("The roster was changed meanwhile."), "{text}");
    assert!(text.contains("Dana Example email d@example.com dana.new@example.com"), "{text}");
    assert_eq!(desk.office.app.roster().await.unwrap(), before);
    // Others, of whom the file says nothing, are in nobody's way.
    desk.put("tom", json!({ "phone": "+1-619-555-0111" })).await;
    let (status, answer) = desk.fill_in(&answer, TAKE, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert_eq!(desk.member("dana").await.email.unwrap().as_str(), "dana.new@example.com");
    assert_eq!(desk.member("tom").await.phone.unwrap().as_str(), "+1-619-555-0111");
}

#[tokio::test]
async fn whatever_is_wrong_with_a_file_is_said_and_nothing_of_it_is_taken() {
    let desk = Desk::new().await;
    let before = desk.office.app.roster().await.unwrap();
    let large = vec![b'a'; limits::UPLOAD_BYTES + 1];
    let huge = vec![b'a'; limits::LARGE_REQUEST_BYTES];
    for (name, bytes, parts) in [
        (
            "people.csv",
            &b"crew_id,name,rank,email\ndana,,,dana\nnew,,,\n"[..],
            &["Nothing of people.csv was taken", "row 2 (dana), email: ", "row 3 (new), name: is missing"][..],
        ),
        ("people.csv", b"", &["No file was chosen, or it is empty."]),
        ("", b" \n", &["The file is empty"]),
        ("people.csv", b"crew_id,name\nx,Mu\xf1oz\n", &["people.csv is not UTF-8 text (line 2"]),
        ("people.json", b"[{\"crew_id\":", &["the JSON breaks off"]),
        ("people.xlsx", b"Name,Rank\n", &["is no workbook that can be read"]),
        ("people.csv", &large, &["The file has more than 2 MB"]),
        ("people.csv", &huge, &["The file has more than 2 MB"]),
    ] {
        let (status, page) = desk.upload(name, bytes, "people").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {page}");
        let text = words(&page);
        for part in parts {
            assert!(text.to_lowercase().contains(&part.to_lowercase()), "{part} is missing in {text}");
        }
        assert!(page.contains("name=\"file\""), "another one can be chosen: {page}");
    }
    for fields in [&[][..], &[("file", "%%%")], &[("file", "YQ"), ("name", "x.csv"), ("digest", "")]] {
        let (status, page) = desk.post(TAKE, fields).await;
        assert!(status.is_client_error() || page.contains("Nothing is written yet"), "{status} {page}");
    }
    assert_eq!(desk.office.app.roster().await.unwrap(), before);
}

#[tokio::test]
async fn a_json_record_and_a_workbook_are_read_as_on_the_command_line() {
    let desk = Desk::new().await;
    let mut tom = desk.member("tom").await.to_record();
    tom.remove("phone");
    let (_, page) = desk.upload("tom.json", json!([tom]).to_string().as_bytes(), "people").await;
    assert!(words(&page).contains("Tom Example phone +1-619-555-0100 nothing"), "{page}");
    let file =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks/01-plain.xlsx")).unwrap();
    let (status, page) = desk.upload("people.xlsx", &file, "people").await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(words(&page).contains("8 added, 0 changed, 0 unchanged"), "{}", words(&page));
    let (status, answer) = desk.fill_in(&page, TAKE, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    let (_, page) = desk.upload("people.xlsx", &file, "days").await;
    assert!(words(&page).contains("0 added, 8 changed, 0 unchanged"), "{}", words(&page));
    let (status, _) = desk.fill_in(&page, TAKE, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let file = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks/07-nicknames.xlsx"))
        .unwrap();
    let (_, page) = desk.upload("people.xlsx", &file, "days").await;
    assert!(words(&page).contains("Not read"), "{}", words(&page));
}

/// Of a file in which everything is wrong, the first faults are told, and how many there are.
#[tokio::test]
async fn a_file_of_faults_is_refused_at_once() {
    let desk = Desk::new().await;
    let rows: String = (0..4_000).map(|n| format!("p{n},,admiral\n")).collect();
    let (status, page) =
        desk.upload("crowd.csv", format!("crew_id,name,rank\n{rows}").as_bytes(), "people").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = words(&page);
    assert!(text.contains("row 2 (p0), name: is missing") && !text.contains("(p60)"), "{text}");
    // Two in every row.
    assert!(text.contains("and 7950 more like these"), "{text}");
    let (status, page) =
        desk.upload("crowd.csv", format!("crew_id\n{}", "x\n".repeat(340_000)).as_bytes(), "people").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(words(&page).contains("has more than 5000 rows"), "{}", words(&page));
}

/// A file of the largest size comes back whole by the form of the preview.
#[tokio::test]
async fn a_large_file_goes_there_and_back() {
    let desk = Desk::new().await;
    let mut csv = String::from("crew_id,name,rank,notes\n");
    for n in 0..1_900 {
        csv.push_str(&format!("crowd-{n},Crowd {n},host,{}\n", "x".repeat(1_000)));
    }
    assert!(csv.len() > limits::UPLOAD_BYTES * 9 / 10 && csv.len() <= limits::UPLOAD_BYTES, "{}", csv.len());
    let (status, page) = desk.upload("crowd.csv", csv.as_bytes(), "people").await;
    assert_eq!(status, StatusCode::OK, "{}", page.chars().take(2_000).collect::<String>());
    assert!(page.len() < 4_000_000 && page.contains("and 900 more"), "{}", page.len());
    let (status, answer) = desk.fill_in(&page, TAKE, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert_eq!(desk.office.app.roster().await.unwrap().len(), 1_910);
}
