//! `/charters/{id}/commands`: how the office steps in. `/preview` takes the same and changes nothing.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Rank, Rescheduling, line};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Problem;
use super::body::Body;
use super::caller::{ApiCaller, CharterPath, Key};
use super::charters::needs;
use super::views::{CharterView, Position, PreviewView};
use crate::app::{AppError, Caller};
use crate::web::Web;
use crate::words;

/// What the office wants of a charter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = Command)]
pub(super) enum CommandRequest {
    /// Begin to ask, captain first; after the list was exhausted, begin again from the top
    Start {},
    /// Ask nobody new until `resume`; who is being asked can still answer
    Pause {},
    /// Go on with a call that was paused or stopped
    Resume {},
    /// Ask nobody new, and take back the offers that wait for an answer; who is aboard stays
    Stop {},
    /// Begin again from the top of the list, though the asking still goes on
    Again {},
    /// Pass somebody over until the call is started again; an offer that waits is taken back
    Skip {
        /// Whom
        crew_id: String,
        /// Why
        #[schema(min_length = 1, max_length = 200)]
        reason: String,
    },
    /// Ask somebody at once, beside whoever is being asked: the first to say yes has the seat
    Now {
        /// Whom
        crew_id: String,
    },
    /// Give somebody who is being asked more time
    Extend {
        /// Whom
        crew_id: String,
        /// Until when (RFC 3339)
        #[schema(format = DateTime)]
        until: String,
    },
    /// Put somebody aboard without asking; they get a mail that says so
    Assign {
        /// Whom
        crew_id: String,
        /// As what, if not by the rank on the roster
        position: Option<String>,
        /// Why
        #[schema(min_length = 1, max_length = 200)]
        reason: String,
    },
    /// Take somebody off the sail, who is aboard or dropped out and is responsible; the seat is called again
    Release {
        /// Whom
        crew_id: String,
        /// Why
        #[schema(min_length = 1, max_length = 200)]
        reason: String,
    },
    /// Say who comes next; the others of the list follow as before
    Reorder {
        /// Of which position
        position: String,
        /// Who comes next, in this order
        first: Vec<String>,
    },
    /// Answer for somebody who phoned; a no of somebody aboard is a drop-out
    Answer {
        /// Who phoned
        crew_id: String,
        /// What they said
        answer: Said,
        /// Their words, which stand beside the answer
        #[schema(max_length = 300)]
        comment: Option<String>,
    },
    /// Say that mail to somebody came back. Who is asked is passed over; who is aboard stays
    Bounced {
        /// Whose
        crew_id: String,
        /// What the mail server said
        reason: String,
    },
    /// Set a rule aside for this charter, with a reason that stays on record
    Override {
        /// Which: `bareboat`, `certificate`, `complement`, `license`, `medical`, `drug_program`, `credentials`, `rest` or `work_hours`
        gate: String,
        /// For whom; for everyone if it is not given
        crew_id: Option<String>,
        /// Why
        #[schema(min_length = 1, max_length = 200)]
        reason: String,
    },
    /// Change the charter: what is left out stays, but return and call time move along with the departure. Where time,
    /// vessel or dock change, whoever is asked is asked anew, and whoever is aboard is asked to confirm
    Reschedule {
        /// The boat
        vessel: Option<String>,
        /// Departure: with an offset, or local time of the operator
        departs_at: Option<String>,
        /// Return, as `departs_at`
        returns_at: Option<String>,
        /// When the crew has to be aboard, as `departs_at`
        call_time: Option<String>,
        /// Where the crew boards
        dock: Option<String>,
        /// Guests aboard
        guests: Option<u32>,
        /// What the booking brings in: `1450.00`
        gross_revenue: Option<String>,
        /// Positions whose number changes; the others stay, and 0 takes one away
        #[serde(default)]
        positions: Vec<Position>,
    },
    /// Call the charter off; everyone who was asked or is aboard is told
    Cancel {},
    /// Call a cancelled charter on again
    Restore {},
}

/// What somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// They sail
    Yes,
    /// They cannot
    No,
}

impl CommandRequest {
    /// What was said along with it.
    fn comment(&self) -> Result<Option<String>, Problem> {
        let comment = match self {
            Self::Answer { comment, .. } => comment.as_deref(),
            _ => None,
        };
        let written = comment.map(|comment| words::written(comment, limits::COMMENT_CHARS)).transpose();
        written.map_err(|problem| Problem::fault("comment", problem))
    }

    /// The command that it stands for.
    async fn command(self, web: &Web, state: &CharterState) -> Result<Command, Problem> {
        Ok(match self {
            Self::Start {} => Command::Start,
            Self::Pause {} => Command::Pause,
            Self::Resume {} => Command::Resume,
            Self::Stop {} => Command::Stop,
            Self::Again {} => Command::AskAgain,
            Self::Cancel {} => Command::Cancel,
            Self::Restore {} => Command::Restore,
            Self::Now { crew_id } => Command::AskNow { crew_id: crew(&crew_id)? },
            Self::Skip { crew_id, reason } => {
                Command::Skip { crew_id: crew(&crew_id)?, reason: note(&reason)? }
            }
            Self::Release { crew_id, reason } => {
                Command::Release { crew_id: crew(&crew_id)?, reason: note(&reason)? }
            }
            Self::Bounced { crew_id, reason } => {
                Command::Bounced { crew_id: crew(&crew_id)?, error: note(&reason)? }
            }
            Self::Extend { crew_id, until } => Command::Extend {
                crew_id: crew(&crew_id)?,
                until: until.parse::<Timestamp>().map_err(|_| {
                    Problem::fault("until", "is no instant; write it as 2026-06-27T12:00:00-07:00")
                })?,
            },
            Self::Assign { crew_id, position, reason } => {
                let crew_id = crew(&crew_id)?;
                let position = match position {
                    Some(position) => rank(&position)?,
                    None => web.app.member(&crew_id).await?.ok_or_else(|| not_on_roster(&crew_id))?.rank,
                };
                Command::Assign { position, crew_id, reason: note(&reason)? }
            }
            Self::Reorder { first, .. } if first.is_empty() => {
                return Err(Problem::fault("first", "is empty; say who comes next"));
            }
            Self::Reorder { position, first } => Command::Reorder {
                position: rank(&position)?,
                first: first
                    .iter()
                    .enumerate()
                    .map(|(n, id)| person(&format!("first[{n}]"), id))
                    .collect::<Result<_, _>>()?,
            },
            Self::Override { gate, crew_id, reason } => Command::Override {
                gate: gate.parse().map_err(|problem| Problem::fault("gate", problem))?,
                crew_id: crew_id.as_deref().map(crew).transpose()?,
                reason: note(&reason)?,
            },
            Self::Reschedule {
                vessel,
                departs_at,
                returns_at,
                call_time,
                dock,
                guests,
                gross_revenue,
                positions,
            } => {
                let positions = needs(positions)?;
                let change = Rescheduling {
                    vessel,
                    departs_at,
                    returns_at,
                    call_time,
                    dock,
                    guests,
                    gross_revenue,
                    positions,
                };
                if change == Rescheduling::default() {
                    let detail = "Nothing is to be changed; give at least one field.";
                    return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
                }
                let to = change.apply(&state.charter, &web.app.operator.zone).map_err(Problem::faults)?;
                web.app.check_ranks(&to)?;
                Command::Change { from: Box::new(state.charter.clone()), to: Box::new(to) }
            }
            Self::Answer { crew_id, answer, .. } => {
                Command::answer(state, &crew(&crew_id)?, answer == Said::Yes).map_err(AppError::from)?
            }
        })
    }
}

fn crew(id: &str) -> Result<CrewId, Problem> {
    person("crew_id", id)
}

fn person(field: &str, id: &str) -> Result<CrewId, Problem> {
    id.parse().map_err(|problem| Problem::fault(field, problem))
}

fn rank(name: &str) -> Result<Rank, Problem> {
    name.parse().map_err(|problem| Problem::fault("position", problem))
}

fn note(reason: &str) -> Result<String, Problem> {
    line(reason, limits::NOTE_CHARS).map_err(|problem| Problem::fault("reason", problem))
}

fn not_on_roster(id: &CrewId) -> Problem {
    Problem::fault("crew_id", format!("is {id}, who is not on the roster; GET /roster lists who is"))
}

/// Step in
///
/// What is due comes before what the command says. It is carried out as a whole or not at all. 409 where the rules
/// refuse it.
#[utoipa::path(
    post, path = "/charters/{charter_id}/commands", operation_id = "give_command", tag = "charters", request_body = CommandRequest,
    params(
        ("charter_id" = String, Path),
        Key
    ),
    responses(
        (status = 200, body = CharterView, description = "The charter as it is now"),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn give(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    CharterPath(id): CharterPath,
    Key(key): Key,
    Body { value, text }: Body<CommandRequest>,
) -> Result<Json<CharterView>, Problem> {
    let once = key.map(|key| web.app.once(&format!("commands/{id}"), &caller, &key, &text));
    let state = web.app.charter(&id).await?;
    // What a command means may have changed by its own effect, so this comes first.
    if let Some(once) = &once
        && web.app.was_carried_out(once).await?
    {
        return Ok(Json(CharterView::from(&state)));
    }
    let caller = Caller { comment: value.comment()?, ..caller };
    let command = value.command(&web, &state).await?;
    let state = web.app.run_under(once.as_ref(), &id, &command, &caller).await?;
    Ok(Json(CharterView::from(&state)))
}

/// What a command would do
///
/// Nothing is changed and nobody is asked: the same command can be given afterwards.
#[utoipa::path(
    post, path = "/charters/{charter_id}/preview", operation_id = "preview_command", tag = "charters", request_body = CommandRequest,
    params(("charter_id" = String, Path)),
    responses(
        (status = 200, description = "What comes as it is, and with the command", body = PreviewView),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn preview(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    CharterPath(id): CharterPath,
    Body { value, .. }: Body<CommandRequest>,
) -> Result<Json<PreviewView>, Problem> {
    let state = web.app.charter(&id).await?;
    let caller = Caller { comment: value.comment()?, ..caller };
    let command = value.command(&web, &state).await?;
    let preview = web.app.preview(&state, &command, &caller).await?;
    Ok(Json(PreviewView::new(state.status(), &preview)))
}
