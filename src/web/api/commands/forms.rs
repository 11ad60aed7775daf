//! What each command takes.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::web::api::fields::{
    Amount, Comment, CrewId, Gate, Guests, Hours, Instant, Name, Note, Rank, objects, word,
};
use crate::web::api::views::Position;

/// A command that says all by its word.
macro_rules! plain {
    ($($(#[doc = $doc:literal])* $form:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(in crate::web::api) struct $form {}
    )*};
}

plain! {
    /// Begin to ask, captain first; after the list was exhausted, begin again from the top
    Start;
    /// Ask nobody new until `resume`; who is being asked can still answer. Before the start it prepares the call: its order is fixed, and nobody is asked
    Pause;
    /// Go on with a call that was paused or stopped
    Resume;
    /// Ask nobody new, and take back the offers that wait for an answer; who is aboard stays
    Stop;
    /// Begin again from the top of the list, though the asking still goes on
    Again;
    /// Call the charter off; everyone who was asked or is aboard is told
    Cancel;
    /// Call a cancelled charter on again
    Restore;
}

/// Pass somebody over until the call is started again; an offer that waits is taken back. Before the start the call begins by that, and rests until `resume`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Skip {
    /// Whom
    pub(super) crew_id: CrewId,
    /// Why
    pub(super) reason: Note,
}

/// Ask somebody at once, beside whoever is being asked: the first to say yes has the seat. Before the start the call begins by that, and rests until `resume`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Now {
    /// Whom
    pub(super) crew_id: CrewId,
}

/// Give somebody who is being asked more time
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Extend {
    /// Whom
    pub(super) crew_id: CrewId,
    /// Until when
    pub(super) until: Instant,
}

/// Put somebody aboard without asking; they get a mail that says so. Before the start the call begins by that, and rests until `resume`. Of somebody aboard: they stay, whatever came
/// up against them
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Assign {
    /// Whom
    pub(super) crew_id: CrewId,
    /// As what, if not by the rank on the roster
    pub(super) position: Option<Rank>,
    /// Why
    pub(super) reason: Note,
}

/// Take somebody off the sail, who is aboard or dropped out and is responsible; the seat is called again
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Release {
    /// Whom
    pub(super) crew_id: CrewId,
    /// Why
    pub(super) reason: Note,
}

/// Somebody who is aboard, or dropped out and is responsible, did not come: from the call time on, and long afterwards. Before the departure the seat is called again; after it nobody is told
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct NoShow {
    /// Who
    pub(super) crew_id: CrewId,
    /// Why
    pub(super) reason: Note,
}

/// Somebody sailed who was not in the books, or was said not to have come by mistake: once the sail has departed. Nobody is told
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct TurnedUp {
    /// Who
    pub(super) crew_id: CrewId,
    /// As what, if not by the rank on the roster
    pub(super) position: Option<Rank>,
    /// Why
    pub(super) reason: Note,
}

/// What the sail came to, as a whole: what is left out is as it was booked, or not known, also where it was recorded before. It may be given at any time and again and again; hours once the sail has departed
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct RecordFigures {
    /// What it brought in
    pub(super) gross_revenue: Option<Amount>,
    /// What whoever sold the charter keeps of that
    pub(super) channel_fee: Option<Amount>,
    /// What the guests gave the crew
    pub(super) gratuity: Option<Amount>,
    /// How long the crew worked
    pub(super) actual_hours: Option<Hours>,
    /// How long those aboard worked who worked shorter or longer than the others, by their ids
    #[serde(default)]
    pub(super) hours_of: BTreeMap<String, Hours>,
}

/// Say who comes next; the others of the list follow as before. Before the start the call begins by that, and rests until `resume`
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Reorder {
    /// Of which position
    pub(super) position: Rank,
    /// Who comes next, in this order
    #[schema(min_items = 1)]
    pub(super) first: Vec<CrewId>,
}

/// Answer for somebody who phoned; a no of somebody aboard is a drop-out
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Answer {
    /// Who phoned
    pub(super) crew_id: CrewId,
    /// What they said
    #[serde(deserialize_with = "word")]
    pub(super) answer: Said,
    /// Their words, which stand beside the answer
    pub(super) comment: Option<Comment>,
}

/// What somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web::api) enum Said {
    /// They sail
    Yes,
    /// They cannot
    No,
}

/// Say that mail to somebody came back. Who is asked is passed over; who is aboard stays
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Bounced {
    /// Whose
    pub(super) crew_id: CrewId,
    /// What the mail server said
    pub(super) reason: Note,
}

/// Set a rule aside for this charter, with a reason that stays on record
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Override {
    /// Which
    pub(super) gate: Gate,
    /// For whom; for everyone if it is not given
    pub(super) crew_id: Option<CrewId>,
    /// Why
    pub(super) reason: Note,
}

/// Change the charter: what is left out stays, but return and call time move along with the departure. Where time,
/// vessel or dock change, whoever is asked is asked anew, and whoever is aboard is asked to confirm. Until it is back, a
/// sail that should have left can be moved to leave later
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Reschedule {
    /// The boat
    #[schema(value_type = Option<Name>)]
    pub(super) vessel: Option<String>,
    /// Departure: with an offset, or local time of the operator
    pub(super) departs_at: Option<String>,
    /// Return, as `departs_at`
    pub(super) returns_at: Option<String>,
    /// When the crew has to be aboard, as `departs_at`
    pub(super) call_time: Option<String>,
    /// Where the crew boards
    #[schema(value_type = Option<Name>)]
    pub(super) dock: Option<String>,
    /// Guests aboard
    #[schema(value_type = Option<Guests>)]
    pub(super) guests: Option<u32>,
    /// What the booking brings in: `1450.00`
    pub(super) gross_revenue: Option<String>,
    /// Positions whose number changes; the others stay, and 0 takes one away
    #[serde(default, deserialize_with = "objects")]
    pub(super) positions: Vec<Position>,
}
