//! An office whose people can sign in at an issuer, and a browser that does.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use crewcall::app::Role;
use crewcall::openid::{ClientSecret, OpenId, OpenIdConfig};
use crewcall::operator::Operator;
use crewcall::secret::Secret;
use crewcall::sheet::Mode;
use crewcall::store::{MemoryStore, Store};
use crewcall::web::{Web, router};
use http_body_util::BodyExt;
use oauth2::url::Url;
use serde_json::{Value, json};

use super::issuer::{CLIENT, Issuer, RsaKey, token};
use crate::support::office::{Office, START, heading, operator};
use crate::web::mailed_link::email;
use crate::web::sign_in::{form, send};

pub(super) struct Desk {
    pub(super) office: Office,
    pub(super) issuer: Issuer,
}

/// What a page answered.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Page {
    pub(super) fn heading(&self) -> &str {
        heading(&self.body)
    }

    pub(super) fn location(&self) -> Option<&str> {
        Some(self.headers.get(LOCATION)?.to_str().unwrap())
    }

    /// What it gives a browser to keep, by name; with all that is said of it.
    pub(super) fn cookies(&self) -> BTreeMap<&str, &str> {
        let cookies = self.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
        cookies.map(|cookie| cookie.split_once('=').unwrap()).collect()
    }
}

/// A sign-in that was begun: what the browser keeps, and where it was sent.
pub(super) struct Begun {
    pub(super) page: Page,
    pub(super) cookie: String,
    pub(super) asked: BTreeMap<String, String>,
}

impl Begun {
    pub(super) fn asked(&self, name: &str) -> &str {
        self.asked.get(name).map_or("", |value| value)
    }

    /// The address at which it ends well.
    pub(super) fn way_back(&self) -> String {
        format!("/signin/google/callback?code=abc&state={}", self.asked("state"))
    }
}

impl Desk {
    pub(super) async fn open() -> Self {
        Self::on(Arc::new(MemoryStore::new()), operator()).await
    }

    pub(super) async fn on(store: Arc<dyn Store>, operator: Operator) -> Self {
        let issuer = Issuer::start().await;
        let office = Office::run_by(operator, store, START.parse().unwrap());
        office.app.put_user(&email("pat@example.com"), "Pat Lane", Role::Office, "test").await.unwrap();
        Self { office, issuer }.in_another_process()
    }

    /// The same office, as another server or a later process of Lambda's.
    pub(super) fn in_another_process(self) -> Self {
        let Self { office, issuer } = self;
        let config = OpenIdConfig {
            issuer: issuer.url.clone(),
            name: "Google".into(),
            client_id: CLIENT.into(),
            client_secret: ClientSecret::Known(Secret::new("hush")),
        };
        let openid = OpenId::new(config, &office.app).unwrap();
        let web = Web::new(office.app.clone(), Mode::On).signing_in_by(Some(Arc::new(openid)));
        let pages = LazyLock::new(Box::new(|| router(web, Router::new())) as Box<_>);
        Self { office: Office { pages, ..office }, issuer }
    }

    pub(super) async fn ask(&self, request: Request<Body>) -> Page {
        let answer = send(&self.office, request).await;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Page { status: parts.status, headers: parts.headers, body: String::from_utf8(body).unwrap() }
    }

    /// As somebody presses the button, with these cookies.
    pub(super) async fn press(&self, to: &str, cookie: &str) -> Page {
        let body = format!("to={}", to.replace('/', "%2F"));
        self.ask(form("/signin/google", cookie, body)).await
    }

    pub(super) async fn begin(&self, to: &str) -> Begun {
        let page = self.press(to, "").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let cookie = page.headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let url = page.headers["refresh"].to_str().unwrap().strip_prefix("0; url=").unwrap();
        assert!(url.starts_with(&format!("{}/auth?", self.issuer.url)), "{url}");
        assert!(page.body.contains(&url.replace('&', "&amp;")), "the way is not on the page: {}", page.body);
        let asked = Url::parse(url).unwrap().query_pairs().into_owned().collect();
        Begun { page, cookie, asked }
    }

    /// What Google would say of somebody who signs in.
    pub(super) fn claims(&self, begun: &Begun, email: &str) -> Value {
        let now = self.office.time.now().as_second();
        json!({
            "iss": self.issuer.url, "aud": CLIENT, "azp": CLIENT, "sub": "1", "nonce": begun.asked("nonce"),
            "iat": now, "exp": now + 3_600, "email": email, "email_verified": true,
        })
    }

    /// The issuer says that, well signed.
    pub(super) fn says(&self, claims: &Value) {
        let header = json!({ "alg": "RS256", "kid": "first" });
        self.issuer.says().id_token = token(&header, claims, |text| RsaKey::own().sign(text));
    }

    /// The browser comes back, with these cookies.
    pub(super) async fn come_back(&self, way: &str, cookie: &str) -> Page {
        self.ask(Request::get(way).header(COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// A whole sign-in of somebody with that address, of whom the issuer says so.
    pub(super) async fn sign_in(&self, email: &str) -> Page {
        let begun = self.begin("").await;
        self.says(&self.claims(&begun, email));
        self.come_back(&begun.way_back(), &begun.cookie).await
    }
}

/// Whether a browser is signed in by that page.
pub(super) fn signs_in(page: &Page) -> bool {
    page.cookies().keys().any(|name| name.ends_with("crewcall"))
}
