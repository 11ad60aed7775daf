//! What the office writes about itself and about pay, and a file that it looks at before it takes it over.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};
use crewcall::app::Role;
use crewcall::statement;
use crewcall::store::MemoryStore;
use crewcall_dispatch::model::Month;

use super::{AT_ONCE, Desk, Shown, compare, harmless};
use crate::support::hostile_text::strings;
use crate::support::office::{Office, START, caller, person};
use crate::web::mailed_link::email;
use crate::web::sign_in::sign_in;

impl Desk {
    /// What a file would change of the roster.
    async fn preview(&self, name: &str, csv: &str) -> String {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{csv}\r\n"
        );
        let tail = "--edge\r\nContent-Disposition: form-data; name=\"what\"\r\n\r\npeople\r\n--edge--\r\n";
        let request = Request::post("/roster/import")
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(head + tail))
            .unwrap();
        let (status, page) = self.office.request(request).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page
    }
}

/// Names of users, reasons of what is paid beside sails, and names in a file.
async fn written(texts: &[String]) -> Vec<Shown> {
    let office = Office::on(Arc::new(MemoryStore::new()), START.parse().unwrap());
    let desk = Desk { cookie: sign_in(&office).await, office };
    let app = &desk.office.app;
    for (n, text) in texts.iter().enumerate() {
        app.put_user(&email(&format!("u{n}@example.com")), text, Role::Office, text).await.unwrap();
    }
    desk.office.import(&[person("captain", "dana", 1, &[])]).await;
    let month: Month = "2026-06".parse().unwrap();
    let (dana, amount) = ("dana".parse().unwrap(), "1.00".parse().unwrap());
    for text in texts {
        statement::enter(app, month, &dana, amount, text.clone(), &caller(), None).await.unwrap();
    }
    let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
    let rows: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| format!("n{n},{},host,{}", quoted(text), quoted(text)))
        .collect();
    let csv = format!("crew_id,name,rank,2026-06-27\r\n{}", rows.join("\r\n"));
    vec![
        desk.shown("/users", 0..AT_ONCE).await,
        desk.shown("/statements/2026-06", 0..AT_ONCE).await,
        desk.shown("/statements/2026-06/crew/dana", 0..AT_ONCE).await,
        Shown { path: "/roster/import", page: desk.preview("people.csv", &csv).await, texts: 0..AT_ONCE },
    ]
}

#[tokio::test]
async fn users_reasons_of_pay_and_files_stay_text() {
    let plain = written(&harmless(AT_ONCE)).await;
    let texts: Vec<String> = strings().collect();
    for texts in texts.chunks(AT_ONCE) {
        compare(&written(texts).await, &plain, texts);
    }
}
