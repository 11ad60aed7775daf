//! Whether the parameters of a request are what its method takes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::check::{Direction, Violation};
use super::{Found, Location, Parameter, scalar};

/// Gives the parameters of path and query by their names, or all that is wrong with them.
pub(crate) fn params(
    found: &Found,
    query: &[(String, String)],
) -> Result<BTreeMap<String, Vec<String>>, Vec<Violation>> {
    let mut params: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut violations = Vec::new();
    let of_path = found.path.iter().map(|(name, value)| (name, value, Location::Path));
    let of_query = query.iter().map(|(name, value)| (name, value, Location::Query));
    for (name, value, location) in of_path.chain(of_query) {
        let known = found.method.parameters.get(name).or_else(|| found.document.parameters.get(name));
        let Some(parameter) = known.filter(|parameter| parameter.location == location) else {
            violations.push(unknown(name));
            continue;
        };
        violations.extend(wrong(found, name, parameter, value));
        let values = params.entry(name.clone()).or_default();
        if !values.is_empty() && !parameter.repeated {
            violations.push(Violation::new(
                name,
                format!(
                    "Invalid value at '{}' ({}), Field is not repeating, cannot have several values.",
                    scalar::snake(name),
                    scalar::type_name(found.document, &parameter.schema, name)
                ),
            ));
        }
        values.push(value.clone());
    }
    for (name, parameter) in &found.method.parameters {
        if parameter.required && !params.contains_key(name) {
            violations.push(Violation::new(name, format!("Missing required field {}", scalar::snake(name))));
        }
    }
    if violations.is_empty() { Ok(params) } else { Err(violations) }
}

fn unknown(name: &str) -> Violation {
    let message = format!(
        "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could \
         not be found in request message."
    );
    Violation::new("", message)
}

fn wrong(found: &Found, name: &str, parameter: &Parameter, text: &str) -> Option<Violation> {
    let value = match parameter.schema.kind.as_deref() {
        Some("boolean") => match text.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::from(text),
        },
        _ => Value::from(text),
    };
    scalar::wrong(found.document, &parameter.schema, name, &value, Direction::Request)
        .map(|message| Violation::new(name, format!("Invalid value at '{}' {message}", scalar::snake(name))))
}
