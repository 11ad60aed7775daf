//! `crewcall sheets month`: the tab of another month, made of the last one.

use crewcall_dispatch::model::Month;
use crewcall_dispatch::sheet::NewMonth;
use serde_json::json;

use crate::cli::Failure;
use crate::cli::output::Format;
use crate::google::Sheets;
use crate::sheet::Sync;

pub(super) async fn run(sync: &Sync, month: Month, dry_run: bool, format: Format) -> Result<(), Failure> {
    let (opened, plan) = sync.look().await?;
    let new = NewMonth::of(&opened.book, &plan.reading, &plan.memory.answers, month)
        .map_err(|none| Failure::said(none.to_string()))?;
    let of = opened.book.tab(new.copied).map_or_else(String::new, |tab| tab.title.clone());
    if !dry_run {
        Sheets(&sync.google).make_month(&sync.spreadsheet_id, &new, &opened).await.map_err(|error| {
            Failure::said(format!("{error}; if the tab {:?} is there now, it is as it should be", new.title))
        })?;
    }
    let report = json!({ "dry_run": dry_run, "tab": new.title, "of": of, "columns": new.more });
    format.print(&report, |_| {
        let would = if dry_run { "would be made" } else { "is made" };
        format!("A tab {would} of {of:?}: {new}. Look at it before others write there.")
    })
}
