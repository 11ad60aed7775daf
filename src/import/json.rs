//! JSON that says what it means.
//!
//! `serde_json` takes the last of two attributes of one name, and rounds a whole number that is too
//! large. Either would lose what somebody wrote without a word, so both are faults here.

use std::cell::Cell;
use std::fmt;

use crewcall_dispatch::limits;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text is not the JSON that it should be: one clause, with line and column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotJson(String);

/// Reads one JSON value.
///
/// # Errors
/// Where the text stops being JSON, or has more than [`limits::JSON_OBJECTS`], and how to go on.
pub fn parse(text: &str) -> Result<Value, NotJson> {
    let objects = Cell::new(0);
    let mut parser = serde_json::Deserializer::from_str(text);
    let value = Strict { objects: &objects }.deserialize(&mut parser);
    value.and_then(|value| parser.end().map(|()| value)).map_err(|error| not_json(&error))
}

/// What the parser found, as one clause.
pub(crate) fn not_json(error: &serde_json::Error) -> NotJson {
    let place = format!("line {}, column {}", error.line(), error.column());
    if error.is_eof() {
        return NotJson(format!("the JSON breaks off at {place}; is the file complete?"));
    }
    let words = error.to_string();
    // The parser ends its sentence with the place; here it comes first.
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    NotJson(format!("the JSON is wrong at {place}: {words}; correct it there"))
}

/// Reads a [`Value`] strictly.
#[derive(Clone, Copy)]
struct Strict<'a> {
    /// How many objects there were so far: even an empty one takes room.
    objects: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        /// From here on not every whole number has a floating-point form of its own.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match Number::from_f64(value) {
            Some(number) if value.abs() < EXACT => Ok(Value::Number(number)),
            _ => Err(E::custom("a number is too large to be kept exactly, write it in quotes")),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.objects.set(self.objects.get() + 1);
        if self.objects.get() > limits::JSON_OBJECTS {
            let most = limits::JSON_OBJECTS;
            return Err(A::Error::custom(format!(
                "there are more than {most} objects, make several files of it"
            )));
        }
        let mut map = Map::new();
        while let Some(attribute) = entries.next_key::<String>()? {
            if map.contains_key(&attribute) {
                return Err(A::Error::custom(format!("{attribute:?} stands here twice")));
            }
            map.insert(attribute, entries.next_value_seed(self)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_it_stands() {
        let text = r#"[{"a":{"b":[null,true,-1,18446744073709551615,0.1,"x"]}}]"#;
        assert_eq!(parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn what_would_be_lost_is_a_fault() {
        for (text, words) in [
            (r#"{"a":1,"a":2}"#, "\"a\" stands here twice"),
            ("[123456789012345678901234567890]", "in quotes"),
            ("[1,\n 2", "breaks off at line 2"),
            ("[1,\n }", "line 2, column 2"),
            ("[] []", "line 1, column 4"),
            ("'x'", "line 1, column 1"),
        ] {
            let sentence = parse(text).unwrap_err().to_string();
            assert!(sentence.contains(words), "{text}: {sentence}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn objects_without_end_are_not_read() {
        let objects = |count: usize| format!("[{}{{}}]", "{\"a\":0},".repeat(count - 1));
        assert!(parse(&objects(limits::JSON_OBJECTS)).is_ok());
        let sentence = parse(&objects(limits::JSON_OBJECTS + 1)).unwrap_err().to_string();
        assert!(sentence.contains("more than 50000 objects"), "{sentence}");
    }
}
