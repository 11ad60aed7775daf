//! Reading all tables: for copying, and for nothing that people wait for.

use aws_sdk_dynamodb::types::AttributeValue;

use super::layout::{self, Item, Place};
use super::{DynamoStore, failure, item};
use crate::store::scan::{NoPlace, SCAN_PAGE};
use crate::store::{Page, StoreError};

impl DynamoStore {
    /// A page of a `Scan` of one table; the place to read on from is the table's number and the key of the last item.
    pub(super) async fn scan_tables(&self, from: Option<&str>) -> Result<Page, StoreError> {
        let (number, start) = match from {
            None => (0, None),
            Some(from) => place(from)
                .ok_or_else(|| StoreError::corrupt("the place to read on from", NoPlace(from.to_owned())))?,
        };
        let place = Place::ALL[number];
        let request = self.client.scan().table_name(self.tables.of(place)).consistent_read(true);
        let request = request.limit(SCAN_PAGE as i32).set_exclusive_start_key(start);
        let answer = request.send().await.map_err(|error| failure::of_read(&error))?;
        let (mut rows, mut others) = (Vec::new(), 0);
        for found in answer.items.unwrap_or_default() {
            match layout::row_of(place, &found).filter(|_| found.contains_key(layout::COMMIT_ID)) {
                Some(key) => rows.push(item::row(key, found)?),
                None => others += 1,
            }
        }
        let next = match answer.last_evaluated_key {
            Some(last) => Some(named(number, place, &last)),
            None => (number + 1 < Place::ALL.len()).then(|| serde_json::json!([number + 1]).to_string()),
        };
        Ok(Page { rows, others, next })
    }
}

/// A place as text: the number of the table, and the parts of a key.
fn named(number: usize, place: Place, key: &Item) -> String {
    let (partition, sort) = place.key();
    let part = |name: &str| key.get(name).and_then(|part| part.as_s().ok()).cloned();
    let parts: Vec<Option<String>> = [Some(partition), sort].into_iter().flatten().map(part).collect();
    serde_json::json!([number, parts]).to_string()
}

/// The place that a text names.
fn place(text: &str) -> Option<(usize, Option<Item>)> {
    if let Ok([number]) = serde_json::from_str::<[usize; 1]>(text) {
        return Some((number, None)).filter(|_| number < Place::ALL.len());
    }
    let (number, parts) = serde_json::from_str::<(usize, Vec<String>)>(text).ok()?;
    let (partition, sort) = Place::ALL.get(number)?.key();
    let names = [Some(partition), sort].into_iter().flatten();
    let key = names.zip(parts).map(|(name, part)| (name.to_owned(), AttributeValue::S(part))).collect();
    Some((number, Some(key)))
}
