//! Whether a single value is what a schema says, and how Google says that it is not.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use serde_json::Value;

use super::check::Direction;
use super::{Document, Schema};

/// What is wrong with a value, in Google's words: the type in brackets, then the value.
pub(super) fn wrong(
    document: &Document,
    schema: &Schema,
    name: &str,
    value: &Value,
    direction: Direction,
) -> Option<String> {
    let said = || Some(format!("({}), {value}", type_name(document, schema, name)));
    if let Some(names) = &schema.names {
        let known = value.as_str().is_some_and(|value| names.iter().any(|name| name == value));
        return if known { None } else { said() };
    }
    let request = direction == Direction::Request;
    let (kind, format) = (schema.kind.as_deref().unwrap_or_default(), schema.format.as_deref());
    let right = match (kind, format) {
        ("integer", format) => whole(value, request).is_some_and(|number| fits(number, format)),
        // Whole numbers of 64 bits are texts in JSON; a number is understood as well.
        ("string", Some("int64" | "uint64")) => {
            let number = whole(value, true).filter(|_| request || value.is_string());
            number.is_some_and(|number| fits(number, format))
        }
        ("number", _) => {
            value.is_number() || value.as_str().is_some_and(|text| request && text.parse::<f64>().is_ok())
        }
        ("boolean", _) => value.is_boolean(),
        ("string", Some("byte")) => match value.as_str() {
            Some(text) if bytes(text).is_none() => {
                return Some(format!("(TYPE_BYTES), Base64 decoding failed for {value}"));
            }
            text => text.is_some(),
        },
        ("string", Some("google-fieldmask")) => value.as_str().is_some_and(is_mask),
        ("string", Some("google-datetime")) => {
            value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok())
        }
        ("string", None) => value.is_string(),
        _ => unreachable!("the documents have no {kind} of the format {format:?}"),
    };
    if right { None } else { said() }
}

/// What `format: byte` stands for: base64 of either alphabet, padded or not.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let bare = text.trim_end_matches('=');
    // Padding, where there is some, fills up a group of four.
    if bare.len() != text.len() && !text.len().is_multiple_of(4) {
        return None;
    }
    let url = bare.contains(['-', '_']);
    let encoding = if url { BASE64URL_NOPAD } else { BASE64_NOPAD };
    encoding.decode(bare.as_bytes()).ok()
}

/// What Google calls a type when it refuses a value.
pub(super) fn type_name(document: &Document, schema: &Schema, name: &str) -> String {
    if schema.names.is_some() {
        let name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        return format!("type.googleapis.com/{}.{name}", document.package());
    }
    let name = match (schema.kind.as_deref().unwrap_or_default(), schema.format.as_deref()) {
        (_, Some("google-fieldmask")) => return "type.googleapis.com/google.protobuf.FieldMask".to_owned(),
        (_, Some("google-datetime")) => return "type.googleapis.com/google.protobuf.Timestamp".to_owned(),
        (_, Some("byte")) => "BYTES",
        (_, Some("int64")) => "INT64",
        (_, Some("uint64")) => "UINT64",
        ("integer", _) => "INT32",
        ("number", Some("float")) => "FLOAT",
        ("number", _) => "DOUBLE",
        ("boolean", _) => "BOOL",
        _ => "STRING",
    };
    format!("TYPE_{name}")
}

/// The name that a field has in Google's own types.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn whole(value: &Value, text_too: bool) -> Option<i128> {
    match value {
        Value::Number(number) => match number.as_i128() {
            Some(number) => Some(number),
            // `2.0` is a whole number to whoever reads proto3's JSON.
            None => number
                .as_f64()
                .filter(|number| text_too && number.fract() == 0.0)
                .map(|number| number as i128),
        },
        Value::String(text) if text_too => text.parse().ok(),
        _ => None,
    }
}

fn fits(number: i128, format: Option<&str>) -> bool {
    match format {
        Some("int64") => i64::try_from(number).is_ok(),
        Some("uint64") => u64::try_from(number).is_ok(),
        _ => i32::try_from(number).is_ok(),
    }
}

/// Names with dots, commas and brackets; `*` for all.
fn is_mask(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.,()*/ ".contains(letter))
}
