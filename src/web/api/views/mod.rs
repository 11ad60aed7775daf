//! What the API shows. These types are what other programs rely on, and change with care; the records behind them
//! change as they need to.

mod charter;
mod event;
mod plan;

use crewcall_dispatch::eligibility::Reason;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub(super) use charter::{CharterView, Charters};
pub(super) use event::{EventView, Thread};
pub(super) use plan::{PlanView, PreviewView};

/// A position, and how many seats it has.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Position {
    /// A rank of the operator's: captain, deckhand
    #[schema(example = "deckhand")]
    pub(super) position: String,
    /// How many
    #[schema(example = 2)]
    pub(super) quantity: u32,
}

/// Why somebody is not asked, or what about them has to be looked at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reason)]
pub(super) struct ReasonView {
    /// Which kind it is: `unavailable`, `rest`
    reason: String,
    /// The same as a clause for people
    text: String,
    /// What belongs to that kind, the date, the other charter, as the program keeps it: it may change
    #[schema(value_type = Object)]
    details: Map<String, Value>,
}

impl From<&Reason> for ReasonView {
    fn from(reason: &Reason) -> Self {
        let (kind, details) = tagged(reason, "reason");
        Self { reason: kind, text: reason.to_string(), details }
    }
}

fn reasons(reasons: &[Reason]) -> Vec<ReasonView> {
    reasons.iter().map(ReasonView::from).collect()
}

/// Which kind a thing is, and what else it says.
fn tagged(thing: &impl Serialize, tag: &str) -> (String, Map<String, Value>) {
    let mut details = match serde_json::to_value(thing) {
        Ok(Value::Object(details)) => details,
        _ => Map::new(),
    };
    let kind = details.remove(tag).and_then(|kind| kind.as_str().map(str::to_owned));
    (kind.unwrap_or_default(), details)
}
