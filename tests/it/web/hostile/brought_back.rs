//! What an address or a form says and a page says again: searches, previews, forms with something wrong in them.

use std::sync::Arc;

use axum::http::StatusCode;
use crewcall::store::MemoryStore;

use super::{Desk, harmless};
use crate::support::hostile_text::{parsed, strings};
use crate::support::office::Office;
use crate::web::form::{coded, send};
use crate::web::sign_in::{get, sign_in};

/// What the text stands for in a request.
const HERE: &str = "{}";

/// A request that has text in it, how many strings at once, and whether the page says them again.
struct Way {
    path: &'static str,
    /// Fields of a form; without any it is looked at.
    form: &'static [(&'static str, &'static str)],
    /// Where one is taken over as it is, more would be too long.
    at_once: usize,
    says_again: bool,
}

const fn looked(path: &'static str, at_once: usize, says_again: bool) -> Way {
    Way { path, form: &[], at_once, says_again }
}

const fn filled(path: &'static str, form: &'static [(&'static str, &'static str)]) -> Way {
    Way { path, form, at_once: 20, says_again: true }
}

/// The form of a person, and of somebody new, with all that either has.
const PERSON: &[(&str, &str)] = &[
    ("name", HERE),
    ("email", HERE),
    ("phone", HERE),
    ("rank", HERE),
    ("time_zone", HERE),
    ("cascade_order", HERE),
    ("pair-0", HERE),
    ("not_pair-0", HERE),
    ("paper-0", HERE),
    ("until-0", HERE),
    ("crew_id", HERE),
    ("seen", " {}"),
];

const WAYS: &[Way] = &[
    looked("/?q={}", 20, true),
    looked("/?show={}&by={}&from={}", 20, false),
    looked("/roster?q={}", 20, true),
    looked("/roster/days?month={}&rank={}", 20, false),
    looked("/roster/import?added={}&changed={}", 20, false),
    looked("/charters/{}", 20, false),
    looked("/roster/people/{}", 20, false),
    looked("/statements/{}", 20, false),
    looked("/nowhere/{}", 20, false),
    looked("/signin?to=/{}", 20, false),
    looked("/signin/link?token={}", 20, false),
    looked("/setup?token={}", 20, false),
    looked("/signin/google/callback?error={}&state={}&code={}", 20, false),
    looked("/crew/accept?token={}&charter_id={}", 20, false),
    looked("/crew/me?token={}", 20, false),
    looked("/charters/ch/change?what={}", 20, false),
    looked("/charters/ch/change?what=skip&crew={}&reason=x", 20, false),
    looked("/charters/ch/change?what=assign&crew=dana&position={}&reason=x", 20, false),
    looked("/charters/ch/change?what=override&gate={}&reason=x", 20, false),
    looked("/charters/ch/change?what=extend&crew=dana&minutes={}", 20, false),
    looked("/charters/ch/change?what=move&crew=dana&position=captain&before={}", 20, false),
    looked("/charters/ch/change?what=skip&crew=dana&reason={}", 1, true),
    looked("/charters/ch/reschedule?dock={}&vessel={}", 1, true),
    looked("/charters/ch/reschedule?seats={}&guests={}&departs_at={}", 20, false),
    filled("/roster/new", PERSON),
    filled("/roster/people/dana", PERSON),
    filled(
        "/new-charter",
        &[
            ("key", HERE),
            ("vessel", HERE),
            ("dock", HERE),
            ("call_time", HERE),
            ("departs_at", HERE),
            ("returns_at", HERE),
            ("guests", HERE),
            ("seats.captain", HERE),
            ("gross_revenue", HERE),
            ("charter_id", HERE),
        ],
    ),
    Way { says_again: false, ..filled("/users", &[("name", HERE), ("email", HERE), ("role", HERE)]) },
    Way { says_again: false, ..filled("/signin", &[("email", HERE), ("to", HERE)]) },
    Way {
        says_again: false,
        ..filled(
            "/statements/2026-06/adjustments",
            &[("key", HERE), ("crew", HERE), ("what", HERE), ("amount", HERE), ("reason", HERE)],
        )
    },
    Way { says_again: false, ..filled("/charters/ch/thread", &[("what", HERE), ("key", HERE)]) },
];

impl Desk {
    /// The page that a way leads to with that text in it.
    async fn taken(&self, way: &Way, text: &str) -> (StatusCode, String) {
        if way.form.is_empty() {
            return self.office.request(get(&way.path.replace(HERE, &coded(text)), &self.cookie)).await;
        }
        let fields: Vec<(&str, &str)> = way
            .form
            .iter()
            .map(|(name, value)| (*name, if *value == HERE { text } else { *value }))
            .collect();
        send(&self.office, &self.cookie, way.path, &fields).await
    }
}

#[tokio::test]
async fn what_a_page_says_again_stays_text() {
    let texts: Vec<String> = strings().collect();
    for way in WAYS {
        let office = Office::new(Arc::new(MemoryStore::new())).await;
        let desk = Desk { cookie: sign_in(&office).await, office };
        desk.office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
        let (expected, plain) = desk.taken(way, &harmless(way.at_once).join(" ")).await;
        let (elements, _) = parsed(&plain);
        for texts in texts.chunks(way.at_once) {
            let (status, page) = desk.taken(way, &texts.join(" ")).await;
            assert_eq!(status, expected, "{}: {page}", way.path);
            let (found, words) = parsed(&page);
            assert_eq!(found, elements, "{}: {page}", way.path);
            for text in texts.iter().filter(|_| way.says_again) {
                assert!(words.contains(text.trim()), "{} does not say {text}: {page}", way.path);
            }
        }
    }
}
