//! What the office changes of one person, field by field, as a page had shown them.

use std::collections::BTreeMap;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember, Fault};
use serde_json::{Map, Value};

use super::compare::flat;
use super::{Given, given};
use crate::app::{App, AppError, Caller};
use crate::store::{Expect, StoreError, Write, read};

/// One field of a record that is to be otherwise; a credential is a field of its own, `credentials.master`.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEdit {
    /// What was shown; `None` if there was nothing.
    pub was: Option<Value>,
    /// What it is to be; `None` to have it no more.
    pub is: Option<Value>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Edited {
    /// The record is as it was asked for.
    Done,
    /// Nobody has this id.
    Nobody,
    /// Nothing was changed: others had changed these fields since they were shown, to what stands there now.
    Meanwhile(BTreeMap<String, Option<Value>>),
    /// Nothing was changed: with this the record would have faults.
    Faults(Vec<Fault>),
}

impl App {
    /// Changes fields of somebody's record, all of them or none; whatever else is in it stays as it is by then. Every
    /// call that asks the person, or has them aboard, is looked at again.
    ///
    /// # Errors
    /// If the store fails, or others write the same person all the time.
    pub async fn edit_member(
        &self,
        crew_id: &CrewId,
        edits: &BTreeMap<String, FieldEdit>,
        caller: &Caller,
    ) -> Result<Edited, AppError> {
        let mut attempts = 0;
        loop {
            let Some(known) = read::<CrewMember>(&*self.store, crew_id.as_str()).await? else {
                return Ok(Edited::Nobody);
            };
            let stands: BTreeMap<String, Value> = flat(&known.value).into_iter().collect();
            let stands = |field: &str| stands.get(field).filter(|value| !is_blank(value)).cloned();
            let news: BTreeMap<&String, &FieldEdit> =
                edits.iter().filter(|(field, edit)| stands(field) != edit.is).collect();
            let meanwhile = news.iter().filter(|(field, edit)| stands(field) != edit.was);
            let meanwhile: BTreeMap<_, _> =
                meanwhile.map(|(field, _)| ((*field).clone(), stands(field))).collect();
            if !meanwhile.is_empty() {
                return Ok(Edited::Meanwhile(meanwhile));
            }
            if news.is_empty() {
                return Ok(Edited::Done);
            }
            let mut record = known.value.to_record();
            news.iter().for_each(|(field, edit)| put(&mut record, field, edit.is.as_ref()));
            let member = match self.checked(record, Some(&known.value)).await? {
                Ok(member) => member,
                Err(faults) => return Ok(Edited::Faults(faults)),
            };
            tracing::info!(%crew_id, by = ?caller.by, fields = ?news.keys(), "the record is changed");
            attempts += 1;
            match self.write_some(vec![Write::put(&member, known.expected())?]).await {
                Err(AppError::Superseded(_)) if attempts < limits::COMMIT_ATTEMPTS => {}
                written => return written.map(|()| Edited::Done),
            }
        }
    }

    /// Takes somebody new on the roster. The same record a second time changes nothing.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn add_member(
        &self,
        record: Map<String, Value>,
        caller: &Caller,
    ) -> Result<Result<CrewMember, Vec<Fault>>, AppError> {
        let member = match self.checked(record, None).await? {
            Ok(member) => member,
            Err(faults) => return Ok(Err(faults)),
        };
        let taken = |known: CrewMember| match known == member {
            true => Ok(known),
            false => {
                let problem = format!("is that of {}, who is on the roster; choose another one", known.name);
                Err(vec![Fault::new("crew_id", problem)])
            }
        };
        if let Some(known) = self.member(&member.crew_id).await? {
            return Ok(taken(known));
        }
        tracing::info!(crew_id = %member.crew_id, by = ?caller.by, "somebody new on the roster");
        match self.write_some(vec![Write::put(&member, Expect::Absent)?]).await {
            // Somebody else took the id at this moment.
            Err(AppError::Superseded(key)) => match self.member(&member.crew_id).await? {
                Some(known) => Ok(taken(known)),
                None => Err(AppError::Superseded(key)),
            },
            written => written.map(|()| Ok(member)),
        }
    }

    /// The person of a record; those of whom it is news that they sail with them, or do not, have to be on the roster.
    async fn checked(
        &self,
        record: Map<String, Value>,
        known: Option<&CrewMember>,
    ) -> Result<Result<CrewMember, Vec<Fault>>, StoreError> {
        let given = Given { record, whole: true, faults: Vec::new(), more_faults: 0 };
        let member = match given.member(known, self) {
            Ok(member) => member,
            Err(faults) => return Ok(Err(faults)),
        };
        let lists = |member: &CrewMember| {
            [("paired_crew", member.paired_crew.clone()), ("do_not_pair", member.do_not_pair.clone())]
        };
        let before: Vec<CrewId> =
            known.iter().flat_map(|known| lists(known)).flat_map(|(_, ids)| ids).collect();
        let mut faults = Vec::new();
        for (field, ids) in lists(&member) {
            let news: Vec<CrewId> = ids.into_iter().filter(|id| !before.contains(id)).collect();
            let found = self.crew_names(&news).await?;
            let found: Vec<CrewId> = found.into_iter().map(|(id, _)| id).collect();
            for id in news.iter().filter(|id| !found.contains(id)) {
                let problem =
                    format!("names {id}, who is not on the roster; add them first, or leave the id out");
                faults.push(Fault::new(field, problem));
            }
        }
        if known.is_none() && self.roster_is_full().await? {
            let problem = format!("has {} people, and takes no more", limits::ROSTER_MEMBERS);
            faults.push(Fault::new("roster", problem));
        }
        Ok(if faults.is_empty() { Ok(member) } else { Err(faults) })
    }

    async fn roster_is_full(&self) -> Result<bool, StoreError> {
        Ok(self.roster().await?.len() >= limits::ROSTER_MEMBERS)
    }
}

/// A value that says nothing.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn put(record: &mut Map<String, Value>, field: &str, value: Option<&Value>) {
    let (record, field) = match field.split_once('.') {
        Some((attribute, entry)) if given::is_taken_one_by_one(attribute) => {
            let entries = record.entry(attribute).or_insert_with(|| Map::new().into());
            if !entries.is_object() {
                *entries = Map::new().into();
            }
            let Value::Object(entries) = entries else { return };
            (entries, entry)
        }
        _ => (record, field),
    };
    match value {
        Some(value) => drop(record.insert(field.to_owned(), value.clone())),
        None => drop(record.remove(field)),
    }
}
