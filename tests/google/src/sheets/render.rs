//! What is read from a cell, in each of the ways in which it can be asked for.

use serde_json::{Value, json};

use super::cell::Cell;
use super::{Params, formula, invalid, pattern};
use crate::error::ApiError;

/// A `ValueRenderOption`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Render {
    Formatted,
    Unformatted { dates_as_text: bool },
    Formula { dates_as_text: bool },
}

impl Render {
    /// From two parameters, or fields of a body.
    pub(super) fn from_options(render: Option<&str>, dates: Option<&str>) -> Result<Self, ApiError> {
        let dates_as_text = match dates {
            None | Some("SERIAL_NUMBER") => false,
            Some("FORMATTED_STRING") => true,
            Some(other) => return Err(invalid(format!("Invalid dateTimeRenderOption: {other}"))),
        };
        match render {
            None | Some("FORMATTED_VALUE") => Ok(Self::Formatted),
            Some("UNFORMATTED_VALUE") => Ok(Self::Unformatted { dates_as_text }),
            Some("FORMULA") => Ok(Self::Formula { dates_as_text }),
            Some(other) => Err(invalid(format!("Invalid valueRenderOption: {other}"))),
        }
    }

    /// Of a request that reads.
    pub(super) fn of(params: Params<'_>) -> Result<Self, ApiError> {
        Self::from_options(params.one("valueRenderOption"), params.one("dateTimeRenderOption"))
    }

    /// A cell's value in an answer; nothing if the cell is empty.
    pub(super) fn value(self, cell: &Cell) -> Option<Value> {
        let entered = cell.value()?;
        let dates_as_text = match self {
            Self::Formatted => return formatted(cell).map(Value::String),
            Self::Formula { dates_as_text } => match entered.get("formulaValue") {
                Some(formula) => return Some(formula.clone()),
                None => dates_as_text,
            },
            Self::Unformatted { dates_as_text } => dates_as_text,
        };
        let effective = effective(entered);
        let is_number = effective.get("numberValue").is_some();
        if dates_as_text && is_number && pattern::is_moment(cell.number_format()) {
            return formatted(cell).map(Value::String);
        }
        let (kind, value) = effective.as_object()?.iter().next()?;
        match kind.as_str() {
            "errorValue" => Some(json!(formula::error_text(value))),
            _ => Some(value.clone()),
        }
    }
}

/// The `ExtendedValue` that a cell has by what was entered.
pub(super) fn effective(entered: &Value) -> Value {
    match entered["formulaValue"].as_str() {
        Some(formula) => formula::evaluate(formula),
        None => entered.clone(),
    }
}

/// A cell's text, as people see it.
pub(super) fn formatted(cell: &Cell) -> Option<String> {
    let effective = effective(cell.value()?);
    let (kind, value) = effective.as_object()?.iter().next()?;
    Some(match (kind.as_str(), value) {
        ("numberValue", number) => pattern::format(number.as_f64()?, cell.number_format()),
        ("boolValue", truth) => if truth == true { "TRUE" } else { "FALSE" }.to_owned(),
        ("errorValue", error) => formula::error_text(error).to_owned(),
        (_, text) => text.as_str()?.to_owned(),
    })
}

/// A number as JSON has it, without a point where none is needed.
pub(super) fn number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.fract() == 0.0 && number.abs() < EXACT {
        true => json!(number as i64),
        false => json!(number),
    }
}
