//! The page itself.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{CharterState, Offer, OfferState};
use crewcall_dispatch::model::CrewMember;
use jiff::civil::Date;
use maud::{Markup, html};

use super::days::{Row, day};
use crate::app::DaysSaid;
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::crew::sail::dock;
use crate::web::layout;
use crate::web::said::{AS_IT_IS, CHOICES, is_ones_own};
use crate::words::Names;

/// What came of the last press of a button.
pub(super) enum News {
    /// The days are saved. Some that the form left as they were others have changed meanwhile.
    Saved { became: DaysSaid, others: Vec<Date> },
    /// So many days were filled in, and none of it is saved.
    Filled(usize),
    /// Nothing is saved, and why.
    Problems(Vec<(Date, String)>),
    /// Nothing is saved: there is no room for more days.
    NoRoom,
}

/// Somebody's own page.
pub(super) struct MyPage<'a> {
    pub(super) operator: &'a Operator,
    pub(super) member: &'a CrewMember,
    /// Those that they are asked for, aboard of, or still answer for.
    pub(super) sails: &'a [CharterState],
    pub(super) names: &'a Names,
    pub(super) rows: &'a [Row],
    pub(super) token: String,
    /// The link of the calendar.
    pub(super) calendar: Option<String>,
}

impl MyPage<'_> {
    /// The page; `news` is what came of the last press of a button.
    pub(super) fn render(&self, news: Option<&News>) -> Markup {
        let first = self.first_name();
        let body = html! {
            p.operator { (self.operator.name) }
            h1 { (first) ", your page" }
            (self.asked())
            (self.sails())
            (self.days(news))
            @if let Some(token) = &self.calendar { (self.calendar(token)) }
            (self.not_you())
        };
        layout::page("Your page", body)
    }

    fn first_name(&self) -> &str {
        self.member.name.split_whitespace().next().unwrap_or_default()
    }

    fn told(&self, news: &News) -> Markup {
        html! {
            @match news {
                News::Saved { became, others } => {
                    p.news role="status" {
                        @if became.taken.is_empty() { "Nothing had to be changed." } @else { "Saved: " (listed(became.taken.iter().copied())) "." }
                    }
                    @if !became.booked.is_empty() {
                        p.problem role="alert" { "You are aboard a sail on " (listed(became.booked.iter().copied())) ", so that stays as it is. The way out is on the page of the sail." }
                    }
                    @if !became.meanwhile.is_empty() {
                        p.problem role="alert" {
                            "While you had the page open somebody else had changed: "
                            (became.meanwhile.iter().map(|(date, words)| format!("{} to {}", day(*date), said(words.as_deref()))).collect::<Vec<_>>().join(", "))
                            ". It says now what you said. If that is wrong, change it below."
                        }
                    }
                    @if !others.is_empty() {
                        p.problem role="alert" { "While you had the page open somebody else changed " (listed(others.iter().copied())) ". You had not touched that, so it stays as they left it; see below." }
                    }
                }
                News::Filled(0) => p.news role="status" { "There was nothing to fill in. What you had chosen is still there; nothing is saved yet." },
                News::Filled(days) => p.news role="status" { "Filled in: " (days) @if *days == 1 { " day" } @else { " days" } ". Nothing is saved yet: look, and press Save." },
                News::Problems(problems) => div.problem role="alert" {
                    "Nothing is saved yet."
                    ul { @for (date, problem) in problems { li { a href={ "#day-" (date) } { (problem) } } } }
                },
                News::NoRoom => p.problem role="alert" { "Nothing is saved: there are too many days on record. Please tell the office." },
            }
        }
    }

    /// Sails for which there is a question to answer.
    fn asked(&self) -> Markup {
        let asked: Vec<(&CharterState, &Offer)> = self.bound(|offer| offer.state.is_open()).collect();
        html! {
            @if !asked.is_empty() {
                section {
                    h2 { "You are asked" }
                    @for (state, offer) in asked {
                        div.sail {
                            (self.what(state, offer))
                            @if let Some(reply_by) = offer.reply_by { p { "Reply by " strong { (times::full(reply_by, &self.operator.zone)) } } }
                            (self.link(state, offer, "Answer"))
                        }
                    }
                }
            }
        }
    }

    fn sails(&self) -> Markup {
        let sails: Vec<(&CharterState, &Offer)> = self.bound(|offer| !offer.state.is_open()).collect();
        html! {
            section {
                h2 { "Your sails" }
                @if sails.is_empty() { p { "None ahead. When you are asked for one, you get a mail." } }
                @for (state, offer) in sails {
                    div.sail {
                        (self.what(state, offer))
                        dl.facts {
                            dt { "Be aboard by" } dd { strong { (times::full(state.charter.call_time, &self.operator.zone)) } }
                            dt { "Dock" } dd { (dock(&state.charter.dock)) }
                            dt { "Aboard" } dd { (self.aboard(state)) }
                        }
                        @match offer.state {
                            OfferState::Reconfirming => {
                                p { "It has changed since you said yes." }
                                (self.link(state, offer, "Say whether you still sail"))
                            }
                            OfferState::DroppedOut => {
                                p { "You said you can't make it. Until somebody has your seat, you answer for it." }
                                (self.link(state, offer, "Open this sail"))
                            }
                            _ => (self.link(state, offer, "Open this sail, or say you can't make it")),
                        }
                    }
                }
            }
        }
    }

    fn bound(&self, wanted: fn(&Offer) -> bool) -> impl Iterator<Item = (&CharterState, &Offer)> {
        let bound = self.sails.iter().filter_map(|state| Some((state, state.bound(&self.member.crew_id)?)));
        bound.filter(move |(_, offer)| wanted(offer))
    }

    fn what(&self, state: &CharterState, offer: &Offer) -> Markup {
        let (charter, zone) = (&state.charter, &self.operator.zone);
        html! {
            h3 { (times::near(charter.departs_at, zone)) }
            p { (charter.vessel) ", as " (offer.seat.position) ", until " (times::near(charter.returns_at, zone)) }
        }
    }

    fn aboard(&self, state: &CharterState) -> String {
        let aboard = state.aboard();
        let aboard = aboard
            .iter()
            .map(|offer| format!("{} ({})", self.names.get(&offer.crew_id), offer.seat.position));
        let aboard: Vec<String> = aboard.collect();
        if aboard.is_empty() { "nobody yet".into() } else { aboard.join(", ") }
    }

    fn link(&self, state: &CharterState, offer: &Offer, words: &str) -> Markup {
        html! { p { a.to href=(self.page_of(state, offer)) { (words) } } }
    }

    /// The page of a sail, by the person's own link of it.
    fn page_of(&self, state: &CharterState, offer: &Offer) -> String {
        let token = self.operator.key.offer_token(&state.charter.charter_id, offer);
        at(format_args!("/crew/accept?token={}", token.reveal()))
    }

    fn days(&self, news: Option<&News>) -> Markup {
        let zone = &self.operator.zone;
        let mut booked: BTreeMap<Date, (&CharterState, &Offer)> = BTreeMap::new();
        for (state, offer) in self.bound(|offer| offer.state.is_aboard()) {
            for touched in state.charter.days(zone) {
                booked.entry(touched.date).or_insert((state, offer));
            }
        }
        html! {
            // What came of a button is told where it was pressed: the form leads back here.
            section #days {
                h2 { "The days you can sail" }
                @if let Some(news) = news { (self.told(news)) }
                p { "Whoever says nothing of a day is not asked for it. “Maybe” is not a yes either." }
                form method="post" action=(at("/crew/me#days")) {
                    input type="hidden" name="token" value=(self.token);
                    (layout::return_key("do"))
                    p.fill {
                        button.quiet name="do" value="same_week" { "Same as last week" } " "
                        button.quiet name="do" value="weekends" { "Weekends off" }
                    }
                    p.small { "These two fill in only; nothing is saved before you press Save." }
                    @for row in self.rows {
                        @match booked.get(&row.date) {
                            Some((state, offer)) => div.day {
                                span { (day(row.date)) }
                                span.booked { "You sail: " a href=(self.page_of(state, offer)) { (state.charter.vessel) } }
                            },
                            None => (one_day(row)),
                        }
                    }
                    div.reach { button.big name="do" value="save" { "Save" } }
                }
            }
        }
    }

    fn calendar(&self, token: &str) -> Markup {
        let url = format!("{}/crew/calendar.ics?token={token}", self.operator.public_url);
        let (_, rest) = url.split_once("://").unwrap_or_default();
        html! {
            section {
                h2 { "Your calendar" }
                p { "Have your sails in your own calendar; it looks for news by itself, a few times a day." }
                p { a.to href={ "webcal://" (rest) } { "Subscribe on this device" } }
                label for="feed" { "Or give your calendar program this address" }
                input #feed type="text" readonly value=(url);
                p.small { "The address is for you alone. It shows your sails and opens nothing else." }
            }
        }
    }

    fn not_you(&self) -> Markup {
        html! {
            section.thread {
                h2 { "Not " (self.first_name()) "?" }
                p { "This is the page of " (self.member.name) ": whatever is saved here is said in their name. If you are somebody else, please change nothing." }
                form method="post" action=(at("/crew/me/end")) {
                    input type="hidden" name="token" value=(self.token);
                    p.small { "If the link came into other hands: by this button it opens nothing any more, nor does the calendar's address, and " (self.first_name()) " is mailed a new one." }
                    button.big.danger { "This link came to somebody else: end it and mail me a new one" }
                }
                p.small { "Office: " (office(self.operator)) "." }
            }
        }
    }
}

/// How the office is reached, by one tap.
pub(in crate::web::crew) fn office(operator: &Operator) -> Markup {
    html! {
        @if let Some(phone) = &operator.phone {
            (layout::ring(phone)) ", "
        }
        a href={ "mailto:" (operator.office) } { (operator.office) }
    }
}

fn one_day(row: &Row) -> Markup {
    let (id, date) = (format!("day-{}", row.date), row.date);
    html! {
        div.day.changed[row.is_changed()] {
            label for=(id) { (day(date)) }
            select id=(id) name=(id) aria-invalid=[row.problem.as_ref().map(|_| "true")] {
                @for (value, words) in CHOICES { option value=(value) selected[row.choice == value] { (words) } }
                @if row.choice == AS_IT_IS || as_it_was(row) {
                    option value=(AS_IT_IS) selected[row.choice == AS_IT_IS] { "“" (row.was.as_deref().unwrap_or_default()) "”" }
                }
            }
            input type="time" name={ "time-" (date) } value=(row.time) aria-label={ "Hour for " (day(date)) };
            input type="hidden" name={ "was-" (date) } value=(row.was.as_deref().unwrap_or_default());
        }
    }
}

/// Whether the roster has words that are none of the choices; whoever chose something else can have them back.
fn as_it_was(row: &Row) -> bool {
    row.was.as_deref().is_some_and(is_ones_own)
}

fn listed(days: impl Iterator<Item = Date>) -> String {
    days.map(day).collect::<Vec<_>>().join(", ")
}

fn said(words: Option<&str>) -> String {
    words.map_or_else(|| "nothing".into(), |words| format!("“{words}”"))
}
