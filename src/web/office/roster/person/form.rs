//! The form of one person: what a record has, as fields; and what the fields say, as a record has it.
//!
//! The form sends along what it was shown with. Only what somebody changed is written, so that it undoes nothing that
//! others changed meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Credential, CrewMember, Fault};
use serde_json::{Map, Value};

use crate::app::FieldEdit;
use crate::web::office::filled::Filled;

/// The fields that are one line of text.
const LINES: [&str; 5] = ["name", "email", "phone", "rank", "time_zone"];
const ORDER: &str = "cascade_order";
/// The lists of people, and how the names of their fields begin.
pub(super) const LISTS: [(&str, &str); 2] = [("paired_crew", "pair-"), ("do_not_pair", "not_pair-")];
const PAPERS: &str = "credentials.";
/// What the form was shown with, as JSON.
pub(super) const SEEN: &str = "seen";

/// What a record has of what the form is about; a credential is a field of its own.
pub(super) type Values = BTreeMap<String, Value>;

/// Of a record what the form is about.
pub(super) fn values_of(member: &CrewMember) -> Values {
    let record = member.to_record();
    let mut values: Values = LINES
        .into_iter()
        .chain([ORDER])
        .chain(LISTS.map(|(list, _)| list))
        .filter_map(|field| {
            let value = record.get(field)?.clone();
            let blank = value.is_null()
                || value.as_str().is_some_and(|text| text.trim().is_empty())
                || value.as_array().is_some_and(Vec::is_empty);
            (!blank).then(|| (field.to_owned(), value))
        })
        .collect();
    let papers = member.credentials.iter();
    values.extend(papers.map(|(name, paper)| (format!("{PAPERS}{name}"), paper.to_string().into())));
    values
}

/// The record of somebody new.
pub(super) fn record_of(crew_id: &str, values: &Values) -> Map<String, Value> {
    let mut record = Map::new();
    let mut papers = Map::new();
    record.insert("crew_id".into(), crew_id.into());
    for (field, value) in values {
        match field.strip_prefix(PAPERS) {
            Some(paper) => papers.insert(paper.to_owned(), value.clone()),
            None => record.insert(field.clone(), value.clone()),
        };
    }
    if !papers.is_empty() {
        record.insert("credentials".into(), papers.into());
    }
    record
}

/// The form filled in with values.
pub(super) fn fill(values: &Values, seen: &Values, roster: &[CrewMember]) -> Filled {
    let mut form = Filled::default();
    for field in LINES.into_iter().chain([ORDER]) {
        match values.get(field) {
            Some(Value::String(text)) => form.set(field, text),
            Some(other) => form.set(field, other.to_string()),
            None => {}
        }
    }
    for (list, begin) in LISTS {
        let ids = values.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for (at, id) in ids.enumerate() {
            form.set(format!("{begin}{at}"), called(id, roster));
        }
    }
    let papers =
        values.iter().filter_map(|(field, value)| Some((field.strip_prefix(PAPERS)?, value.as_str()?)));
    for (at, (name, until)) in papers.enumerate() {
        form.set(format!("paper-{at}"), name);
        match until {
            "valid" => form.set(format!("endless-{at}"), "yes"),
            until => form.set(format!("until-{at}"), until),
        }
    }
    form.set(SEEN, serde_json::to_string(seen).unwrap_or_default());
    form
}

/// What people call somebody: the name where nobody else has it.
fn called(id: &str, roster: &[CrewMember]) -> String {
    let Some(member) = roster.iter().find(|member| member.crew_id.as_str() == id) else {
        return id.to_owned();
    };
    match named(&member.name, roster).as_slice() {
        [_] => member.name.clone(),
        _ => id.to_owned(),
    }
}

fn named<'a>(name: &str, roster: &'a [CrewMember]) -> Vec<&'a CrewMember> {
    roster.iter().filter(|member| member.name.to_lowercase() == name.to_lowercase()).collect()
}

/// The id of whoever is written as that.
fn find(text: &str, roster: &[CrewMember]) -> Result<String, String> {
    if roster.iter().any(|member| member.crew_id.as_str() == text) {
        return Ok(text.to_owned());
    }
    match named(text, roster).as_slice() {
        [one] => Ok(one.crew_id.to_string()),
        [] => Err(format!("nobody on the roster is called {text}; write a name or an id as it stands there")),
        several => {
            let ids: Vec<&str> = several.iter().map(|member| member.crew_id.as_str()).collect();
            Err(format!("several people are called {text}; write the id, one of {}", ids.join(", ")))
        }
    }
}

/// What the fields say. What cannot be read is said beside them.
pub(super) fn read(form: &mut Filled, roster: &[CrewMember]) -> Values {
    let mut values = Values::new();
    for field in LINES {
        values.extend(form.given(field).map(|text| (field.to_owned(), text.into())));
    }
    match form.given(ORDER).map(|text| text.parse::<u32>()) {
        Some(Ok(order)) => drop(values.insert(ORDER.into(), order.into())),
        Some(Err(_)) => form.fail(ORDER, "write a whole number, 1 for whoever is asked first"),
        None => {}
    }
    for (list, begin) in LISTS {
        let mut ids: Vec<Value> = Vec::new();
        for at in 0..form.count(begin) {
            let name = format!("{begin}{at}");
            let Some(text) = form.given(&name) else { continue };
            match find(&text, roster) {
                Ok(id) if ids.contains(&id.as_str().into()) => {
                    form.fail(&name, &format!("{text} stands here twice; keep one of the two"))
                }
                Ok(id) => ids.push(id.into()),
                Err(problem) => form.fail(&name, &problem),
            }
        }
        if !ids.is_empty() {
            values.insert(list.into(), ids.into());
        }
    }
    for at in 0..form.count("paper-") {
        read_paper(form, at, &mut values);
    }
    values
}

fn read_paper(form: &mut Filled, at: usize, values: &mut Values) {
    let [paper, until, endless, gone] =
        ["paper", "until", "endless", "gone"].map(|name| format!("{name}-{at}"));
    if form.has(&gone) {
        return;
    }
    // As they are kept: one word of small letters.
    let name = form.given(&paper).map(|name| name.to_lowercase().replace(' ', "_"));
    let end = match (form.has(&endless), form.given(&until)) {
        (false, until) => until,
        (true, None) => Some("valid".to_owned()),
        (true, Some(_)) => {
            form.fail(&until, "it has a last day, or none; keep one of the two");
            return;
        }
    };
    match (name, end) {
        (None, None) => {}
        (None, Some(_)) => form.fail(&paper, "which credential is it? Give its name"),
        (Some(_), None) => {
            form.fail(&until, "until when does it hold? Give the last day, or tick that it has no end")
        }
        (Some(_), Some(end)) if end.parse::<Credential>().is_err() => {
            form.fail(&until, "that is no day; write the last day as 2027-05-01");
        }
        (Some(name), Some(end)) => {
            if values.insert(format!("{PAPERS}{name}"), end.into()).is_some() {
                form.fail(&paper, &format!("{name} stands here twice; remove one of the two"));
            }
        }
    }
}

/// What the form changes of what it was shown with; `None` if it does not say what that was.
pub(super) fn edits(form: &Filled, values: &Values) -> Option<BTreeMap<String, FieldEdit>> {
    let seen: Values = serde_json::from_str(form.get(SEEN)).ok()?;
    let fields: BTreeSet<&String> = seen.keys().chain(values.keys()).collect();
    let changed = fields.into_iter().filter(|field| seen.get(*field) != values.get(*field));
    Some(
        changed
            .map(|field| {
                let edit = FieldEdit { was: seen.get(field).cloned(), is: values.get(field).cloned() };
                (field.clone(), edit)
            })
            .collect(),
    )
}

/// Others were faster: the form with what stands now where it changed nothing, and with its own words where it did.
pub(super) fn again(
    edits: &BTreeMap<String, FieldEdit>,
    meanwhile: &BTreeMap<String, Option<Value>>,
    member: &CrewMember,
    roster: &[CrewMember],
) -> Filled {
    let stands = values_of(member);
    let mut values = stands.clone();
    for (field, edit) in edits {
        match &edit.is {
            Some(value) => drop(values.insert(field.clone(), value.clone())),
            None => drop(values.remove(field)),
        }
    }
    let mut form = fill(&values, &stands, roster);
    for (field, now) in meanwhile {
        let now =
            now.as_ref().map_or_else(|| "nothing".to_owned(), |now| format!("“{}”", words(now, roster)));
        let place = place(&form, field);
        let what = field.strip_prefix(PAPERS).map_or_else(String::new, |paper| format!("{paper}: "));
        form.fail(&place, &format!("{what}somebody else changed this meanwhile, to {now}. Save once more to have it as you wrote it"));
    }
    form
}

fn words(value: &Value, roster: &[CrewMember]) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(ids) => {
            ids.iter().filter_map(Value::as_str).map(|id| called(id, roster)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// The field of the form beside which a fault of a record is said.
fn place(form: &Filled, field: &str) -> String {
    if let Some(paper) = field.strip_prefix(PAPERS) {
        let at = (0..form.count("paper-")).find(|at| {
            form.given(&format!("paper-{at}"))
                .is_some_and(|name| name.to_lowercase().replace(' ', "_") == paper)
        });
        return at.map_or_else(|| "paper-0".to_owned(), |at| format!("paper-{at}"));
    }
    let list = LISTS.iter().find(|(list, _)| *list == field);
    match list {
        Some((_, begin)) => format!("{begin}0"),
        None if LINES.contains(&field) || field == ORDER || field == "crew_id" => field.to_owned(),
        None => String::new(),
    }
}

/// The rules refuse the record: each reason beside the field that it is about.
pub(super) fn refuse(form: &mut Filled, faults: &[Fault]) {
    for fault in faults {
        let (place, about) = (place(form, &fault.field), label(&fault.field));
        form.fail(&place, &format!("{about} {}", fault.problem));
    }
}

/// As the page calls a field.
fn label(field: &str) -> &str {
    match field {
        "crew_id" => "the id",
        "name" => "the name",
        "email" => "the address",
        "phone" => "the phone number",
        "rank" => "the rank",
        "cascade_order" => "the order",
        "time_zone" => "the time zone",
        "paired_crew" => "the usual crew",
        "do_not_pair" => "the list of whom they do not sail with",
        "roster" | "record" => "the roster",
        field => field.strip_prefix(PAPERS).unwrap_or(field),
    }
}

/// An id made of a name: `Dana Reyes` is `dana-reyes`.
pub(super) fn id_of(name: &str) -> String {
    let plain = |c: char| match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        c if c.is_ascii_alphanumeric() => c,
        _ => ' ',
    };
    let plain: String = name.to_lowercase().chars().map(plain).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join("-").chars().take(limits::ID_CHARS).collect()
}
