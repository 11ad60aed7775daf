//! `crewcall charter add`

use std::io::IsTerminal;
use std::str::FromStr;

use crewcall_dispatch::cascade::Rejection;
use crewcall_dispatch::model::{Booking, Fault, PositionNeed, Rank};

use super::output::Format;
use super::{Failure, Settings, caller, charter};
use crate::app::AppError;
use crate::import::charter as import;
use crate::import::input;
use crate::times;

/// Books a charter. Without flags it is read as JSON from standard input. With flags all are needed but `guests`
/// and the amounts of money.
#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// The id that the booking gave it: charter_5678
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    sail: SailFlags,
    /// What whoever sold the charter keeps of the revenue
    #[arg(long, value_name = "AMOUNT")]
    channel_fee: Option<String>,
    /// What the guests gave the crew with the booking
    #[arg(long, value_name = "AMOUNT")]
    gratuity: Option<String>,
    /// The charterer takes the boat without a crew
    #[arg(long)]
    bareboat: bool,
    /// A position and how many of it; once for each position: captain=1
    #[arg(long = "seat", value_name = "POSITION=NUMBER")]
    seats: Vec<SeatFlag>,
    #[command(flatten)]
    format: Format,
}

/// What a charter is, by flags; of one that is changed, what becomes otherwise.
#[derive(Debug, clap::Args)]
pub(super) struct SailFlags {
    /// The boat
    #[arg(long)]
    pub(super) vessel: Option<String>,
    /// Departure: 2026-06-27T16:00 in the operator's zone, or with an offset
    #[arg(long, value_name = "TIME")]
    pub(super) departs: Option<String>,
    /// Return
    #[arg(long, value_name = "TIME")]
    pub(super) returns: Option<String>,
    /// When the crew has to be aboard
    #[arg(long, value_name = "TIME")]
    pub(super) call_time: Option<String>,
    /// Where the crew boards
    #[arg(long)]
    pub(super) dock: Option<String>,
    /// Guests aboard
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    pub(super) guests: Option<u32>,
    /// What the booking brings in: 1450.00
    #[arg(long, value_name = "AMOUNT")]
    pub(super) revenue: Option<String>,
}

fn number(text: &str) -> Result<u32, String> {
    text.trim().parse().map_err(|_| "write a whole number such as 6".into())
}

/// `deckhand=2`
#[derive(Debug, Clone)]
pub(super) struct SeatFlag(pub(super) PositionNeed);

impl FromStr for SeatFlag {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (position, quantity) = text.split_once('=').ok_or("write position and number: deckhand=2")?;
        let position: Rank = position.parse()?;
        let quantity = quantity.trim().parse().map_err(|_| "write a whole number after the =: deckhand=2")?;
        Ok(Self(PositionNeed { position, quantity }))
    }
}

/// The flag by which a field of a charter is given.
pub(super) fn flag(field: String) -> String {
    match field.as_str() {
        "charter_id" => "--id".into(),
        "vessel" | "dock" | "guests" | "gratuity" => format!("--{field}"),
        "departs_at" => "--departs".into(),
        "returns_at" => "--returns".into(),
        "call_time" => "--call-time".into(),
        "gross_revenue" => "--revenue".into(),
        "channel_fee" => "--channel-fee".into(),
        "positions" => "--seat".into(),
        _ => field,
    }
}

impl Add {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let config = settings.load()?;
        let format = self.format;
        let mut by_flags = true;
        let booking = match self.booking() {
            Some(booking) => booking,
            None if std::io::stdin().is_terminal() => {
                let sentence = "no charter is given; give flags (see `crewcall charter add --help`) or JSON on \
                     standard input: crewcall charter add < charter.json";
                return Err(Failure::usage(sentence));
            }
            None => {
                by_flags = false;
                let input = input::read_standard_input()?;
                let refused =
                    |error| Failure::said(format!("nothing was booked from {}: {error}", input.place));
                import::read(&input.text).map_err(refused)?
            }
        };
        let given = booking.charter_id.clone();
        let refused = |faults: Vec<Fault>| {
            let named =
                |fault: Fault| if by_flags { Fault { field: flag(fault.field), ..fault } } else { fault };
            let faults = faults.into_iter().map(named);
            match given.trim() {
                "" => Failure::faults("the charter was not booked", faults),
                id => Failure::faults(format!("the charter {id} was not booked"), faults),
            }
        };
        let checked = booking.check(&config.zone).map_err(refused)?;
        let app = config.open_app().await?;
        let (id, departs_at) = (checked.charter_id.clone(), checked.departs_at);
        let state = match app.book(checked, &caller()).await {
            Err(AppError::Rejected(Rejection::Departed)) => {
                let departs = times::full(departs_at, &app.operator.zone);
                return Err(Failure::said(format!(
                    "the charter {id} was not booked: it departs on {departs}, which is past; correct the time"
                )));
            }
            booked => booked?,
        };
        charter::print_one(&app, &state, format).await
    }

    /// What the flags say; `None` without any.
    fn booking(self) -> Option<Booking> {
        let sail = self.sail;
        let texts = [&self.id, &sail.vessel, &sail.departs, &sail.returns, &sail.call_time, &sail.dock];
        let silent = texts.iter().all(|text| text.is_none())
            && sail.guests.is_none()
            && [&sail.revenue, &self.channel_fee, &self.gratuity].iter().all(|amount| amount.is_none())
            && self.seats.is_empty();
        (!silent).then(|| Booking {
            charter_id: self.id.unwrap_or_default(),
            vessel: sail.vessel.unwrap_or_default(),
            departs_at: sail.departs.unwrap_or_default(),
            returns_at: sail.returns.unwrap_or_default(),
            call_time: sail.call_time.unwrap_or_default(),
            dock: sail.dock.unwrap_or_default(),
            guests: sail.guests.unwrap_or_default(),
            gross_revenue: sail.revenue,
            channel_fee: self.channel_fee,
            gratuity: self.gratuity,
            bareboat: self.bareboat,
            positions: self.seats.into_iter().map(|SeatFlag(need)| need).collect(),
        })
    }
}
