//! Field masks (<https://protobuf.dev/reference/protobuf/google.protobuf/#field-mask>): which fields an answer has,
//! and which ones an update writes.
//!
//! Understood is what clients send: `a,b`, `a.b`, `a/b`, `a(b,c)`, and `*` for everything.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::invalid;
use crate::error::ApiError;

/// A tree of field names.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mask {
    /// Everything from here on.
    All,
    /// These fields.
    Only(BTreeMap<String, Mask>),
}

impl Mask {
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let mut reader = Reader { text, rest: text };
        let mask = reader.list()?;
        match reader.rest {
            "" => Ok(mask),
            _ => Err(reader.error()),
        }
    }

    /// The mask of an update, which must name something.
    pub(super) fn of_update(request: &Value) -> Result<Self, ApiError> {
        match request["fields"].as_str().unwrap_or_default().trim() {
            "" => Err(invalid(
                "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
            )),
            fields => Self::parse(fields),
        }
    }

    /// What the mask says below this field; nothing if it is not named.
    pub(super) fn below(&self, name: &str) -> Option<&Self> {
        match self {
            Self::All => Some(self),
            Self::Only(fields) => fields.get(name),
        }
    }

    /// Whether it names this path, or part of it.
    pub(super) fn names(&self, path: &[&str]) -> bool {
        match path {
            [] => true,
            [name, rest @ ..] => self.below(name).is_some_and(|below| below.names(rest)),
        }
    }

    /// An answer's part that was asked for; what lists hold is looked at one by one.
    pub(super) fn select(&self, value: Value) -> Value {
        match (self, value) {
            (Self::All, value) => value,
            (_, Value::Array(items)) => items.into_iter().map(|item| self.select(item)).collect(),
            (Self::Only(fields), Value::Object(object)) => {
                let named = object.into_iter().filter_map(|(name, value)| {
                    let below = fields.get(&name)?;
                    Some((name, below.select(value)))
                });
                Value::Object(named.collect())
            }
            (Self::Only(_), value) => value,
        }
    }

    /// Writes the named fields of `from`; a field that is named and not there is taken away.
    pub(super) fn assign(&self, to: &mut Map<String, Value>, from: &Map<String, Value>) {
        let fields = match self {
            Self::All => return to.clone_from(from),
            Self::Only(fields) => fields,
        };
        for (name, below) in fields {
            match below {
                Self::All => match from.get(name) {
                    Some(value) => drop(to.insert(name.clone(), value.clone())),
                    None => drop(to.remove(name)),
                },
                Self::Only(_) => {
                    let nothing = Map::new();
                    let from = from.get(name).and_then(Value::as_object).unwrap_or(&nothing);
                    let mut inner = match to.remove(name) {
                        Some(Value::Object(inner)) => inner,
                        _ => Map::new(),
                    };
                    below.assign(&mut inner, from);
                    if !inner.is_empty() {
                        to.insert(name.clone(), Value::Object(inner));
                    }
                }
            }
        }
    }

    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Only(mut fields), Self::Only(others)) => {
                for (name, below) in others {
                    let joined = match fields.remove(&name) {
                        Some(known) => known.join(below),
                        None => below,
                    };
                    fields.insert(name, joined);
                }
                Self::Only(fields)
            }
            _ => Self::All,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl Reader<'_> {
    fn list(&mut self) -> Result<Mask, ApiError> {
        let mut mask = self.path()?;
        while self.skip(",") {
            mask = mask.join(self.path()?);
        }
        Ok(mask)
    }

    fn path(&mut self) -> Result<Mask, ApiError> {
        self.rest = self.rest.trim_start();
        if self.skip("*") {
            return Ok(Mask::All);
        }
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let length = self.rest.find(|letter| !is_name(letter)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(length);
        if name.is_empty() {
            return Err(self.error());
        }
        self.rest = rest.trim_start();
        let below = if self.skip(".") || self.skip("/") {
            self.path()?
        } else if self.skip("(") {
            let list = self.list()?;
            if !self.skip(")") {
                return Err(self.error());
            }
            list
        } else {
            Mask::All
        };
        Ok(Mask::Only(BTreeMap::from([(name.to_owned(), below)])))
    }

    fn skip(&mut self, mark: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(mark) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn error(&self) -> ApiError {
        invalid(format!("Invalid field selection {}", self.text))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn selected(mask: &str, expect: Value) {
        let book = json!({
            "spreadsheetId": "x",
            "properties": { "title": "Crew", "locale": "en_US" },
            "sheets": [{ "properties": { "sheetId": 0, "title": "June" }, "data": [{}] }, { "properties": {} }],
        });
        assert_eq!(Mask::parse(mask).unwrap().select(book), expect);
    }

    #[test]
    fn an_answer_has_what_was_asked_for() {
        selected("properties.title", json!({ "properties": { "title": "Crew" } }));
        selected(
            "properties/title,spreadsheetId",
            json!({ "properties": { "title": "Crew" }, "spreadsheetId": "x" }),
        );
        selected("sheets(properties(sheetId,title),data)", {
            let june = json!({ "properties": { "sheetId": 0, "title": "June" }, "data": [{}] });
            json!({ "sheets": [june, { "properties": {} }] })
        });
        selected("sheets.properties.title , sheets.data", {
            json!({ "sheets": [{ "properties": { "title": "June" }, "data": [{}] }, { "properties": {} }] })
        });
        selected("sheets.merges", json!({ "sheets": [{}, {}] }));
        selected("properties.*", json!({ "properties": { "title": "Crew", "locale": "en_US" } }));
    }

    #[test]
    fn what_is_no_mask_is_refused() {
        for wrong in ["", "a(b", "a,,b", "a b", "a.", ")"] {
            assert_eq!(Mask::parse(wrong).unwrap_err().code, 400, "{wrong}");
        }
    }

    #[test]
    fn an_update_takes_away_what_is_named_and_not_given() {
        let mut to = json!({ "note": "n", "format": { "bold": true, "size": 9 }, "value": 1 });
        let from = json!({ "format": { "bold": false } });
        let mask = Mask::parse("note,format.bold,format.size").unwrap();
        mask.assign(to.as_object_mut().unwrap(), from.as_object().unwrap());
        assert_eq!(to, json!({ "format": { "bold": false }, "value": 1 }));
    }
}
