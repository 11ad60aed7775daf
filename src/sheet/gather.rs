//! What the store has that the sheet shows: the roster, and who is aboard which sails on which days.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::cascade::CharterState;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember};
use crewcall_dispatch::sheet::{CharterField, Known, Listed, Memory, Person, Sides};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::app::App;
use crate::store::StoreError;
use crate::words;

/// How long before a day a charter departs at the most that touches it.
const LONGEST: SignedDuration = SignedDuration::from_hours(limits::CHARTER_HOURS + 24);

/// What the store has.
pub(super) struct Gathered {
    pub(super) roster: Vec<CrewMember>,
    charters: Vec<CharterState>,
    sails: BTreeMap<(CrewId, Date), Vec<CharterId>>,
    pub(super) today: Date,
}

impl Gathered {
    /// As far back as the sheet is kept in step.
    pub(super) async fn from(app: &App, now: Timestamp) -> Result<Self, StoreError> {
        let today = app.operator.zone.to_datetime(now).date();
        let first = today.saturating_sub(Span::new().days(limits::SHEET_PAST_DAYS));
        Self::since(app, now, first).await
    }

    /// Sails on `first` and the days after it, and the charters to come.
    pub(super) async fn since(app: &App, now: Timestamp, first: Date) -> Result<Self, StoreError> {
        let roster = app.roster().await?;
        let zone = &app.operator.zone;
        let today = zone.to_datetime(now).date();
        let past = today.min(first).duration_since(today).abs();
        let charters = app.charters(Some(now - past - LONGEST)).await?;
        let mut sails: BTreeMap<(CrewId, Date), Vec<CharterId>> = BTreeMap::new();
        for state in charters.iter().filter(|state| state.cancelled_at.is_none()) {
            let days: Vec<Date> = state
                .charter
                .days(zone)
                .into_iter()
                .map(|day| day.date)
                .filter(|date| *date >= first)
                .collect();
            for offer in state.aboard() {
                for date in &days {
                    let on_day = sails.entry((offer.crew_id.clone(), *date)).or_default();
                    if !on_day.contains(&state.charter.charter_id) {
                        on_day.push(state.charter.charter_id.clone());
                    }
                }
            }
        }
        Ok(Self { roster, charters, sails, today })
    }

    /// What the sheet is read with.
    pub(super) fn known<'a>(&'a self, app: &'a App, memory: &'a Memory) -> Known<'a> {
        let charters: BTreeSet<CharterId> =
            self.charters.iter().map(|state| state.charter.charter_id.clone()).collect();
        Known {
            today: self.today,
            ranks: &app.operator.ranks,
            people: self.roster.iter().map(Person::of).collect(),
            answers: &memory.answers,
            charters,
            bound: memory.bound(),
        }
    }

    pub(super) fn sides(&self, app: &App) -> Sides<'_> {
        let people: BTreeMap<&CrewId, &CrewMember> =
            self.roster.iter().map(|member| (&member.crew_id, member)).collect();
        let mut charters: Vec<&CharterState> = self.charters.iter().collect();
        charters.sort_by_key(|state| (state.charter.departs_at, &state.charter.charter_id));
        let charters =
            charters.into_iter().map(|state| self.listed(state, &people, &app.operator.zone)).collect();
        Sides { people, sails: self.sails.clone(), charters }
    }

    /// A charter as the sheet lists it. Days are written so that sorting by them sorts by time.
    fn listed(
        &self,
        state: &CharterState,
        people: &BTreeMap<&CrewId, &CrewMember>,
        zone: &TimeZone,
    ) -> Listed {
        let charter = &state.charter;
        let (departs, returns) = (zone.to_datetime(charter.departs_at), zone.to_datetime(charter.returns_at));
        let returns_on = if returns.date() == departs.date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
        let aboard = |captains: bool| {
            let offers = state.aboard().into_iter();
            let offers = offers.filter(|offer| offer.seat.position.is_captain() == captains);
            let name =
                |id: &CrewId| people.get(id).map_or_else(|| id.to_string(), |member| member.name.clone());
            offers.map(|offer| name(&offer.crew_id)).collect::<Vec<_>>().join(", ")
        };
        let says = [
            (CharterField::Date, departs.strftime("%Y-%m-%d %a").to_string()),
            (CharterField::Vessel, charter.vessel.clone()),
            (CharterField::Departs, departs.strftime("%H:%M").to_string()),
            (CharterField::Returns, returns.strftime(returns_on).to_string()),
            (CharterField::Dock, charter.dock.clone()),
            (CharterField::Guests, charter.guests.to_string()),
            (CharterField::Captain, aboard(true)),
            (CharterField::Crew, aboard(false)),
            (CharterField::Status, words::status(state.status()).to_owned()),
        ];
        let says = says.map(|(field, text)| (field, text.trim().to_owned())).into();
        let wanted = state.cancelled_at.is_none() && returns.date() >= self.today;
        Listed { id: charter.charter_id.clone(), says, wanted }
    }
}
