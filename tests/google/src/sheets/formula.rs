//! What a formula gives. Only sums of constants are worked out (`=1+2*3`, `="text"`, `=TRUE`); whatever else a
//! formula says is kept and read back, and gives an error whose message says that this is no real Sheets.

use serde_json::{Value, json};

use super::render::number;

/// The `ExtendedValue` of a formula, which begins with `=`.
pub(super) fn evaluate(formula: &str) -> Value {
    let text = formula.trim_start_matches('=').trim();
    match text.to_ascii_uppercase().as_str() {
        "TRUE" => return json!({ "boolValue": true }),
        "FALSE" => return json!({ "boolValue": false }),
        _ => {}
    }
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    if let Some(quoted) = quoted.filter(|quoted| !quoted.contains('"')) {
        return json!({ "stringValue": quoted });
    }
    let mut reader = Reader { rest: text };
    match reader.sum() {
        Some(_) if !reader.rest.is_empty() => not_worked_out(),
        Some(sum) if sum.is_finite() => json!({ "numberValue": number(sum) }),
        Some(_) => error("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
        None => not_worked_out(),
    }
}

/// How an error looks in its cell.
pub(super) fn error_text(error: &Value) -> &'static str {
    match error["type"].as_str() {
        Some("DIVIDE_BY_ZERO") => "#DIV/0!",
        _ => "#ERROR!",
    }
}

fn not_worked_out() -> Value {
    error("ERROR", "Formulas are kept here, and not worked out.")
}

fn error(kind: &str, message: &str) -> Value {
    json!({ "errorValue": { "type": kind, "message": message } })
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn sum(&mut self) -> Option<f64> {
        let mut sum = self.product()?;
        loop {
            if self.skip('+') {
                sum += self.product()?;
            } else if self.skip('-') {
                sum -= self.product()?;
            } else {
                return Some(sum);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut product = self.factor()?;
        loop {
            if self.skip('*') {
                product *= self.factor()?;
            } else if self.skip('/') {
                product /= self.factor()?;
            } else {
                return Some(product);
            }
        }
    }

    fn factor(&mut self) -> Option<f64> {
        if self.skip('-') {
            return Some(-self.factor()?);
        }
        if self.skip('(') {
            let sum = self.sum()?;
            return self.skip(')').then_some(sum);
        }
        let is_part = |letter: char| letter.is_ascii_digit() || letter == '.';
        let length = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(length);
        self.rest = rest.trim_start();
        number.parse().ok()
    }

    fn skip(&mut self, mark: char) -> bool {
        let Some(rest) = self.rest.strip_prefix(mark) else { return false };
        self.rest = rest.trim_start();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_constants_are_worked_out() {
        for (formula, value) in [
            ("=1+2", json!({ "numberValue": 3 })),
            ("= 2 * (3 - 1) / 8", json!({ "numberValue": 0.5 })),
            ("=-4", json!({ "numberValue": -4 })),
            ("=\"x\"", json!({ "stringValue": "x" })),
            ("=true", json!({ "boolValue": true })),
        ] {
            assert_eq!(evaluate(formula), value, "{formula}");
        }
    }

    #[test]
    fn everything_else_is_an_error() {
        for (formula, kind) in
            [("=1/0", "DIVIDE_BY_ZERO"), ("=SUM(A1:A3)", "ERROR"), ("=A1", "ERROR"), ("=1+", "ERROR")]
        {
            assert_eq!(evaluate(formula)["errorValue"]["type"], kind, "{formula}");
        }
    }
}
