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
    /// End the token of a name: the program that uses it is shut out at once
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
        let app = settings.open_app().await?;
        match self {
            Self::New(Named { name, format }) => {
                let token = app.new_api_token(&name).await?.ok_or_else(|| {
                    Failure::said(format!(
                        "there is a token of {name:?} already; take another name, or end it with `crewcall api-token revoke`"
                    ))
                })?;
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
            Self::Revoke(Named { name, format }) => {
                if !app.revoke_api_token(&name).await? {
                    return Err(Failure::said(format!(
                        "there is no token of {name:?}; `crewcall api-token list` shows those there are"
                    )));
                }
                format.print(&json!({ "name": name }), |_| format!("{name} is shut out."))
            }
        }
    }
}
