//! The office signs in at an OpenID provider that others wrote and certified (`tests/peers/oidc`), by the provider's own
//! pages.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use reqwest::header::{COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};

use super::harbor::free_port;
use super::server::Server;
use crate::home::{Home, SETTINGS};
use crate::support::PythonPeer;

const CALLBACK: &str = "/signin/google/callback?";

/// An office whose people can sign in at the provider, and its server.
struct Desk {
    home: Home,
    server: Server,
    provider: PythonPeer,
}

impl Desk {
    /// Pat and Kim are users. The provider knows Pat, Kim whose address it has not checked, and Eve.
    fn open() -> Self {
        let (home, port) = (Home::empty(), free_port());
        let url = format!("http://127.0.0.1:{port}");
        let back = format!("{url}/signin/google/callback");
        let provider = PythonPeer::start_in_node("oidc/provider.mjs", &[&back]);
        let issuer = provider.ready["issuer"].as_str().unwrap();
        home.write("hush", "hush\n");
        let section = format!(
            "[sign_in.google]\nissuer = \"{issuer}\"\nname = \"Harbor\"\nclient_id = \"crewcall\"\nclient_secret_file = \"hush\"\n"
        );
        home.write("crewcall.toml", SETTINGS.replace("https://crew.example.com", &url) + &section);
        for (address, name) in [("pat@example.com", "Pat Lane"), ("kim@example.com", "Kim Cole")] {
            home.run(&["user", "add", address, "--name", name]).done();
        }
        let mut server = Server::spawn(home.path(), port);
        server.wait_until_ready();
        Self { home, server, provider }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }
}

/// What a browser has before it.
struct Page {
    url: String,
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Page {
    fn heading(&self) -> &str {
        let rest = self.body.split_once("<h1>").map_or("", |(_, rest)| rest);
        rest.split_once("</h1>").map_or("", |(heading, _)| heading)
    }
}

/// A browser: it keeps the cookies of each site, and follows redirects when it is told to.
struct Browser {
    client: Client,
    cookies: BTreeMap<(String, String), String>,
}

impl Browser {
    fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, cookies: BTreeMap::new() }
    }

    async fn send(&mut self, method: Method, url: &str, form: &str) -> Page {
        let site = origin(url);
        let cookies = self.cookies.iter().filter(|((of, _), _)| of == site);
        let cookies: Vec<_> = cookies.map(|((_, name), value)| format!("{name}={value}")).collect();
        let mut request = self.client.request(method.clone(), url).header(COOKIE, cookies.join("; "));
        if method == Method::POST {
            let kind = "application/x-www-form-urlencoded";
            request = request.header(ORIGIN, site).header("content-type", kind).body(form.to_owned());
        }
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let key = (site.to_owned(), name.to_owned());
            match rest.split(';').next().unwrap() {
                "" => self.cookies.remove(&key),
                value => self.cookies.insert(key, value.to_owned()),
            };
        }
        let (status, headers) = (answer.status(), answer.headers().clone());
        Page { url: url.to_owned(), status, headers, body: answer.text().await.unwrap() }
    }

    async fn get(&mut self, url: &str) -> Page {
        self.send(Method::GET, url, "").await
    }

    /// Goes where it is sent, but for the way back to the office: that is given.
    async fn follow(&mut self, mut page: Page) -> Result<Page, String> {
        for _ in 0..10 {
            let Some(to) = page.headers.get(LOCATION) else { return Ok(page) };
            let to = to.to_str().unwrap();
            let to = if to.starts_with('/') { format!("{}{to}", origin(&page.url)) } else { to.to_owned() };
            if to.contains(CALLBACK) {
                return Err(to);
            }
            page = self.get(&to).await;
        }
        panic!("it is sent in circles, to {}", page.url);
    }

    /// Presses the button of the office, and has the provider's page to sign in before it.
    async fn begin(&mut self, desk: &Desk, to: &str) -> Page {
        let shown = self.get(&desk.url("/signin")).await;
        assert!(shown.body.contains("Sign in with Harbor"), "{}", shown.body);
        let page = self.send(Method::POST, &desk.url("/signin/google"), &format!("to={to}")).await;
        let refresh = page.headers.get("refresh").unwrap_or_else(|| panic!("{}", page.body));
        let url = refresh.to_str().unwrap().strip_prefix("0; url=").unwrap().to_owned();
        let page = self.get(&url).await;
        self.follow(page).await.unwrap_or_else(|to| panic!("the provider asked for nothing: {to}"))
    }

    /// Signs in by the provider's pages, and gives the way back to the office.
    async fn sign_in(&mut self, mut page: Page, login: &str) -> String {
        for _ in 0..4 {
            let action = between(&page.body, "action=\"", "\"").to_owned();
            let prompt = between(&page.body, "name=\"prompt\" value=\"", "\"").to_owned();
            let form = format!("prompt={prompt}&login={login}&password=x");
            let answer = self.send(Method::POST, &action, &form).await;
            match self.follow(answer).await {
                Ok(next) => page = next,
                Err(way_back) => return way_back,
            }
        }
        panic!("the provider asks without end: {}", page.body);
    }
}

fn origin(url: &str) -> &str {
    let path = url[8..].find('/').map_or(url.len(), |at| at + 8);
    &url[..path]
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

#[tokio::test]
async fn a_user_signs_in_at_the_provider_and_comes_to_the_page_that_was_wanted() {
    let desk = Desk::open();
    let mut browser = Browser::new();
    let page = browser.begin(&desk, "%2Froster").await;
    let way_back = browser.sign_in(page, "pat").await;
    let page = browser.get(&way_back).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    assert_eq!(page.headers[LOCATION], "/roster");
    let roster = browser.get(&desk.url("/roster")).await;
    assert_eq!(roster.status, StatusCode::OK);
    assert!(roster.body.contains("Pat Lane"), "{}", roster.body);

    // The way back is gone: by the cookie here, and by the code where somebody kept the cookie.
    let again = browser.get(&way_back).await;
    assert_eq!((again.status, again.heading()), (StatusCode::GONE, "This sign-in is over"));
    // The provider still knows Pat, and asks for nothing.
    let page = browser.send(Method::POST, &desk.url("/signin/google"), "to=").await;
    let url = page.headers["refresh"].to_str().unwrap().strip_prefix("0; url=").unwrap().to_owned();
    let page = browser.get(&url).await;
    let way_back = browser.follow(page).await.err().expect("it asks again");
    let kept = browser.cookies.clone();
    assert_eq!(browser.get(&way_back).await.status, StatusCode::SEE_OTHER);
    browser.cookies = kept;
    let again = browser.get(&way_back).await;
    assert_eq!((again.status, again.heading()), (StatusCode::GONE, "This sign-in is over"));
    let log = std::fs::read_to_string(desk.home.path().join("serve.log")).unwrap();
    assert!(log.contains("signed in elsewhere") && !log.contains("hush"), "{log}");
}

#[tokio::test]
async fn whoever_the_provider_does_not_vouch_for_or_the_office_does_not_know_is_refused() {
    let desk = Desk::open();
    for (login, heading) in
        [("kim", "Harbor does not vouch for your address"), ("eve", "You are not a user here")]
    {
        let mut browser = Browser::new();
        let page = browser.begin(&desk, "").await;
        let way_back = browser.sign_in(page, login).await;
        let page = browser.get(&way_back).await;
        assert_eq!((page.status, page.heading()), (StatusCode::FORBIDDEN, heading));
        assert!(page.body.contains(&format!("{login}@example.com")), "{}", page.body);
        assert_eq!(browser.get(&desk.url("/")).await.status, StatusCode::SEE_OTHER, "signed in as {login}");
    }
    assert_eq!(desk.home.run(&["user", "list", "--json"]).json().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_way_back_of_another_browser_or_of_another_sign_in_signs_nobody_in() {
    let desk = Desk::open();
    let (mut browser, mut other) = (Browser::new(), Browser::new());
    let page = browser.begin(&desk, "").await;
    let way_back = browser.sign_in(page, "pat").await;
    // Somebody else who has the address, before and after they have begun a sign-in of their own.
    for _ in 0..2 {
        let page = other.get(&way_back).await;
        assert_eq!((page.status, page.heading()), (StatusCode::GONE, "This sign-in is over"));
        other.begin(&desk, "").await;
    }
    // A code of one's own in the other's way back: the provider does not take it, as PKCE has it.
    let (state, code) = (between(&way_back, "state=", "&"), between(&way_back, "code=", "&"));
    let page = other.begin(&desk, "").await;
    let theirs = other.sign_in(page, "eve").await;
    let crossed = theirs.replace(between(&theirs, "code=", "&"), code);
    let page = other.get(&crossed).await;
    assert_eq!((page.status, page.heading()), (StatusCode::GONE, "This sign-in is over"), "{state}");
    assert_eq!(other.get(&desk.url("/")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_says_no_at_the_provider_is_told_so_and_can_begin_again() {
    let desk = Desk::open();
    let mut browser = Browser::new();
    let page = browser.begin(&desk, "%2Froster").await;
    let no = format!("{}/abort", page.url);
    let page = browser.get(&no).await;
    let way_back = browser.follow(page).await.err().expect("the provider sends nobody back");
    assert!(way_back.contains("error=access_denied"), "{way_back}");
    let page = browser.get(&way_back).await;
    assert_eq!((page.status, page.heading()), (StatusCode::FORBIDDEN, "Harbor did not sign you in"));
    assert!(page.body.contains("href=\"/signin?to=%2Froster\""), "{}", page.body);
    let page = browser.begin(&desk, "%2Froster").await;
    let way_back = browser.sign_in(page, "pat").await;
    assert_eq!(browser.get(&way_back).await.headers[LOCATION], "/roster");
}

#[tokio::test]
async fn without_the_provider_there_is_the_mailed_link() {
    let Desk { home, server, provider } = Desk::open();
    provider.finish();
    let mut browser = Browser::new();
    let url = format!("http://{}/signin", server.address);
    let page = browser.send(Method::POST, &format!("{url}/google"), "to=").await;
    let said = (page.status, page.heading());
    assert_eq!(said, (StatusCode::SERVICE_UNAVAILABLE, "Harbor does not answer just now"));
    let page = browser.send(Method::POST, &url, "email=pat%40example.com").await;
    assert_eq!((page.status, page.heading()), (StatusCode::OK, "Look into your mail"));
    super::until("the mail", super::PATIENCE, || home.path().join("mail").exists().then_some(()));
    super::until("the link", super::PATIENCE, || {
        home.mails().iter().any(|mail| mail.contains("/signin/link?token=")).then_some(())
    });
}

/// In Chromium, where forms lead to our own pages only.
#[test]
fn a_browser_goes_there_and_back_with_and_without_script() {
    in_a_browser(&[&Desk::open().url("")]);
    // Nothing is known of one that was never reached.
    let Desk { server, provider, home: _home } = Desk::open();
    provider.finish();
    in_a_browser(&[&format!("http://{}", server.address), "without-provider"]);
}

fn in_a_browser(given: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/oidc/sign_in.mjs");
    let output = Command::new("node").arg(script).args(given).output().expect("scripts/peers installs node");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("checks: "), "{given:?}: {said}");
}
