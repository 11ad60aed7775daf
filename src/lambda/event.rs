//! Which of the kinds an event is. They name themselves in different places, and some have the fields of others.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::Value;

use super::EventError;
use super::authorizer::{Form, Question};

/// An event that has an answer.
#[derive(Debug)]
pub(super) enum Event {
    Request(Box<ApiGatewayV2httpRequest>),
    Question(Question),
    Tick,
}

impl Event {
    /// Reads what Lambda delivers.
    ///
    /// # Errors
    /// It is none of ours, and what it seems to be.
    pub(super) fn parse(event: Value) -> Result<Self, EventError> {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        match (text("/type"), text("/source")) {
            (Some("REQUEST"), _) => {
                let token = only_token(&event).map(str::to_owned);
                let form = match (text("/routeArn"), text("/methodArn")) {
                    (Some(_), _) => Form::Simple,
                    (None, Some(method)) => Form::Policy(method.to_owned()),
                    (None, None) => return unknown("a question of an authorizer that names no route"),
                };
                return Ok(Self::Question(Question { token, form }));
            }
            (Some("TOKEN"), _) => {
                return unknown("a question of a TOKEN authorizer; make it one of the type REQUEST");
            }
            (None, Some("aws.events" | "aws.scheduler"))
                if text("/detail-type") == Some("Scheduled Event") =>
            {
                return Ok(Self::Tick);
            }
            _ => {}
        }
        if text("/requestContext/http/method").is_some() {
            let request = serde_json::from_value(event);
            // What the parser says may have a value of the event in it, such as half a link.
            return request
                .map(|request| Self::Request(Box::new(request)))
                .or_else(|_| unknown("a request that cannot be read"));
        }
        if text("/httpMethod").is_some() {
            return unknown("a request of payload format 1.0; set the integration's format to 2.0");
        }
        unknown("neither a request, nor a question of an authorizer, nor a schedule's")
    }
}

/// The `token` of the address that a question is about; none if it has several: the one who asks and the one who is
/// asked might each take another. Payload format 1.0 has all of them in a list of its own; 2.0 has them in one text,
/// with commas, which is no link.
fn only_token(event: &Value) -> Option<&str> {
    let all = event.pointer("/multiValueQueryStringParameters/token").and_then(Value::as_array);
    let token = event.pointer("/queryStringParameters/token").and_then(Value::as_str);
    token.filter(|_| all.is_none_or(|all| all.len() == 1))
}

fn unknown<T>(what: &str) -> Result<T, EventError> {
    Err(EventError::Unknown(what.to_owned()))
}
