//! A form that keeps what was typed, and says beside each field what is wrong with it.

use std::collections::BTreeMap;

use crewcall_dispatch::model::Rank;
use maud::{Markup, html};

use crate::web::error::sentence;

/// A form as it came, or as it is filled before anybody has typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Filled {
    fields: BTreeMap<String, String>,
    faults: BTreeMap<String, String>,
}

/// How a field of text is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ask<'a> {
    /// What kind of field it is; plain text if nothing is said.
    pub(super) kind: &'a str,
    /// What helps to fill it in.
    pub(super) hint: &'a str,
    /// The list of words that it offers, by the id that has on the page.
    pub(super) list: Option<&'a str>,
    pub(super) most: Option<usize>,
}

/// What the name of the field begins with that has how many of a position there are.
pub(super) const SEATS: &str = "seats.";

/// That field.
pub(super) fn seats_field(rank: &Rank) -> String {
    format!("{SEATS}{rank}")
}

impl Filled {
    /// As a browser sent it.
    pub(super) fn sent(fields: Vec<(String, String)>) -> Self {
        Self { fields: fields.into_iter().collect(), faults: BTreeMap::new() }
    }

    /// What stands in a field.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The same without blanks around; `None` if nothing is left.
    pub(super) fn given(&self, name: &str) -> Option<String> {
        Some(self.get(name).trim().to_owned()).filter(|text| !text.is_empty())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.fields.insert(name.into(), value.into());
    }

    /// The numbers that stand behind this in the names of fields, as in `pair-0`, `pair-1`: one more than the highest.
    pub(super) fn count(&self, before: &str) -> usize {
        /// What a page never has.
        const MOST: usize = 100;
        let numbers = self.fields.keys().filter_map(|name| name.strip_prefix(before)?.parse::<usize>().ok());
        numbers.filter(|number| *number < MOST).max().map_or(0, |number| number + 1)
    }

    /// Says what is wrong with a field; with an empty name what is wrong with the whole.
    pub(super) fn fail(&mut self, name: &str, clause: &str) {
        let said = sentence(clause);
        let problem = self.faults.entry(name.to_owned()).or_default();
        if !problem.is_empty() {
            problem.push(' ');
        }
        problem.push_str(&said);
    }

    pub(super) fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    fn problem(&self, name: &str) -> Option<&str> {
        self.faults.get(name).map(String::as_str)
    }

    /// Whether a field has a fault, as it is told to those who listen to the page.
    pub(super) fn is_wrong(&self, name: &str) -> Option<&'static str> {
        self.faults.contains_key(name).then_some("true")
    }

    /// What is wrong, above the form: each line leads to its field.
    pub(super) fn summary(&self, nothing: &str) -> Markup {
        html! {
            @if !self.faults.is_empty() {
                div.problem role="alert" tabindex="-1" {
                    (nothing)
                    ul { @for (name, problem) in &self.faults {
                        li { @if name.is_empty() { (problem) } @else { a href={ "#" (name) } { (problem) } } }
                    } }
                }
            }
        }
    }

    /// What is wrong with one field.
    pub(super) fn beside(&self, name: &str) -> Markup {
        html! { @if let Some(problem) = self.problem(name) { strong.bad id={ (name) "-problem" } { "! " (problem) } } }
    }

    /// What a field is described by.
    pub(super) fn described(&self, name: &str) -> Option<String> {
        self.faults.contains_key(name).then(|| format!("{name}-problem"))
    }

    /// A field of text.
    pub(super) fn text(&self, name: &str, label: &str, ask: Ask<'_>) -> Markup {
        html! {
            div.field {
                label for=(name) { (label) @if !ask.hint.is_empty() { " " span.small { (ask.hint) } } }
                (self.input(name, None, ask))
                (self.beside(name))
            }
        }
    }

    /// The same without what stands around it; `says` is its label where it has no other.
    pub(super) fn input(&self, name: &str, says: Option<&str>, ask: Ask<'_>) -> Markup {
        let kind = if ask.kind.is_empty() { "text" } else { ask.kind };
        html! {
            input id=(name) name=(name) type=(kind) value=(self.get(name)) autocomplete="off" list=[ask.list] maxlength=[ask.most]
                aria-label=[says] aria-invalid=[self.is_wrong(name)] aria-describedby=[self.described(name)];
        }
    }

    /// A field with one of these values, each with what people read.
    pub(super) fn choice(&self, name: &str, label: &str, choices: &[(String, String)]) -> Markup {
        html! {
            div.field {
                label for=(name) { (label) }
                select id=(name) name=(name) aria-invalid=[self.is_wrong(name)] aria-describedby=[self.described(name)] {
                    @for (value, words) in choices { option value=(value) selected[value == self.get(name)] { (words) } }
                }
                (self.beside(name))
            }
        }
    }

    /// A box to tick.
    pub(super) fn tick(&self, name: &str, label: &str) -> Markup {
        html! { label.tick { input id=(name) name=(name) type="checkbox" value="yes" checked[self.has(name)]; (label) } }
    }
}
