//! What came of a button of the demo, and where to look.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::Fact;
use crewcall_dispatch::model::CharterId;
use maud::{Markup, html};

use crate::app::{App, AppError};
use crate::store::StoreError;
use crate::times;
use crate::web::base::at;
use crate::words::{self, Names};

/// Lines of what happened that are shown; the rest is counted.
const SHOWN: usize = 6;
/// Events of one charter that are looked at.
const LOOKED_AT: usize = 200;

/// What came of a button.
#[derive(Debug, Clone)]
pub(super) struct News {
    words: String,
    happened: Vec<String>,
    /// The words say it already: the lines are folded up.
    folded: bool,
    look: Vec<(String, String)>,
}

impl News {
    /// What came of it, in a sentence or two.
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), happened: Vec::new(), folded: false, look: Vec::new() }
    }

    /// What the audit has of it, a line each.
    pub(super) fn happened(self, lines: Vec<String>) -> Self {
        Self { happened: lines, ..self }
    }

    /// The same, where the words say the most of it.
    pub(super) fn in_detail(self, lines: Vec<String>) -> Self {
        Self { happened: lines, folded: true, ..self }
    }

    /// A place where it is seen.
    pub(super) fn look(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.look.push((label.into(), path.into()));
        self
    }

    pub(super) fn render(&self) -> Markup {
        html! {
            div.told role="status" {
                p { (self.words) }
                @if self.happened.is_empty() {
                } @else if self.folded {
                    details { summary { "What the audit has of it" } (self.lines()) }
                } @else {
                    (self.lines())
                }
                p {
                    @if !self.look.is_empty() { "Where to look: " }
                    @for (label, path) in &self.look { a href=(at(path)) { (label) } " " }
                }
                form method="post" action=(at("/demo/noted")) { button { "Put this away" } }
            }
        }
    }

    fn lines(&self) -> Markup {
        let more = self.happened.len().saturating_sub(SHOWN);
        html! {
            ul {
                @for line in self.happened.iter().take(SHOWN) { li { (line) } }
                @if more > 0 { li { "and " (more) " more: each charter has its whole history." } }
            }
        }
    }
}

/// How much had happened to each charter at some moment.
pub(super) struct Mark(BTreeMap<CharterId, u64>);

impl Mark {
    /// As things stand.
    pub(super) async fn of(app: &App) -> Result<Self, StoreError> {
        let charters = app.charters(None).await?;
        Ok(Self(charters.into_iter().map(|state| (state.charter.charter_id, state.facts)).collect()))
    }

    /// How many audit events there were.
    pub(super) fn events(&self) -> u64 {
        self.0.values().sum()
    }

    /// What has happened since, in the order of time. That a mail was handed over is left out: it lies in the mailbox.
    pub(super) async fn since(&self, app: &App) -> Result<Vec<String>, AppError> {
        let names: Names =
            app.roster().await?.into_iter().map(|member| (member.crew_id, member.name)).collect();
        let zone = &app.operator.zone;
        let mut lines = Vec::new();
        for state in app.charters(None).await? {
            let (id, vessel) = (&state.charter.charter_id, &state.charter.vessel);
            let known = self.0.get(id).copied().unwrap_or(0);
            if state.facts == known {
                continue;
            }
            let (events, _) = app.audit_page(id, known, LOOKED_AT).await?;
            for event in events.iter().filter(|event| !matches!(event.fact, Fact::MailSent { .. })) {
                let clause = words::fact(event, &state, &names, zone);
                lines
                    .push((event.at, format!("{vessel} ({id}), {}: {clause}", times::clock(event.at, zone))));
            }
        }
        lines.sort_by_key(|(at, _)| *at);
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }
}
