//! Taking over what other programs wrote into a table that they and this one share.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use serde::Serialize;
use serde_json::{Map, Value};

use super::layout::{self, Item, Place};
use super::{DynamoStore, failure, item, value};
use crate::random;
use crate::store::{Row, StoreError, Table, Write};

const DOING: &str = "taking over what other programs wrote";
const CHANGED: &str = "it was written meanwhile; stop the other program and try again";

/// What became of the items of other programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TakenOver {
    /// The ids of those that are rows from now on.
    pub taken: Vec<String>,
    /// The ids of those that were not touched, and why.
    pub left: Vec<(String, String)>,
}

impl DynamoStore {
    /// Makes rows of the items in a table that no commit wrote: all their attributes, as `read` makes a row's write of
    /// them. Left as it is: what it cannot read, what would not be the same for the other program, and what that writes
    /// meanwhile. Reads the whole table.
    ///
    /// # Errors
    /// If DynamoDB refuses. What was taken over by then stays so, and the same again goes on.
    pub async fn take_over(
        &self,
        table: Table,
        read: impl Fn(&str) -> Result<Write, String>,
    ) -> Result<TakenOver, StoreError> {
        let (place, mut taken_over, mut start) = (Place::of(table), TakenOver::default(), None);
        loop {
            let request = self.client.scan().table_name(self.tables.of(place)).consistent_read(true);
            let request = request
                .filter_expression("attribute_not_exists(#commit)")
                .expression_attribute_names("#commit", layout::COMMIT_ID)
                .set_exclusive_start_key(start);
            let answer = request.send().await.map_err(|error| failure::of(DOING, &error).into_error())?;
            for found in answer.items.unwrap_or_default() {
                let Some(key) = layout::row_of(place, &found).filter(|key| key.table == table) else {
                    continue;
                };
                let row = fields(&found).and_then(|fields| read(&Value::Object(fields).to_string()));
                match row {
                    Ok(Write::Put { key: own, body, listing, due_at, .. }) if own == key => {
                        let row = Row { key, version: 1, body, listing, due_at };
                        match self.replace(place, &found, &row).await? {
                            true => taken_over.taken.push(row.key.id),
                            false => taken_over.left.push((row.key.id, CHANGED.into())),
                        }
                    }
                    Ok(_) => taken_over.left.push((key.id, "it is not the record of its key".into())),
                    Err(why) => taken_over.left.push((key.id, why)),
                }
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(taken_over);
            }
        }
    }

    /// Puts a row where another program's item is. `false` if that is not as it was found any more.
    async fn replace(&self, place: Place, found: &Item, row: &Row) -> Result<bool, StoreError> {
        let commit_id = random::token::<16>()?;
        let item = item::item(&item::Written {
            key: &row.key,
            version: row.version,
            commit_id: &commit_id,
            body: &row.body,
            listing: row.listing.as_ref(),
            due_at: row.due_at,
        })?;
        let request = self.client.put_item().table_name(self.tables.of(place)).set_item(Some(item));
        let mut condition = "attribute_not_exists(#commit)".to_owned();
        let mut request = request.expression_attribute_names("#commit", layout::COMMIT_ID);
        for (number, (name, attribute)) in found.iter().enumerate() {
            condition.push_str(&format!(" AND #n{number} = :v{number}"));
            request = request.expression_attribute_names(format!("#n{number}"), name);
            request = request.expression_attribute_values(format!(":v{number}"), attribute.clone());
        }
        let found = ReturnValuesOnConditionCheckFailure::AllOld;
        let request = request.condition_expression(condition).return_values_on_condition_check_failure(found);
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                // Also where our own answer was lost, and the SDK asked again.
                Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(refused.item().is_some_and(|item| item::is_of(item, &commit_id)))
                }
                _ => Err(failure::of(DOING, &error).into_error()),
            },
        }
    }
}

/// An item as JSON, if it can be a row and stay what it is for the program that wrote it.
fn fields(item: &Item) -> Result<Map<String, Value>, String> {
    if let Some(name) = layout::ABOUT.into_iter().find(|name| item.contains_key(*name)) {
        return Err(format!("crewcall has another use for its attribute {name:?}; rename that"));
    }
    let is_plain =
        |attribute: &AttributeValue| !(attribute.is_ss() || attribute.is_ns() || attribute.is_bs());
    if let Some((name, _)) = item.iter().find(|(_, attribute)| !is_plain(attribute)) {
        return Err(format!("its attribute {name:?} is a set, which would become a list; make it one"));
    }
    let fields = value::object(item).ok_or_else(|| "it holds bytes".to_owned())?;
    match fields.iter().find(|(_, field)| value::attribute(field).is_none()) {
        Some((name, _)) => Err(format!(
            "its attribute {name:?} would not come back as it is, as a number of very many digits does not"
        )),
        None => Ok(fields),
    }
}
