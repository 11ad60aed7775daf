//! JSON as DynamoDB's attribute values, and back.
//!
//! Not all JSON comes back as it was: `1.0` comes back as `1`, there are no empty names inside of a value that
//! every peer takes, and the nesting is limited. [`attribute`] answers `None` there, and the row is kept as text.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Number, Value};

/// How deep values may be nested; DynamoDB takes 32 levels.
const LEVELS: usize = 30;
/// DynamoDB's numbers reach from 1e-130 to 9.9e125.
const NUMBERS: std::ops::Range<f64> = 1e-125..1e125;

/// The attribute value that comes back as the same JSON, if there is one.
pub(super) fn attribute(value: &Value) -> Option<AttributeValue> {
    within(value, LEVELS)
}

fn within(value: &Value, levels: usize) -> Option<AttributeValue> {
    let deeper = || levels.checked_sub(1);
    Some(match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(yes) => AttributeValue::Bool(*yes),
        Value::Number(number) => AttributeValue::N(faithful(number)?),
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Array(values) => {
            let levels = deeper()?;
            AttributeValue::L(values.iter().map(|value| within(value, levels)).collect::<Option<_>>()?)
        }
        Value::Object(fields) => {
            let levels = deeper()?;
            let field = |(name, value): (&String, &Value)| {
                if name.is_empty() { None } else { Some((name.clone(), within(value, levels)?)) }
            };
            AttributeValue::M(fields.iter().map(field).collect::<Option<_>>()?)
        }
    })
}

/// A number's text, if it is one that DynamoDB gives back as the same JSON: it does not tell `1.0` from `1`.
fn faithful(number: &Number) -> Option<String> {
    if !number.is_f64() {
        return Some(number.to_string());
    }
    let float = number.as_f64()?;
    (float.fract() != 0.0 && NUMBERS.contains(&float.abs())).then(|| number.to_string())
}

/// The JSON of an attribute value. `None` for bytes, which JSON does not have.
pub(super) fn json(attribute: &AttributeValue) -> Option<Value> {
    Some(match attribute {
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::Bool(yes) => Value::Bool(*yes),
        AttributeValue::N(text) => number(text)?,
        AttributeValue::S(text) => Value::String(text.clone()),
        AttributeValue::L(values) => Value::Array(values.iter().map(json).collect::<Option<_>>()?),
        AttributeValue::M(fields) => Value::Object(object(fields)?),
        // Sets are not ours; other programs may have written them.
        AttributeValue::Ss(texts) => texts.iter().cloned().map(Value::String).collect(),
        AttributeValue::Ns(texts) => {
            Value::Array(texts.iter().map(|text| number(text)).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The JSON of all these attributes.
pub(super) fn object(fields: &HashMap<String, AttributeValue>) -> Option<Map<String, Value>> {
    fields.iter().map(|(name, value)| Some((name.clone(), json(value)?))).collect()
}

fn number(text: &str) -> Option<Value> {
    let whole = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    whole.ok().or_else(|| Number::from_f64(text.parse().ok()?)).map(Value::Number)
}

/// The bytes that a value counts against the size of its item.
///
/// As the documentation has it under "DynamoDB item sizes and formats": text by its UTF-8 bytes, a number by
/// about one byte for two digits and one more, lists and maps by 3 bytes and one for each element beside these.
pub(super) fn size(attribute: &AttributeValue) -> usize {
    match attribute {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(text) => text.len().div_ceil(2) + 2,
        AttributeValue::L(values) => 3 + values.iter().map(|value| size(value) + 1).sum::<usize>(),
        AttributeValue::M(fields) => {
            3 + fields.iter().map(|(name, value)| name.len() + size(value) + 1).sum::<usize>()
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_an_attribute_comes_back_as_it_was() {
        for value in [
            json!({ "name": "Zoë 🚤", "empty": "", "none": null, "list": [1, [true], {}], "nul": "a\u{0}b" }),
            json!([0, -1, 9_007_199_254_740_993_i64, i64::MIN, u64::MAX, 0.1, -1e-7, 1.5]),
        ] {
            assert_eq!(super::json(&attribute(&value).unwrap()).unwrap(), value);
        }
    }

    #[test]
    fn what_would_not_come_back_has_none() {
        let deep = (0..LEVELS).fold(json!([]), |inner, _| json!([inner]));
        for value in [json!(1.0), json!(-0.0), json!(1e300), json!(1e-300), json!([{ "": 1 }]), deep] {
            assert_eq!(attribute(&value), None, "{value}");
        }
    }

    #[test]
    fn what_others_wrote_reads_as_json() {
        let set = AttributeValue::Ss(vec!["a".into(), "b".into()]);
        assert_eq!(super::json(&set), Some(json!(["a", "b"])));
        let numbers = AttributeValue::Ns(vec!["1".into(), "2.50".into()]);
        assert_eq!(super::json(&numbers), Some(json!([1, 2.5])));
        let bytes = AttributeValue::B(aws_sdk_dynamodb::primitives::Blob::new([1]));
        assert_eq!(super::json(&bytes), None);
    }
}
