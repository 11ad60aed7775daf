//! One cell: the fields of `CellData` that are written. What follows from them, `render` works out.

use serde_json::{Map, Value, json};

use super::{invalid, unimplemented_here};
use crate::error::ApiError;

/// What can be written and is kept.
const KEPT: [&str; 5] = ["userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns"];
/// What Sheets works out by itself, and passes over where it is written.
const DERIVED: [&str; 4] = ["effectiveValue", "effectiveFormat", "formattedValue", "hyperlink"];

/// A cell's written fields, none of which is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cell(pub(super) Map<String, Value>);

impl Cell {
    /// As an update gives it.
    pub(super) fn from_json(value: &Value) -> Result<Self, ApiError> {
        let mut cell = Self::default();
        for (name, field) in value.as_object().into_iter().flatten() {
            match name.as_str() {
                "userEnteredValue" => cell.set_value(checked(field)?),
                name if KEPT.contains(&name) => cell.set(name, field.clone()),
                name if DERIVED.contains(&name) => {}
                _ => return Err(unimplemented_here(format!("cells with {name}"))),
            }
        }
        Ok(cell)
    }

    /// The `ExtendedValue` that was entered.
    pub(super) fn value(&self) -> Option<&Value> {
        self.0.get("userEnteredValue")
    }

    pub(super) fn set_value(&mut self, value: Option<Value>) {
        self.set("userEnteredValue", value.unwrap_or(Value::Null));
    }

    /// Sets a field; what is empty counts as nothing.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        match empty {
            true => self.0.remove(name),
            false => self.0.insert(name.to_owned(), value),
        };
    }

    /// Takes this field over from another cell.
    pub(super) fn take_over(&mut self, name: &str, other: &Self) {
        self.set(name, other.0.get(name).cloned().unwrap_or(Value::Null));
    }

    /// The `NumberFormat` that the cell was given.
    pub(super) fn number_format(&self) -> Option<&Value> {
        self.0.get("userEnteredFormat")?.get("numberFormat")
    }

    /// The cell's number format becomes this one, unless it has one.
    pub(super) fn suggest_number_format(&mut self, kind: &str, pattern: &str) {
        if self.number_format().is_none() {
            let format = self.0.entry("userEnteredFormat").or_insert_with(|| json!({}));
            format["numberFormat"] = json!({ "type": kind, "pattern": pattern });
        }
    }

    /// Whether whatever is typed here stays text.
    pub(super) fn is_text(&self) -> bool {
        self.number_format().is_some_and(|format| format["type"] == "TEXT")
    }
}

/// An `ExtendedValue` that may be written.
fn checked(value: &Value) -> Result<Option<Value>, ApiError> {
    let fields = value.as_object().into_iter().flatten();
    let mut found = fields.filter(|(_, field)| !field.is_null());
    let Some((kind, field)) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(invalid("A value can be of one kind only."));
    }
    match (kind.as_str(), field) {
        ("stringValue", Value::String(text)) if text.is_empty() => Ok(None),
        ("formulaValue", Value::String(formula)) if !formula.starts_with('=') => {
            Err(invalid("A formula must begin with '='."))
        }
        ("errorValue", _) => Err(invalid("An error value cannot be written.")),
        _ => Ok(Some(value.clone())),
    }
}
