//! `crewcall user …`

use clap::Subcommand;
use crewcall_dispatch::model::Email;
use serde_json::json;

use super::output::{Format, table};
use super::{Failure, Settings, caller};
use crate::app::{Role, UserError};
use crate::times;
use crewcall_dispatch::cascade::Actor;

#[derive(Debug, Subcommand)]
pub(super) enum Users {
    /// Let somebody sign in, or give somebody who may another name or role
    Add(Add),
    /// List who may sign in
    List(Format),
    /// Let somebody in no more: they are signed out everywhere at once
    Remove(Named),
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// Where their sign-in links go
    #[arg(value_name = "ADDRESS", value_parser = email)]
    email: Email,
    /// Their name, as it stands in the record of what they do
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: String,
    /// What they may do: office, which is everything, or read-only
    #[arg(long, value_name = "ROLE", default_value = "office", value_parser = role)]
    role: Role,
    #[command(flatten)]
    format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The address by which they sign in
    #[arg(value_name = "ADDRESS", value_parser = email)]
    email: Email,
    #[command(flatten)]
    format: Format,
}

fn email(text: &str) -> Result<Email, String> {
    text.parse()
}

fn name(text: &str) -> Result<String, String> {
    crewcall_dispatch::model::name(text)
}

fn role(text: &str) -> Result<Role, String> {
    text.parse()
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        match error {
            UserError::Store(error) => error.into(),
            UserError::NoSuchUser(email) => Self::said(format!(
                "nobody here has the address {email}; `crewcall user list` shows whom there is"
            )),
            other => Self::said(other.to_string()),
        }
    }
}

impl Users {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let app = settings.open_app().await?;
        let by = match caller().by {
            Actor::Office(name) => name,
            Actor::Crew(_) | Actor::Crewcall => "command line".to_owned(),
        };
        match self {
            Self::Add(Add { email, name, role, format }) => {
                let user = app.put_user(&email, &name, role, &by).await?;
                format.print(&user, |user| {
                    format!("{} may sign in as {}, at {}/signin", user.email, role, app.operator.public_url)
                })
            }
            Self::List(format) => {
                let users = app.users().await?;
                let zone = &app.operator.zone;
                format.print(&users, |users| match users.as_slice() {
                    [] => {
                        "Nobody may sign in. `crewcall setup-link` prints a link for the first user.".into()
                    }
                    users => table(
                        ["NAME", "ADDRESS", "ROLE", "SINCE"],
                        users.iter().map(|user| {
                            let since = times::full(user.since, zone);
                            [user.name.clone(), user.email.to_string(), user.role.to_string(), since]
                        }),
                    ),
                })
            }
            Self::Remove(Named { email, format }) => {
                let user = app.remove_user(&email, &by).await?;
                format.print(&json!({ "email": user.email }), |_| format!("{} is shut out.", user.name))
            }
        }
    }
}
