//! What a sail came to, as people read it.

use std::collections::BTreeSet;

use crewcall_dispatch::cascade::CharterState;
use crewcall_dispatch::model::{CrewId, Figures};

use super::Names;
use super::changes::Change;

/// What is known of what a charter brings in and came to, each by its name, by the latest that is known.
pub fn known(state: &CharterState, names: &Names) -> Vec<(String, String)> {
    let money = [
        ("Revenue", state.gross_revenue()),
        ("Channel fee", state.channel_fee()),
        ("Gratuity", state.gratuity()),
    ];
    let money = money.into_iter().filter_map(|(what, amount)| Some((what.to_owned(), amount?.to_string())));
    let hours = state.figures.actual_hours.map(|hours| ("Hours".to_owned(), hours.to_string()));
    let hours_of = state.figures.hours_of.iter();
    let hours_of = hours_of.map(|(id, hours)| (format!("Hours of {}", names.get(id)), hours.to_string()));
    money.chain(hours).chain(hours_of).collect()
}

/// What is known otherwise than before. What is known no more is as it was booked.
pub(super) fn changes(was: &Figures, is: &Figures, names: &Names) -> Vec<Change> {
    fn said(figure: Option<impl ToString>) -> String {
        figure.map_or_else(|| "unknown".to_owned(), |figure| figure.to_string())
    }
    let mut changes = vec![
        Change::new("revenue", said(was.gross_revenue), said(is.gross_revenue)),
        Change::new("channel fee", said(was.channel_fee), said(is.channel_fee)),
        Change::new("gratuity", said(was.gratuity), said(is.gratuity)),
        Change::new("hours", said(was.actual_hours), said(is.actual_hours)),
    ];
    let people: BTreeSet<&CrewId> = was.hours_of.keys().chain(is.hours_of.keys()).collect();
    let hours = |figures: &Figures, id: &CrewId| said(figures.hours_of.get(id));
    changes.extend(
        people
            .into_iter()
            .map(|id| Change::new(format!("hours of {}", names.get(id)), hours(was, id), hours(is, id))),
    );
    changes.into_iter().flatten().collect()
}
