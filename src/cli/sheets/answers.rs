//! `crewcall sheets answers`: what was answered so far.

use serde_json::json;

use crate::cli::Failure;
use crate::cli::output::{Format, table};
use crate::sheet::Sync;

pub(super) async fn run(sync: &Sync, format: Format) -> Result<(), Failure> {
    let (opened, plan) = sync.look().await?;
    let answers = &plan.memory.answers;
    let titles =
        |id| opened.book.tab(id).map_or_else(|| "a tab that is gone".into(), |tab| tab.title.clone());
    let ignored: Vec<String> = answers.ignored.iter().map(|id| titles(*id)).collect();
    let json = json!({ "words": answers.words, "colours": answers.colours, "names": answers.names, "ignored": ignored });
    format.print(&json, |_| {
        let words = answers.words.iter().map(|(words, means)| ["word", words, means].map(str::to_owned));
        let colours =
            answers.colours.iter().map(|(colour, means)| ["colour", colour, means].map(str::to_owned));
        let names = answers.names.iter().map(|(name, whose)| {
            let whose = whose.as_ref().map_or("nobody", |id| id.as_str());
            ["name", name, whose].map(str::to_owned)
        });
        let ignored = ignored.iter().map(|tab| ["tab", tab, "is left alone"].map(str::to_owned));
        let rows: Vec<[String; 3]> = words.chain(colours).chain(names).chain(ignored).collect();
        match rows.as_slice() {
            [] => "Nothing was asked and answered yet.".into(),
            _ => table(["", "WHAT", "MEANS"], rows),
        }
    })
}
