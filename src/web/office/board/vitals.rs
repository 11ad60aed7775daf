//! How dispatcher, sheet and mail are: a line below the board, and above it in red what is late.

use crewcall_dispatch::signs::DOWN_AFTER_BY_SCHEDULE;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use crate::app::MailWay;
use crate::sheet::{Mode, last_round};
use crate::store::StoreError;
use crate::times;
use crate::web::Web;

/// A sheet that has been out of step for this long is late: rounds come every minute, and wait longer where nothing changes.
const SHEET_LATE: SignedDuration = SignedDuration::from_mins(20);

/// What there is to say of them.
pub(super) struct Vitals {
    /// When the dispatcher last ticked.
    ticked: Option<Timestamp>,
    /// When the sheet was last in step; nothing where it is let be.
    sheet: Option<Option<Timestamp>>,
    pub(super) way: MailWay,
    /// Mail goes into a directory.
    keeps_mail: bool,
}

impl Vitals {
    pub(super) async fn read(web: &Web) -> Result<Self, StoreError> {
        let (ticked, way) = tokio::try_join!(web.app.last_beat(), web.app.mail_way())?;
        let sheet = match web.sheet {
            Mode::Off => None,
            Mode::Shadow | Mode::On => Some(last_round(&*web.app.store).await?),
        };
        Ok(Self { ticked, sheet, way, keeps_mail: web.keeps_mail })
    }

    /// What is late.
    pub(super) fn late(&self, zone: &TimeZone, now: Timestamp) -> Markup {
        let since = |at: &Timestamp| times::full(*at, zone);
        let is_late = |at: Timestamp, after| now.duration_since(at) >= after;
        html! {
            @match self.ticked {
                None => p.problem role="alert" { "! The dispatcher has not ticked yet: nobody is asked. Whoever runs the server starts it with " code { "crewcall serve" } "." },
                Some(at) if is_late(at, DOWN_AFTER_BY_SCHEDULE) => {
                    p.problem role="alert" { "! The dispatcher is late: it last ticked on " (since(&at)) ". Nobody is asked meanwhile; whoever runs the server has to look." }
                }
                Some(_) => {}
            }
            @if let Some(Some(at)) = &self.sheet {
                @if is_late(*at, SHEET_LATE) {
                    p.problem role="alert" { "! The sheet is late: it was last in step on " (since(at)) "." }
                }
            }
        }
    }

    /// How they are. What a script counts on from has its instant.
    pub(super) fn line(&self, mails_wait: bool, now: Timestamp) -> Markup {
        let ago = |at: Timestamp| {
            html! { time datetime=(at) data-ago=(now.duration_since(at).as_secs().max(0)) { (times::ago(now.duration_since(at))) } " ago" }
        };
        html! {
            "Dispatcher "
            @match self.ticked { Some(at) => { "ticked " (ago(at)) }, None => "has not ticked yet" }
            @match self.sheet {
                Some(Some(at)) => { " · sheet in step " (ago(at)) },
                Some(None) => " · sheet not read yet",
                None => {}
            }
            " · mail "
            @if self.keeps_mail { strong { "goes into a directory, and to nobody" } }
            @else if self.way.stopped().is_some() { "stopped" }
            @else if mails_wait { "waits" }
            @else { "ok" }
        }
    }

    /// Alike as long as the line says the same but for the time that passes.
    pub(super) fn mark(&self) -> String {
        format!("{:?} {:?} {}", self.ticked, self.sheet, self.way.stopped().is_some())
    }
}
