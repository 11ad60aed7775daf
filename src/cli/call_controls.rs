//! `crewcall call pause`, `skip`, `assign` …: how the office steps into a call.

use clap::{Subcommand, ValueEnum};
use crewcall_dispatch::cascade::{CharterState, Command, Plan, Preview, Rejection};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember, Rank};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::charter::{self, One};
use super::output::Format;
use super::{Failure, Settings, call_plan, caller, named_caller, output};
use crate::app::{App, AppError, Caller};
use crate::words;

#[derive(Debug, Subcommand)]
pub(super) enum Control {
    /// Ask nobody new until it is resumed; who is being asked can still answer. Before the start: prepare the call
    Pause(Step),
    /// Go on with a call that was paused or stopped
    Resume(Step),
    /// Ask nobody new, and take back the offers that wait for an answer; who is aboard stays
    Stop(Step),
    /// Begin again from the top of the list, though the asking still goes on
    Again(Step),
    /// Pass somebody over until the call is started again; an offer that waits is taken back. Before the start the call
    /// begins by that, and rests
    Skip {
        #[command(flatten)]
        step: Step,
        /// Whom
        crew: CrewId,
        /// Why
        #[arg(long, value_parser = note)]
        reason: String,
    },
    /// Ask somebody at once, beside whoever is being asked: the first to say yes has the seat
    Now {
        #[command(flatten)]
        step: Step,
        /// Whom
        crew: CrewId,
    },
    /// Give somebody who is being asked more time
    Extend {
        #[command(flatten)]
        step: Step,
        /// Whom
        crew: CrewId,
        /// How much more: 90min, 2h
        #[arg(value_parser = more)]
        more: SignedDuration,
    },
    /// Put somebody aboard without asking; they get a mail that says so. Of somebody aboard: they stay, whatever came up
    Assign {
        #[command(flatten)]
        step: Step,
        /// Whom
        crew: CrewId,
        /// As what, if not by the rank on the roster
        #[arg(long)]
        position: Option<Rank>,
        /// Why
        #[arg(long, value_parser = note)]
        reason: String,
    },
    /// Take somebody off the sail, who is aboard or dropped out and is responsible; the seat is called again
    Release {
        #[command(flatten)]
        step: Step,
        /// Whom
        crew: CrewId,
        /// Why
        #[arg(long, value_parser = note)]
        reason: String,
    },
    /// Say that somebody did not come, who is aboard or dropped out and is responsible: from the call time on. Before the
    /// departure the seat is called again; after it nobody is told
    NoShow {
        #[command(flatten)]
        step: Step,
        /// Who
        crew: CrewId,
        /// Why
        #[arg(long, value_parser = note)]
        reason: String,
    },
    /// Say that somebody sailed who was not in the books, or was said not to have come by mistake. Nobody is told
    TurnedUp {
        #[command(flatten)]
        step: Step,
        /// Who
        crew: CrewId,
        /// As what, if not by the rank on the roster
        #[arg(long)]
        position: Option<Rank>,
        /// Why
        #[arg(long, value_parser = note)]
        reason: String,
    },
    /// Answer for somebody who phoned; a no of somebody aboard is a drop-out
    Answer {
        #[command(flatten)]
        step: Step,
        /// Who phoned
        crew: CrewId,
        /// What they said
        answer: Answer,
        /// Their words, which stand beside the answer
        #[arg(long, value_name = "WORDS", value_parser = comment)]
        comment: Option<String>,
    },
    /// Say that mail to somebody came back: that is no answer. Who is asked is passed over; who is aboard stays
    Bounced {
        #[command(flatten)]
        step: Step,
        /// Whose
        crew: CrewId,
        /// What the mail server said
        #[arg(long, value_parser = note)]
        reason: String,
    },
    /// Say who comes next; the others of the list follow as before
    Reorder {
        #[command(flatten)]
        step: Step,
        /// Of which position
        position: Rank,
        /// Who comes next, in this order
        #[arg(required = true, value_name = "CREW")]
        first: Vec<CrewId>,
    },
}

/// What every control has.
#[derive(Debug, clap::Args)]
pub(super) struct Step {
    #[command(flatten)]
    charter: One,
    /// Who decided it; the user of this machine if not given
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Only show what it would do at once, and what it would change of what comes
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Answer {
    /// They sail
    Yes,
    /// They can't
    No,
}

pub(super) fn note(text: &str) -> Result<String, String> {
    crewcall_dispatch::model::line(text, limits::NOTE_CHARS)
}

fn comment(text: &str) -> Result<String, String> {
    words::written(text, limits::COMMENT_CHARS)
}

fn more(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "is no length of time; write 90min or 2h".to_owned();
    text.trim().parse::<SignedDuration>().ok().filter(SignedDuration::is_positive).ok_or_else(wrong)
}

impl Control {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let app = settings.open_app().await?;
        let state = app.charter(self.step().charter()).await?;
        let command = self.command(&app, &state).await?;
        let comment = match self {
            Self::Answer { ref comment, .. } => comment.clone(),
            _ => None,
        };
        self.step().give(&app, &state, &command, comment).await
    }

    fn step(&self) -> &Step {
        match self {
            Self::Pause(step) | Self::Resume(step) | Self::Stop(step) | Self::Again(step) => step,
            Self::Skip { step, .. }
            | Self::Now { step, .. }
            | Self::Extend { step, .. }
            | Self::Assign { step, .. }
            | Self::Release { step, .. }
            | Self::NoShow { step, .. }
            | Self::TurnedUp { step, .. }
            | Self::Answer { step, .. }
            | Self::Bounced { step, .. }
            | Self::Reorder { step, .. } => step,
        }
    }

    async fn command(&self, app: &App, state: &CharterState) -> Result<Command, Failure> {
        Ok(match self {
            Self::Pause(_) => Command::Pause,
            Self::Resume(_) => Command::Resume,
            Self::Stop(_) => Command::Stop,
            Self::Again(_) => Command::AskAgain,
            Self::Skip { crew, reason, .. } => {
                Command::Skip { crew_id: crew.clone(), reason: reason.clone() }
            }
            Self::Now { crew, .. } => Command::AskNow { crew_id: crew.clone() },
            Self::Extend { crew, more, .. } => {
                let until = state.longer(crew, *more, &app.operator.policy, app.clock.now());
                Command::Extend { crew_id: crew.clone(), until }
            }
            Self::Assign { crew, position, reason, .. } => {
                let position = position_of(app, crew, position.as_ref()).await?;
                Command::Assign { position, crew_id: crew.clone(), reason: reason.clone() }
            }
            Self::NoShow { crew, reason, .. } => {
                Command::NoShow { crew_id: crew.clone(), reason: reason.clone() }
            }
            Self::TurnedUp { crew, position, reason, .. } => {
                let position = position_of(app, crew, position.as_ref()).await?;
                Command::TurnedUp { position, crew_id: crew.clone(), reason: reason.clone() }
            }
            Self::Release { crew, reason, .. } => {
                Command::Release { crew_id: crew.clone(), reason: reason.clone() }
            }
            Self::Answer { crew, answer, .. } => {
                Command::answer(state, crew, matches!(answer, Answer::Yes)).map_err(AppError::from)?
            }
            Self::Bounced { crew, reason, .. } => {
                Command::Bounced { crew_id: crew.clone(), error: reason.clone() }
            }
            Self::Reorder { position, first, .. } => {
                Command::Reorder { position: position.clone(), first: first.clone() }
            }
        })
    }
}

impl Step {
    pub(super) fn charter(&self) -> &CharterId {
        &self.charter.charter
    }

    pub(super) fn format(&self) -> Format {
        self.charter.format
    }

    pub(super) fn is_rehearsal(&self) -> bool {
        self.dry_run
    }

    /// Who decided it, where no name is needed.
    pub(super) fn anybody(&self) -> Result<Caller, Failure> {
        self.by.as_deref().map_or_else(|| Ok(caller()), |by| named_caller(Some(by)))
    }

    /// Who decided it, by name.
    pub(super) fn named(&self) -> Result<Caller, Failure> {
        named_caller(self.by.as_deref())
    }

    /// Gives the command, with what was said along with it; or shows what would come of it.
    pub(super) async fn give(
        &self,
        app: &App,
        state: &CharterState,
        command: &Command,
        comment: Option<String>,
    ) -> Result<(), Failure> {
        let caller = if self.dry_run { self.anybody()? } else { self.named()? };
        let caller = Caller { comment, ..caller };
        let One { charter, format } = &self.charter;
        if self.dry_run {
            let preview = app.preview(state, command, &caller).await?;
            if format.json {
                return output::json(&json!({
                    "status": preview.state.status(), "events": preview.events, "mails": preview.mails,
                    "other_charters": preview.nudges,
                    "before": outlook(&preview.before), "after": outlook(&preview.after),
                }));
            }
            let before = planned(app, state, &preview.before).await?;
            let after = planned(app, &preview.state, &preview.after).await?;
            let changes = changes(state, &preview, app);
            let at_once = at_once(app, &preview).await?;
            return output::print(&format!(
                "As it is:\n\n{before}\n\nWith this change, which is not made yet:\n\n{changes}{at_once}{after}"
            ));
        }
        let state = app.run(charter, command, &caller).await?;
        charter::print_one(app, &state, *format).await
    }
}

/// What comes, or why nothing can.
fn outlook(plan: &Result<Plan, Rejection>) -> Value {
    match plan {
        Ok(plan) => json!(plan),
        Err(rejection) => json!({ "refused": rejection.to_string() }),
    }
}

/// What of the charter itself becomes another.
fn changes(state: &CharterState, preview: &Preview, app: &App) -> String {
    let changes = words::changes::of_charter(&state.charter, &preview.state.charter, &app.operator.zone);
    if changes.is_empty() {
        return String::new();
    }
    let rows = changes.into_iter().map(|change| [change.what.into_owned(), change.was, change.is]);
    format!("{}\n\n", output::table(["", "NOW", "THEN"], rows))
}

/// What happens at once, a line each.
async fn at_once(app: &App, preview: &Preview) -> Result<String, Failure> {
    let names = app.crew_names(&words::people(&preview.state, &preview.events)).await?;
    let lines = words::at_once(preview, &names, &app.operator.zone);
    let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    Ok(if lines.is_empty() { lines } else { format!("At once:\n{lines}\n") })
}

async fn planned(app: &App, state: &CharterState, plan: &Result<Plan, Rejection>) -> Result<String, Failure> {
    match plan {
        Ok(plan) => call_plan::text(app, state, plan).await,
        Err(rejection) => Ok(format!("The call cannot be started: {rejection}.")),
    }
}

/// As what somebody sails: as it is said, or by the roster.
async fn position_of(app: &App, crew: &CrewId, said: Option<&Rank>) -> Result<Rank, Failure> {
    match said {
        Some(position) => Ok(position.clone()),
        None => Ok(member(app, crew).await?.rank),
    }
}

/// Somebody on the roster.
pub(super) async fn member(app: &App, crew: &CrewId) -> Result<CrewMember, Failure> {
    app.member(crew).await?.ok_or_else(|| {
        Failure::said(format!("{crew} is not on the roster; `crewcall roster list` shows who is"))
    })
}
