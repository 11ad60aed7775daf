//! The page of a month.

use std::collections::BTreeMap;

use crewcall_dispatch::model::{CharterId, CrewId, CrewMember, Month};
use jiff::civil::{Date, Weekday};
use maud::{Markup, html};

use super::super::list::ways;
use super::super::person_at;
use super::Asked;
use super::cells::{Sent, shown, was_of};
use crate::app::{DaySaid, DaysSaid};
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::layout::for_changes;
use crate::web::session::OfficeUser;
use crate::web::{layout, said};

/// Who is aboard of which sail, day by day: its id and its vessel.
pub(super) type Booked = BTreeMap<(CrewId, Date), (CharterId, String)>;

/// What of a form was not taken.
#[derive(Debug)]
enum Untaken {
    /// Somebody else put these words there; the form had those.
    Meanwhile { stands: Option<String>, said: Option<String> },
    /// They are aboard a sail.
    Booked,
    /// They have left.
    Left,
    /// Their record has no room for more days.
    NoRoom,
}

/// What came of the last press of Save.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Days that are saved.
    pub(super) taken: usize,
    untaken: Vec<(CrewId, Date, Untaken)>,
    /// People of whom all is saved.
    written: usize,
}

impl News {
    /// So many days are saved, and nothing was left.
    pub(super) fn saved(taken: usize) -> Self {
        Self { taken, ..Self::default() }
    }

    /// What became of one person's days.
    pub(super) fn add(&mut self, id: &CrewId, days: &BTreeMap<Date, DaySaid>, became: Option<DaysSaid>) {
        let before = self.untaken.len();
        for (date, day) in days {
            let untaken = match &became {
                None => Untaken::Left,
                Some(became) if became.no_room => Untaken::NoRoom,
                Some(became) if became.booked.contains(date) => Untaken::Booked,
                Some(became) => match became.meanwhile.get(date) {
                    Some(stands) => Untaken::Meanwhile { stands: stands.clone(), said: day.is.clone() },
                    None => {
                        self.taken += 1;
                        continue;
                    }
                },
            };
            self.untaken.push((id.clone(), *date, untaken));
        }
        self.written += usize::from(self.untaken.len() == before);
    }

    /// People of whom all is saved.
    pub(super) fn written(&self) -> usize {
        self.written
    }

    pub(super) fn is_all_taken(&self) -> bool {
        self.untaken.is_empty()
    }
}

/// A month of some people.
pub(super) struct Grid<'a> {
    pub(super) asked: &'a Asked,
    pub(super) operator: &'a Operator,
    pub(super) month: Month,
    pub(super) today: Date,
    pub(super) people: Vec<&'a CrewMember>,
    pub(super) roster: &'a [CrewMember],
    pub(super) booked: Booked,
    pub(super) pages: usize,
    pub(super) page: usize,
    /// A form that was sent and is not taken yet.
    pub(super) sent: Option<&'a Sent>,
}

impl Grid<'_> {
    /// The ways to other months and other people.
    pub(super) fn bar(&self) -> Markup {
        let shown = self.asked.rank();
        let of_rank = |rank: &str| Asked { rank: rank.to_owned(), ..Asked::default() }.address(self.month, 0);
        html! {
            h1 { "Days, " (self.month.name()) }
            (ways("/roster/days"))
            div.shown {
                nav.months aria-label="Months" {
                    a href=(self.asked.address(self.month.plus(-1), self.page)) { "← " (self.month.plus(-1).name()) }
                    a href=(self.asked.address(self.month.plus(1), self.page)) { (self.month.plus(1).name()) " →" }
                }
                nav.switch aria-label="Ranks" {
                    a href=(of_rank("")) aria-current=[shown.is_none().then_some("true")] { "All" }
                    @for rank in &self.operator.ranks {
                        a href=(of_rank(rank.as_str())) aria-current=[(shown.as_ref() == Some(rank)).then_some("true")] { (times::capital(rank.as_str())) }
                    }
                }
                @if self.pages > 1 {
                    nav.switch aria-label="Pages" {
                        @for page in 0..self.pages { a href=(self.asked.address(self.month, page)) aria-current=[(page == self.page).then_some("page")] { (page + 1) } }
                    }
                }
            }
        }
    }

    /// What came of the last press of Save.
    pub(super) fn told(&self, news: &News) -> Markup {
        let problems = self.sent.map(|sent| &sent.problems).filter(|problems| !problems.is_empty());
        html! {
            @if news.taken > 0 { p.news role="status" { "Saved: " (news.taken) @if news.taken == 1 { " day." } @else { " days." } } }
            @if !news.untaken.is_empty() {
                div.problem role="alert" {
                    "Not everything was saved."
                    ul { @for (id, date, why) in &news.untaken { li { (self.name(id)) ", " (day(*date)) ": " (untaken(why)) } } }
                }
            }
            @if let Some(problems) = problems {
                div.problem role="alert" {
                    "Nothing is saved yet."
                    ul { @for ((id, date), problem) in problems { li { a href={ "#" (cell_id(id, *date)) } { (self.name(id)) ", " (day(*date)) } ": " (problem) "." } } }
                }
            }
        }
    }

    fn name<'a>(&'a self, id: &'a CrewId) -> &'a str {
        self.roster.iter().find(|member| member.crew_id == *id).map_or(id.as_str(), |member| &member.name)
    }

    /// The form. What scrolls stands around what whoever looks only finds switched off, so that the keyboard moves it all
    /// the same.
    pub(super) fn render(&self, user: &OfficeUser) -> Markup {
        if self.people.is_empty() {
            return html! { p { "Nobody of that rank is on the roster. " a href=(at("/roster")) { "To the roster" } } };
        }
        html! {
            p { "Write yes, maybe, no, AM, PM, from 14:00 or until 17:00; an empty day is one of which nothing is said, and for which nobody is asked. “Maybe” is not a yes either. Days with a sail are locked." }
            form method="post" action=(self.asked.address(self.month, self.page)) {
                (for_changes(user, layout::return_key("do")))
                datalist #words { @for words in ["yes", "maybe", "no", "AM", "PM", "from 14:00", "until 17:00"] { option value=(words) {} } }
                (layout::scroll("Days", for_changes(user, self.table())))
                (for_changes(user, html! {
                    div.controls.keep { button name="do" value="save" { "Save" } span.unsaved role="status" {} }
                }))
            }
        }
    }

    fn table(&self) -> Markup {
        html! {
            table.grid {
                caption.unseen { "Who can sail in " (self.month.name()) }
                thead { tr {
                    th scope="col" { "Who" }
                    @for date in self.month.days() { th.day.today[date == self.today] scope="col" id={ "d" (date.day()) } { (date.strftime("%a")) " " (date.day()) } }
                } }
                tbody { @for (row, member) in self.people.iter().enumerate() { (self.row(row, member)) } }
            }
        }
    }

    fn row(&self, row: usize, member: &CrewMember) -> Markup {
        let id = &member.crew_id;
        let was = self
            .sent
            .and_then(|sent| sent.was.get(id))
            .cloned()
            .unwrap_or_else(|| was_of(member, self.month));
        html! {
            tr {
                th scope="row" {
                    a id={ "p" (row) } href=(person_at(id)) { (member.name) } br; span.small { (member.rank) }
                    input type="hidden" name={ "who." (row) } value=(id);
                    input type="hidden" name={ "was." (row) } value=(serde_json::to_string(&was).unwrap_or_default());
                }
                @for date in self.month.days() { (self.cell(row, member, date)) }
            }
        }
    }

    fn cell(&self, row: usize, member: &CrewMember, date: Date) -> Markup {
        let id = &member.crew_id;
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        if let Some((charter, vessel)) = self.booked.get(&(id.clone(), date)) {
            return html! { td.day.weekend[weekend] { a.chip.yes href=(at(format_args!("/charters/{charter}"))) { "⚓ " (vessel) } } };
        }
        let stands = shown(member, date);
        if date < self.today {
            return html! { td.day.weekend[weekend] { span.small { (stands) } } };
        }
        let text = self.sent.and_then(|sent| sent.text(id, date)).unwrap_or(&stands);
        let wrong = self.sent.is_some_and(|sent| sent.problems.contains_key(&(id.clone(), date)));
        let class = match said::typed(text).ok().flatten().as_deref() {
            Some("available") => "yes",
            Some("unavailable") => "no",
            _ if text.len() > 5 => "long",
            _ => "",
        };
        html! {
            td.day.weekend[weekend] {
                input id=[wrong.then(|| cell_id(id, date))] name={ (row) "." (date.day()) } value=(text) list="words" class=[Some(class).filter(|class| !class.is_empty())]
                    autocomplete="off" aria-labelledby={ "p" (row) " d" (date.day()) } aria-invalid=[wrong.then_some("true")] data-stands=[(*text != stands).then_some(&stands)];
            }
        }
    }
}

fn cell_id(id: &CrewId, date: Date) -> String {
    format!("cell-{id}-{date}")
}

fn day(date: Date) -> String {
    date.strftime("%a %-d %b").to_string()
}

fn untaken(why: &Untaken) -> String {
    let quoted = |words: &Option<String>| match said::cell(words.as_deref()) {
        words if words.is_empty() => "nothing".to_owned(),
        words => format!("“{words}”"),
    };
    match why {
        Untaken::Meanwhile { stands, said } => format!(
            "somebody else changed this meanwhile, to {}. That stays; you had written {}. If that is right, write it once more.",
            quoted(stands),
            quoted(said)
        ),
        Untaken::Booked => {
            "they are aboard a sail by now, so it stays as it is. The way out is on the page of the sail."
                .into()
        }
        Untaken::Left => "they have left the roster meanwhile.".into(),
        Untaken::NoRoom => {
            "there are too many days on record. Take some away, then write it once more.".into()
        }
    }
}
