//! Whether JSON is what a schema says. Google reads a request as proto3's JSON: names it does not know are wrong, `null` is
//! the same as nothing, numbers may be texts. Its own answers are stricter, and so is the check of them.

use serde_json::Value;

use super::scalar::{self, snake};
use super::{Document, Found, Schema};

/// Which way JSON goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To Google.
    Request,
    /// From Google.
    Answer,
}

/// One thing that is wrong, as `google.rpc.BadRequest` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) field: String,
    pub(crate) description: String,
}

impl Violation {
    pub(super) fn new(field: &str, description: String) -> Self {
        Self { field: snake(field), description }
    }
}

/// All that is wrong with the body of a request.
pub(crate) fn request(found: &Found, body: &Value) -> Vec<Violation> {
    let Some(name) = &found.method.request else { return Vec::new() };
    // The field of Google's own request that the body fills; a type named so is the request itself.
    let field = match name.as_str() {
        name if name.ends_with("Request") => String::new(),
        "ValueRange" => "data".to_owned(),
        name => snake(&format!("{}{}", name[..1].to_lowercase(), &name[1..])),
    };
    if !body.is_object() {
        let message = "Invalid JSON payload received. Unknown name \"\": Root element must be a message.";
        return vec![Violation::new("", message.to_owned())];
    }
    let mut check = Check { document: found.document, direction: Direction::Request, violations: Vec::new() };
    check.message(name, &field, body);
    check.violations
}

/// All that is wrong with an answer.
pub(crate) fn answer(found: &Found, body: &Value) -> Vec<Violation> {
    let mut check = Check { document: found.document, direction: Direction::Answer, violations: Vec::new() };
    check.message(&found.method.response, "", body);
    check.violations
}

struct Check {
    document: &'static Document,
    direction: Direction,
    violations: Vec<Violation>,
}

impl Check {
    fn message(&mut self, name: &str, path: &str, value: &Value) {
        let document = self.document;
        let schema = &document.schemas[name];
        let Value::Object(fields) = value else {
            let of = format!("type.googleapis.com/{}.{name}", document.package());
            return self.wrong(path, format!("({of}), {value}"));
        };
        let properties = schema.properties.as_ref();
        for (field, value) in fields {
            match properties.and_then(|properties| property(properties, field, self.direction)) {
                Some((name, schema)) => self.value(schema, &join(path, name), name, value),
                None => self.unknown(path, field),
            }
        }
    }

    fn value(&mut self, schema: &Schema, path: &str, name: &str, value: &Value) {
        if value.is_null() && self.direction == Direction::Request {
            return;
        }
        if let Some(reference) = &schema.reference {
            return self.message(reference, path, value);
        }
        match (schema.kind.as_deref(), value) {
            (Some("any"), _) => {}
            (Some("array"), Value::Array(items)) => {
                let schema = schema.items.as_ref().expect("items of an array");
                for (index, item) in items.iter().enumerate() {
                    self.value(schema, &format!("{path}[{index}]"), name, item);
                }
            }
            (Some("array"), _) => {
                self.wrong(path, format!("(type.googleapis.com/google.protobuf.ListValue), {value}"))
            }
            (Some("object"), Value::Object(fields)) => match &schema.additional_properties {
                Some(schema) => {
                    for (key, value) in fields {
                        self.value(schema, &format!("{path}[\"{key}\"]"), name, value);
                    }
                }
                None => {
                    for field in fields.keys() {
                        self.unknown(path, field);
                    }
                }
            },
            (Some("object"), _) => {
                self.wrong(path, format!("(type.googleapis.com/google.protobuf.Struct), {value}"))
            }
            _ => {
                if let Some(message) = scalar::wrong(self.document, schema, name, value, self.direction) {
                    self.wrong(path, message);
                }
            }
        }
    }

    fn wrong(&mut self, path: &str, message: String) {
        self.violations.push(Violation::new(path, format!("Invalid value at '{}' {message}", snake(path))));
    }

    fn unknown(&mut self, path: &str, name: &str) {
        let at = if path.is_empty() { String::new() } else { format!(" at '{}'", snake(path)) };
        let message =
            format!("Invalid JSON payload received. Unknown name \"{name}\"{at}: Cannot find field.");
        self.violations.push(Violation::new(path, message));
    }
}

/// A field by its name in JSON, or, in a request, by the one that it has in Google's own types.
fn property<'a>(
    properties: &'a std::collections::BTreeMap<String, Schema>,
    name: &str,
    direction: Direction,
) -> Option<(&'a str, &'a Schema)> {
    let named = |(known, _): &(&String, &Schema)| {
        *known == name || direction == Direction::Request && snake(known) == name
    };
    properties.iter().find(named).map(|(known, schema)| (known.as_str(), schema))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
