//! Google's discovery documents, reduced to the facts (`discovery/reduce.py`): which methods there are, and of which types
//! their parameters, requests and answers are.
//!
//! | file | what |
//! | --- | --- |
//! | `route` | from a path to a method |
//! | `params` | whether the parameters of a request are what the method takes |
//! | `check` | whether JSON is what a schema says |
//! | `scalar` | the same for single values |

mod check;
mod params;
mod route;
mod scalar;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub(crate) use self::check::{Violation, answer, request};
pub(crate) use self::params::params;
pub(crate) use self::route::{Found, find};
pub(crate) use self::scalar::bytes;

static DOCUMENTS: LazyLock<[Document; 2]> = LazyLock::new(|| {
    let texts =
        [include_str!("../../discovery/gmail.v1.json"), include_str!("../../discovery/sheets.v4.json")];
    texts.map(|text| serde_json::from_str(text).expect("a reduced discovery document"))
});

/// What is known of one API.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    /// Such as `gmail:v1`.
    id: String,
    /// Those that every method takes.
    parameters: BTreeMap<String, Parameter>,
    methods: BTreeMap<String, Method>,
    schemas: BTreeMap<String, Schema>,
}

/// One method of an API.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Method {
    http_method: String,
    path: String,
    parameters: BTreeMap<String, Parameter>,
    /// One of them is needed.
    pub(crate) scopes: Vec<String>,
    /// The schema of the body.
    request: Option<String>,
    response: String,
    pub(crate) media_upload: Option<MediaUpload>,
}

/// How something is sent to a method that is no JSON.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MediaUpload {
    /// Such as `message/*`.
    pub(crate) accept: Vec<String>,
    path: String,
}

#[derive(Debug, Deserialize)]
struct Parameter {
    location: Location,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    repeated: bool,
    #[serde(flatten)]
    schema: Schema,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Location {
    Path,
    Query,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    format: Option<String>,
    #[serde(rename = "enum")]
    names: Option<Vec<String>>,
    items: Option<Box<Schema>>,
    properties: Option<BTreeMap<String, Schema>>,
    additional_properties: Option<Box<Schema>>,
}

impl Document {
    /// The package in which Google's types of this API are.
    fn package(&self) -> &'static str {
        match self.is_gmail() {
            true => "google.apps.gmail.v1",
            false => "google.apps.sheets.v4",
        }
    }

    /// Gmail answers errors in another form.
    pub(crate) fn is_gmail(&self) -> bool {
        self.id == "gmail:v1"
    }
}

/// Every scope that some method of these APIs takes.
pub(crate) fn has_scope(scope: &str) -> bool {
    let mut methods = DOCUMENTS.iter().flat_map(|document| document.methods.values());
    methods.any(|method| method.scopes.iter().any(|of_method| of_method == scope))
}
