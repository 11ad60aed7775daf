//! Google's "no" to a call of an API, in its two forms: a status and typed details (<https://google.aip.dev/193>), and with
//! Gmail the older `errors` with a reason besides
//! (<https://developers.google.com/workspace/gmail/api/guides/handle-errors>).

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::discovery::{Found, Violation};
use crate::error::ApiError;

/// Where Google says what is wrong with a sign-in.
const REALM: &str = "Bearer realm=\"https://accounts.google.com/\"";
/// The number of the project to which every client belongs.
const PROJECT: &str = "project_number:555010000000";

/// A refused call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    error: ApiError,
    /// The older form's.
    reason: &'static str,
    details: Vec<Value>,
    headers: Vec<(&'static str, String)>,
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        let reason = match error.status {
            "INVALID_ARGUMENT" => "invalidArgument",
            "FAILED_PRECONDITION" => "failedPrecondition",
            "UNAUTHENTICATED" => "authError",
            "PERMISSION_DENIED" => "forbidden",
            "NOT_FOUND" => "notFound",
            "RESOURCE_EXHAUSTED" => "rateLimitExceeded",
            _ => "backendError",
        };
        Self { error, reason, details: Vec::new(), headers: Vec::new() }
    }
}

impl Refusal {
    /// With the reason that usually goes along with the status.
    pub(crate) fn new(code: u16, status: &'static str, message: impl Into<String>) -> Self {
        ApiError { code, status, message: message.into() }.into()
    }

    /// A request that is wrong.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    /// A request in which these things are wrong.
    pub(crate) fn violations(violations: &[Violation]) -> Self {
        let lines: Vec<&str> = violations.iter().map(|violation| violation.description.as_str()).collect();
        let mut refusal = Self::invalid(lines.join("\n"));
        refusal.reason = "badRequest";
        let fields = violations.iter().map(|violation| match violation.field.as_str() {
            "" => json!({ "description": violation.description }),
            field => json!({ "field": field, "description": violation.description }),
        });
        let fields: Vec<Value> = fields.collect();
        let kind = "type.googleapis.com/google.rpc.BadRequest";
        refusal.details.push(json!({ "@type": kind, "fieldViolations": fields }));
        refusal
    }

    /// A request without a token, or with one that does not hold.
    pub(crate) fn unauthenticated(token: Option<&str>, found: &Found) -> Self {
        let (begins, reason) = match token {
            None => ("Request is missing required authentication credential.", "CREDENTIALS_MISSING"),
            Some(_) => ("Request had invalid authentication credentials.", "ACCESS_TOKEN_EXPIRED"),
        };
        let message = format!(
            "{begins} Expected OAuth 2 access token, login cookie or other valid authentication credential. See \
             https://developers.google.com/identity/sign-in/web/devconsole-project."
        );
        let mut refusal = Self::new(401, "UNAUTHENTICATED", message);
        refusal.details.push(error_info(reason, found));
        let says =
            if token.is_some() { format!("{REALM}, error=\"invalid_token\"") } else { REALM.to_owned() };
        refusal.headers.push(("www-authenticate", says));
        refusal
    }

    /// A token that does not go as far as this method.
    pub(crate) fn insufficient(found: &Found) -> Self {
        let mut refusal =
            Self::new(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.");
        refusal.reason = "insufficientPermissions";
        refusal.details.push(error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", found));
        let scopes = found.method.scopes.join(" ");
        let says = format!("{REALM}, error=\"insufficient_scope\", scope=\"{scopes}\"");
        refusal.headers.push(("www-authenticate", says));
        refusal
    }

    /// More than a quota by the minute allows.
    pub(crate) fn quota(units: u32, found: &Found) -> Self {
        let message = format!(
            "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service '{}' for \
             consumer '{PROJECT}'.",
            service(found)
        );
        let mut refusal = Self::new(429, "RESOURCE_EXHAUSTED", message);
        let mut info = error_info("RATE_LIMIT_EXCEEDED", found);
        info["metadata"]["consumer"] = PROJECT.into();
        info["metadata"]["quota_limit_value"] = units.to_string().into();
        refusal.details.push(info);
        refusal
    }

    /// With a reason of the older form, which then tells more than the status.
    pub(crate) fn because(mut self, reason: &'static str) -> Self {
        self.reason = reason;
        self
    }

    /// With a word about when to come back.
    pub(crate) fn retry_after(mut self, value: Option<String>) -> Self {
        self.headers.extend(value.map(|value| ("retry-after", value)));
        self
    }

    /// The headers that go along.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// As the API of this method says it.
    pub(crate) fn answer(&self, found: &Found) -> Answer {
        let ApiError { code, status, message } = &self.error;
        let mut error = json!({ "code": code, "message": message });
        if found.document.is_gmail() {
            let domain = if self.reason.ends_with("LimitExceeded") { "usageLimits" } else { "global" };
            let mut older = json!({ "message": message, "domain": domain, "reason": self.reason });
            if *code == 401 {
                older["message"] = "Invalid Credentials".into();
                older["location"] = "Authorization".into();
                older["locationType"] = "header".into();
            }
            error["errors"] = json!([older]);
        }
        error["status"] = json!(status);
        if !self.details.is_empty() {
            error["details"] = json!(self.details);
        }
        let answer = Answer::json(*code, &json!({ "error": error }));
        self.headers().fold(answer, |answer, (name, value)| answer.with(name, value))
    }
}

/// Google names the method by its own service; the id of the documents stands for that here.
fn error_info(reason: &str, found: &Found) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": { "service": service(found), "method": found.id },
    })
}

fn service(found: &Found) -> &'static str {
    if found.document.is_gmail() { "gmail.googleapis.com" } else { "sheets.googleapis.com" }
}
