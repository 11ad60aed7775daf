//! `crewcall charter reschedule` and `restore`.

use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::{Fault, Rescheduling};

use super::call_controls::Step;
use super::charter_add::{SailFlags, SeatFlag, flag};
use super::{Failure, Settings};

/// Changes a charter: what is left out stays, but a return and a call time move along with the departure. Whoever is
/// asked is asked anew, and whoever is aboard is asked to confirm, where time, vessel or dock change.
#[derive(Debug, clap::Args)]
pub(super) struct Reschedule {
    #[command(flatten)]
    step: Step,
    #[command(flatten)]
    sail: SailFlags,
    /// A position and how many of it; the other positions stay, and deckhand=0 takes one away
    #[arg(long = "seat", value_name = "POSITION=NUMBER")]
    seats: Vec<SeatFlag>,
}

impl Reschedule {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let app = settings.open_app().await?;
        let state = app.charter(self.step.charter()).await?;
        let id = &state.charter.charter_id;
        let change = Rescheduling {
            vessel: self.sail.vessel,
            departs_at: self.sail.departs,
            returns_at: self.sail.returns,
            call_time: self.sail.call_time,
            dock: self.sail.dock,
            guests: self.sail.guests,
            gross_revenue: self.sail.revenue,
            positions: self.seats.into_iter().map(|SeatFlag(need)| need).collect(),
        };
        if change == Rescheduling::default() {
            return Err(Failure::usage(
                "nothing is to be changed; give at least one of the flags that `crewcall charter reschedule --help` lists",
            ));
        }
        let refused = |faults: Vec<Fault>| {
            let faults = faults.into_iter().map(|fault| Fault { field: flag(fault.field), ..fault });
            Failure::faults(format!("the charter {id} was not changed"), faults)
        };
        let charter = change.apply(&state.charter, &app.operator.zone).map_err(refused)?;
        app.check_ranks(&charter)?;
        self.step
            .give(
                &app,
                &state,
                &Command::Change { from: Box::new(state.charter.clone()), to: Box::new(charter) },
                None,
            )
            .await
    }
}

/// Calls a cancelled charter on again. If its call had begun, it begins anew; nobody of before is bound to it.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    #[command(flatten)]
    step: Step,
}

impl Restore {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let app = settings.open_app().await?;
        let state = app.charter(self.step.charter()).await?;
        self.step.give(&app, &state, &Command::Restore, None).await
    }
}
