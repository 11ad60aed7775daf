//! From a path to a method.
//!
//! A template such as `v4/spreadsheets/{spreadsheetId}/values/{range}:append` is compared segment by segment, before
//! anything is decoded. What comes after the last colon of a segment is a verb if some template says so: `A1:B2` is a range,
//! `A1:B2:append` is a range and a verb.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::{DOCUMENTS, Document, Method};

/// The method that a path leads to.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) document: &'static Document,
    /// Such as `sheets.spreadsheets.values.get`.
    pub(crate) id: &'static str,
    pub(crate) method: &'static Method,
    /// The variables of the path, decoded.
    pub(crate) path: BTreeMap<String, String>,
    /// Whether the path is the one for uploads.
    pub(crate) upload: bool,
}

/// Finds the method of a request; `path` as it came, with the slash in front.
pub(crate) fn find(http_method: &str, path: &str) -> Option<Found> {
    let path = path.strip_prefix('/')?;
    let mut found: Vec<(usize, Found)> = Vec::new();
    for document in DOCUMENTS.iter() {
        for (id, method) in document.methods.iter().filter(|(_, method)| method.http_method == http_method) {
            let upload = method.media_upload.as_ref().map(|upload| (&upload.path, true));
            for (template, upload) in upload.into_iter().chain([(&method.path, false)]) {
                if let Some(variables) = variables(template, path) {
                    found.push((template.len(), Found { document, id, method, path: variables, upload }));
                }
            }
        }
    }
    // With a verb before without.
    found.into_iter().max_by_key(|(length, _)| *length).map(|(_, found)| found)
}

fn variables(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (templates, segments): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    if templates.len() != segments.len() {
        return None;
    }
    let mut variables = BTreeMap::new();
    for (template, segment) in templates.into_iter().zip(segments) {
        match template.strip_prefix('{').and_then(|template| template.split_once('}')) {
            None if template == segment => {}
            None => return None,
            Some((name, verb)) => {
                let value = segment.strip_suffix(verb).filter(|value| !value.is_empty())?;
                variables.insert(name.to_owned(), percent_decode_str(value).decode_utf8().ok()?.into_owned());
            }
        }
    }
    Some(variables)
}
