//! One charter, from JSON.

use crewcall_dispatch::model::{Booking, Fault};
use serde_json::Value;

use super::json;

/// Why a text is no charter.
#[derive(Debug, thiserror::Error)]
pub enum CharterError {
    /// It is no JSON object.
    #[error("{0}")]
    Form(String),
    /// A field is missing its form.
    #[error("{0}")]
    Field(Fault),
}

/// Reads a charter; what its fields say is checked by [`Booking::check`].
///
/// # Errors
/// Where the JSON is wrong, or the first field that is not of the right kind.
pub fn read(text: &str) -> Result<Booking, CharterError> {
    let value = json::parse(text).map_err(|error| CharterError::Form(error.to_string()))?;
    if !value.is_object() {
        let form = "this is no charter; write one object, {\"charter_id\": …, \"vessel\": …}";
        return Err(CharterError::Form(form.into()));
    }
    booking(value).map_err(CharterError::Field)
}

fn booking(value: Value) -> Result<Booking, Fault> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let field = error.path().to_string();
        let words = error.inner().to_string();
        // What the parser would have liked is said in its own terms; ours follow.
        Fault::new(
            &field,
            match words.split_once(", expected ") {
                Some((unknown, known)) if unknown.starts_with("unknown field") => {
                    let known = known.trim_start_matches("one of ");
                    format!("{unknown}; take it out, or correct its name to one of {known}")
                }
                Some((words, _)) => format!("{words}; {}", wanted(&field)),
                None => format!("{words}; {}", wanted(&field)),
            },
        )
    })
}

/// What would be right, by field.
fn wanted(field: &str) -> &'static str {
    match field.split(['.', '[']).next().unwrap_or_default() {
        "guests" => "write a whole number such as 6",
        "gross_revenue" | "channel_fee" | "gratuity" => "write an amount in quotes, \"1450.00\"",
        "positions" => "write [{\"position\": \"captain\", \"quantity\": 1}, …]",
        "departs_at" | "returns_at" | "call_time" => "write \"2026-06-27T16:00:00-07:00\"",
        "charter_id" | "vessel" | "dock" => "write text in quotes",
        _ => "take it out, or correct its name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_the_wrong_kind_is_named() {
        for (text, words) in [
            (r#"{"guests":"six"}"#, "guests: invalid type"),
            (r#"{"guests":-1}"#, "write a whole number"),
            (r#"{"gross_revenue":1450.0}"#, "in quotes"),
            (r#"{"positions":[{"position":"captain","quantity":"1"}]}"#, "positions[0].quantity"),
            (
                r#"{"vesel":"America"}"#,
                "unknown field `vesel`; take it out, or correct its name to one of `charter_id`, `vessel`",
            ),
            ("[]", "write one object"),
            ("{\"guests\":6,\"guests\":7}", "twice"),
        ] {
            let sentence = read(text).unwrap_err().to_string();
            assert!(sentence.contains(words), "{text}: {sentence}");
        }
    }
}
