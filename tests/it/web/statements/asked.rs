//! What is asked for: files, by strangers, in wrong words, with hostile ones.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE, LOCATION};
use axum::http::{Request, StatusCode};
use crewcall_dispatch::model::CrewMember;
use serde_json::json;

use super::{JUNE, approve, july, page, read, sailed};
use crate::support::office::{heading, person};
use crate::web::form::{hidden, send};

#[tokio::test]
async fn the_month_is_there_as_files() {
    let (office, cookie) = july(&sailed(&[]).await).await;
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    for (path, kind, name, begins) in [
        ("owner.xlsx", xlsx, "crew-pay-2026-06.xlsx", "PK"),
        ("crew/dana/statement.xlsx", xlsx, "statement-2026-06-dana.xlsx", "PK"),
        ("payroll.csv", "text/csv; charset=utf-8", "payroll-2026-06.csv", "month,crew_id,name"),
    ] {
        let (status, headers, body) = read(&office, &cookie, &format!("{JUNE}/{path}")).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(headers[CONTENT_TYPE], kind);
        assert_eq!(
            headers[CONTENT_DISPOSITION].to_str().unwrap(),
            format!("attachment; filename=\"{name}\"")
        );
        assert_eq!(headers[CACHE_CONTROL], "no-store");
        assert!(body.starts_with(begins.as_bytes()), "{path}");
    }
    let (_, _, csv) = read(&office, &cookie, &format!("{JUNE}/payroll.csv")).await;
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.contains(
            "2026-06,dana,Dana Example,1,0.00,150.00,0.00,0.00,50.01,0.00,200.01,200.01,200.01,draft\r\n"
        ),
        "{csv}"
    );
}

#[tokio::test]
async fn nothing_of_it_is_there_for_whoever_is_not_signed_in() {
    let (office, cookie) = july(&sailed(&[]).await).await;
    let pages = [
        "",
        "/2026-06",
        "/2026-06/crew/dana",
        "/2026-06/crew/dana/statement.xlsx",
        "/2026-06/owner.xlsx",
        "/2026-06/payroll.csv",
        "/nonsense",
    ];
    for path in pages.map(|rest| format!("/statements{rest}")) {
        for cookie in ["", "__Host-crewcall=forged"] {
            let (status, headers, _) = read(&office, cookie, &path).await;
            let to = headers[LOCATION].to_str().unwrap();
            assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
            assert!(to.starts_with("/signin?to="), "{path} leads to {to}");
        }
    }
    let before = page(&office, &cookie, JUNE).await;
    let seen = hidden(&before, "seen");
    let fields = [
        ("seen", seen.as_str()),
        ("key", "k"),
        ("crew", "dana"),
        ("what", "bonus"),
        ("amount", "5"),
        ("reason", "x"),
        ("reader", "dana"),
        ("found", "again"),
    ];
    for step in ["approve", "send", "settle", "adjustments", "adjustments/1/take-back"] {
        let path = format!("{JUNE}/{step}");
        let (status, _) = send(&office, "", &path, &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
        // Nor for whoever is, from another site.
        let foreign = Request::post(&path)
            .header(COOKIE, &cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .body(Body::from(format!("seen={seen}")));
        assert_eq!(office.request(foreign.unwrap()).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(hidden(&page(&office, &cookie, JUNE).await, "seen"), seen, "something was changed");
}

#[tokio::test]
async fn what_cannot_be_read_gets_a_sentence() {
    let (office, cookie) = july(&sailed(&[]).await).await;
    for month in ["2026-6", "2026-13", "june", "1999-01", "2026-06-01", "%3Cscript%3E"] {
        let (status, _, body) = read(&office, &cookie, &format!("/statements/{month}")).await;
        let text = String::from_utf8(body).unwrap();
        assert_eq!((status, heading(&text)), (StatusCode::BAD_REQUEST, "That could not be read"), "{month}");
        assert!(text.contains("write year and month, as in 2026-06") && !text.contains("<script"), "{text}");
    }
    // The first and the last month that there are have a page, and no neighbour beyond.
    for month in ["2000-01", "2200-12"] {
        page(&office, &cookie, &format!("/statements/{month}")).await;
    }
    let whole = [("key", "k"), ("crew", "dana"), ("what", "bonus"), ("amount", "5"), ("reason", "x")];
    for (field, wrong, expected) in [
        ("key", "", StatusCode::BAD_REQUEST),
        ("crew", "", StatusCode::BAD_REQUEST),
        ("crew", "nobody", StatusCode::CONFLICT),
        ("what", "", StatusCode::BAD_REQUEST),
        ("amount", "-5", StatusCode::BAD_REQUEST),
        ("amount", "0.00", StatusCode::BAD_REQUEST),
        ("amount", "1e9", StatusCode::BAD_REQUEST),
        ("reason", " ", StatusCode::BAD_REQUEST),
        ("reason", "a\nb", StatusCode::BAD_REQUEST),
    ] {
        let fields = whole.map(|(name, value)| (name, if name == field { wrong } else { value }));
        let (status, text) = send(&office, &cookie, &format!("{JUNE}/adjustments"), &fields).await;
        assert_eq!(status, expected, "{field} {wrong:?}: {text}");
        assert!(!heading(&text).is_empty());
    }
    for (path, expected) in [
        ("approve", StatusCode::BAD_REQUEST),
        ("send", StatusCode::CONFLICT),
        ("settle", StatusCode::BAD_REQUEST),
        ("adjustments/7/take-back", StatusCode::NOT_FOUND),
        ("adjustments/x/take-back", StatusCode::BAD_REQUEST),
    ] {
        let (status, text) = send(&office, &cookie, &format!("{JUNE}/{path}"), &[]).await;
        assert_eq!(status, expected, "{path}: {text}");
        assert!(!heading(&text).is_empty());
    }
    assert!(!page(&office, &cookie, JUNE).await.contains("Take back"), "something was entered");
}

#[tokio::test]
async fn hostile_names_and_reasons_are_inert() {
    let mut hostile = serde_json::to_value(person("deckhand", "mallory", 9, &[])).unwrap();
    hostile["name"] = json!("=HYPERLINK(\"x\")<script>alert(1)</script>");
    let hostile = CrewMember::parse(hostile.as_object().unwrap()).unwrap();
    let (office, cookie) = july(&sailed(&[hostile]).await).await;
    let fields = [
        ("key", "k"),
        ("crew", "mallory"),
        ("what", "deduction"),
        ("amount", "5"),
        ("reason", "\"><img src=x onerror=alert(2)>"),
    ];
    let (status, text) = send(&office, &cookie, &format!("{JUNE}/adjustments"), &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    for approved in [false, true] {
        for path in [JUNE.to_owned(), format!("{JUNE}/crew/mallory")] {
            let shown = page(&office, &cookie, &path).await;
            assert!(shown.contains("alert(1)") && shown.contains("alert(2)"), "{shown}");
            assert!(!shown.contains("<script>") && !shown.contains("<img"), "{shown}");
        }
        let (_, _, csv) = read(&office, &cookie, &format!("{JUNE}/payroll.csv")).await;
        assert!(String::from_utf8(csv).unwrap().contains("\"'=HYPERLINK("));
        if !approved {
            approve(&office, &cookie).await;
        }
    }
}
