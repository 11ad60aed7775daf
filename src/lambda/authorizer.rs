//! Whether a crew link opens anything at this moment, for whatever else stands behind the same gateway
//! (<https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>).
//!
//! The pages of crewcall do not ask: they tell everyone who holds a link what became of it.

use serde_json::{Value, json};

use crate::app::{App, AppError};

/// What an authorizer is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// What the address has as its `token`.
    pub(super) token: Option<String>,
    /// In which form it is to be answered.
    pub(super) form: Form,
}

/// The form of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Payload format 2.0: yes or no.
    Simple,
    /// Payload format 1.0, and REST APIs: a policy for this method of this path.
    Policy(String),
}

/// Answers. An answer holds for this moment only: the authorizer's results must not be cached.
///
/// # Errors
/// If the store fails: the gateway makes a 500 of it, and not a refusal.
pub(super) async fn answer(app: &App, asked: &Question) -> Result<Value, AppError> {
    let admitted = app.admit(asked.token.as_deref().unwrap_or_default()).await?;
    if let Err(refusal) = &admitted {
        tracing::info!(%refusal, "a crew link was refused");
    }
    let principal = admitted.as_ref().map_or("nobody", |record| record.crew_id.as_str());
    let context = admitted.as_ref().map_or_else(
        |_| json!({}),
        |record| {
            json!({
                "crew_id": record.crew_id, "charter_id": record.charter_id, "token_id": record.token_id,
            })
        },
    );
    Ok(match &asked.form {
        Form::Simple => json!({ "isAuthorized": admitted.is_ok(), "context": context }),
        Form::Policy(method) => json!({
            "principalId": principal,
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Action": "execute-api:Invoke",
                    "Effect": if admitted.is_ok() { "Allow" } else { "Deny" },
                    "Resource": method,
                }],
            },
            "context": context,
        }),
    })
}
