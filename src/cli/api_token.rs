//! `crewcall api-token …`

use clap::Subcommand;
use serde_json::json;

use super::output::{Format, table};
use super::{Failure, Settings};
use crate::times;

#[derive(Debug, Subcommand)]
pub(super) enum ApiTokens {
    /// Make a token with which a program acts in the office's name, and print it this once
    New(Named),
    /// List the tokens, by name
    List(Format),
    /// End the tokens of a name: a program that uses one is shut out at once
    Revoke(Named),
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// Who acts with it, as the audit names them: "booking site"
    #[arg(value_name = "NAME", value_parser = name)]
    name: String,
    #[command(flatten)]
    format: Format,
}

fn name(text: &str) -> Result<String, String> {
    crewcall_dispatch::model::name(text)
}

impl ApiTokens {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let app = settings.open_app()?;
        match self {
            Self::New(Named { name, format }) => {
                if app.api_tokens().await?.iter().any(|token| token.name == name) {
                    return Err(Failure::said(format!(
                        "there is a token of {name:?} already; take another name, or end it with `crewcall api-token revoke`"
                    )));
                }
                let token = app.new_api_token(&name).await?;
                format.print(&json!({ "name": name, "token": token }), |_| token.clone())?;
                eprintln!("It is not shown again. A program sends it as: Authorization: Bearer …");
                Ok(())
            }
            Self::List(format) => {
                let tokens = app.api_tokens().await?;
                let shown: Vec<_> = tokens
                    .iter()
                    .map(|token| json!({ "name": token.name, "made_at": token.made_at }))
                    .collect();
                let zone = &app.operator.zone;
                format.print(&shown, |_| match tokens.as_slice() {
                    [] => "No program may use the API. `crewcall api-token new NAME` makes a token.".into(),
                    tokens => table(
                        ["NAME", "MADE"],
                        tokens.iter().map(|token| [token.name.clone(), times::full(token.made_at, zone)]),
                    ),
                })
            }
            Self::Revoke(Named { name, format }) => match app.revoke_api_tokens(&name).await? {
                0 => Err(Failure::said(format!(
                    "there is no token of {name:?}; `crewcall api-token list` shows those there are"
                ))),
                ended => {
                    format.print(&json!({ "name": name, "ended": ended }), |_| format!("{name} is shut out."))
                }
            },
        }
    }
}
