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
                let token = text("/queryStringParameters/token").map(str::to_owned);
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
            return request
                .map(|request| Self::Request(Box::new(request)))
                .or_else(|error| unknown(&format!("a request that cannot be read, {error}")));
        }
        if text("/httpMethod").is_some() {
            return unknown("a request of payload format 1.0; set the integration's format to 2.0");
        }
        unknown("neither a request, nor a question of an authorizer, nor a schedule's")
    }
}

fn unknown<T>(what: &str) -> Result<T, EventError> {
    Err(EventError::Unknown(what.to_owned()))
}
