//! Rows by key, lists, and what is due.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use jiff::Timestamp;

use super::layout::{self, Item, Place};
use super::{DynamoStore, failure, item, pause};
use crate::store::item::micros_down;
use crate::store::{GET_KEYS, Key, Query, Row, StoreError, Table};

/// Rounds of a read by key in which nothing is answered, before the store counts as throttled.
const ROUNDS: u32 = 8;

impl DynamoStore {
    /// The rows under these keys.
    pub(super) async fn rows(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        let items = self.items(keys).await?;
        let row =
            |(key, found): (&Key, Option<Item>)| found.map(|found| item::row(key.clone(), found)).transpose();
        keys.iter().zip(items).map(row).collect()
    }

    /// The items of rows, read consistently, in the order of the keys. An id that no row can have has none.
    pub(super) async fn items(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, StoreError> {
        let mut wanted: HashMap<String, Vec<Item>> = HashMap::new();
        for key in keys.iter().filter(|key| !key.id.is_empty()) {
            let Some(item_key) = layout::key_of(key) else { continue };
            let of_table = wanted.entry(self.tables.of(Place::of(key.table))).or_default();
            if !of_table.contains(&item_key) {
                of_table.push(item_key);
            }
        }
        let mut found: HashMap<Key, Item> = HashMap::new();
        match only(&mut wanted) {
            Some((table, key)) => {
                let read = self.client.get_item().table_name(&table).set_key(Some(key)).consistent_read(true);
                let answer = self.in_turn(read.send()).await.map_err(|error| failure::of_read(&error))?;
                found.extend(answer.item.and_then(|item| self.keyed(&table, item)));
            }
            None => self.read_batch(wanted, &mut found).await?,
        }
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    async fn read_batch(
        &self,
        mut wanted: HashMap<String, Vec<Item>>,
        found: &mut HashMap<Key, Item>,
    ) -> Result<(), StoreError> {
        let mut in_vain = 0;
        while in_vain < ROUNDS {
            if wanted.is_empty() {
                return Ok(());
            }
            if in_vain > 0 {
                pause(in_vain).await;
            }
            let before = found.len();
            let mut read = self.client.batch_get_item();
            for (table, keys) in wanted {
                let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
                let keys = keys.map_err(|error| StoreError::unavailable("reading rows", error))?;
                read = read.request_items(table, keys);
            }
            let answer = self.in_turn(read.send()).await.map_err(|error| failure::of_read(&error))?;
            for (table, items) in answer.responses.unwrap_or_default() {
                found.extend(items.into_iter().filter_map(|item| self.keyed(&table, item)));
            }
            // What did not fit into 16 MB, or into the table's throughput.
            let left = answer.unprocessed_keys.unwrap_or_default();
            wanted = left.into_iter().map(|(table, left)| (table, left.keys)).collect();
            in_vain = if found.len() > before { 0 } else { in_vain + 1 };
        }
        let cause = failure::Said("some keys were left unanswered each time".into());
        Err(StoreError::Throttled { cause: std::sync::Arc::new(cause) })
    }

    /// An item under the key of its row.
    fn keyed(&self, table: &str, item: Item) -> Option<(Key, Item)> {
        let place = Place::ALL.into_iter().find(|place| self.tables.of(*place) == table)?;
        Some((layout::row_of(place, &item)?, item))
    }

    /// The rows of a list.
    pub(super) async fn listed(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        let from = query.from.as_deref().filter(|from| !from.is_empty());
        let nothing = query.to.as_deref().is_some_and(|to| to <= from.unwrap_or_default());
        if query.limit == 0 || nothing {
            return Ok(Vec::new());
        }
        let to = query.to.as_deref();
        let place = Place::of(query.table);
        let request =
            self.client.query().table_name(self.tables.of(place)).scan_index_forward(!query.backwards);
        let request = if query.table.lists_by_id() {
            let (from, to) = layout::event_bounds(from, to);
            let (partition, sort) = place.key();
            request
                .consistent_read(true)
                .key_condition_expression("#under = :under AND #order BETWEEN :from AND :to")
                .expression_attribute_names("#under", partition)
                .expression_attribute_names("#order", sort.unwrap_or_default())
                .expression_attribute_values(":under", text(&query.under))
                .expression_attribute_values(":from", text(from))
                .expression_attribute_values(":to", text(to))
        } else {
            // One condition on the order is allowed. BETWEEN includes the end, which is dropped below.
            let condition = match (from, to) {
                (None, None) => "",
                (Some(_), None) => " AND #order >= :from",
                (None, Some(_)) => " AND #order < :to",
                (Some(_), Some(_)) => " AND #order BETWEEN :from AND :to",
            };
            let mut request = request
                .index_name(layout::LISTED_INDEX)
                .key_condition_expression(format!("#under = :under{condition}"))
                .expression_attribute_names("#under", layout::LISTED_UNDER)
                .expression_attribute_values(":under", text(layout::list_name(query.table, &query.under)));
            if from.is_some() || to.is_some() {
                request = request.expression_attribute_names("#order", layout::LISTED_ORDER);
            }
            for (name, bound) in [(":from", from), (":to", to)] {
                if let Some(bound) = bound {
                    request = request.expression_attribute_values(name, text(bound));
                }
            }
            request
        };
        let mut rows = self.queried(place, request, query.limit, |row| stands_in(row, query)).await?;
        rows.sort_by(|one, next| place_in_list(one).cmp(&place_in_list(next)));
        if query.backwards {
            rows.reverse();
        }
        Ok(rows)
    }

    /// The rows that are due until then, the earliest first.
    pub(super) async fn due_rows(
        &self,
        table: Table,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let until = micros_down(until);
        let of_shard = |shard: String| {
            let request = self
                .shard(table, &shard)
                .key_condition_expression("#shard = :shard AND #order < :until")
                .expression_attribute_names("#order", layout::DUE_ORDER)
                .expression_attribute_values(":until", text(layout::due_until(until)));
            let still_due = move |row: &Row| row.due_at.is_some_and(|at| micros_down(at) <= until);
            async move { self.queried(Place::of(table), request, limit, still_due).await }
        };
        let mut rows = self.of_all_shards(table, of_shard).await?.concat();
        rows.sort_by(|one, next| (one.due_at, &one.key.id).cmp(&(next.due_at, &next.key.id)));
        rows.truncate(limit);
        Ok(rows)
    }

    /// The earliest instant at which something is due.
    pub(super) async fn next_due_at(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        let of_shard = |shard: String| async move {
            let request = self.shard(table, &shard).key_condition_expression("#shard = :shard").limit(1);
            let answer = self.in_turn(request.send()).await.map_err(|error| failure::of_read(&error))?;
            let first = answer.items().first().and_then(|first| first.get(layout::DUE_ORDER)?.as_s().ok());
            // The key is for the sentence about what cannot be read.
            first.map(|order| layout::due_at(&Key::new(table, order), order)).transpose()
        };
        Ok(self.of_all_shards(table, of_shard).await?.into_iter().flatten().min())
    }

    /// A query of one shard of the timers, whose condition is yet to be said.
    fn shard(&self, table: Table, shard: &str) -> QueryFluentBuilder {
        let request = self.client.query().table_name(self.tables.of(Place::of(table)));
        request
            .index_name(layout::DUE_INDEX)
            .expression_attribute_names("#shard", layout::DUE_SHARD)
            .expression_attribute_values(":shard", text(shard))
    }

    /// Asks all shards at the same time.
    async fn of_all_shards<T, F>(&self, table: Table, ask: impl Fn(String) -> F) -> Result<Vec<T>, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        futures_util::future::try_join_all(layout::shards(table).map(ask)).await
    }

    /// At most `limit` of the rows that a query finds and that `are_meant`. What an index has no whole rows of is
    /// read by key; since the index may trail behind, a row may have moved meanwhile.
    async fn queried(
        &self,
        place: Place,
        request: QueryFluentBuilder,
        limit: usize,
        are_meant: impl Fn(&Row) -> bool,
    ) -> Result<Vec<Row>, StoreError> {
        let (mut rows, mut start) = (Vec::new(), None);
        loop {
            let wanted = i32::try_from(limit - rows.len()).unwrap_or(i32::MAX);
            let page = request.clone().limit(wanted).set_exclusive_start_key(start);
            let answer = self.in_turn(page.send()).await.map_err(|error| failure::of_read(&error))?;
            start = answer.last_evaluated_key;
            let (mut keys, mut read) = (Vec::new(), Vec::new());
            let mut orders = HashMap::new();
            for found in answer.items.unwrap_or_default() {
                let Some(key) = layout::row_of(place, &found) else { continue };
                if found.contains_key(layout::VERSION) {
                    read.push(item::row(key, found)?);
                } else if !keys.contains(&key) {
                    let order = found.get(layout::LISTED_ORDER).and_then(|order| order.as_s().ok());
                    orders.insert(key.clone(), order.cloned());
                    keys.push(key);
                }
            }
            for keys in keys.chunks(GET_KEYS) {
                let rows = self.rows(keys).await?.into_iter().flatten();
                // One that moved in its list is found in its new place, or not yet: here it would end the page behind
                // others that are still to come.
                let in_place = |row: &Row| match (orders.get(&row.key).and_then(Option::as_ref), &row.listing)
                {
                    (Some(order), Some(listing)) => *order == listing.order,
                    (Some(_), None) => false,
                    (None, _) => true,
                };
                read.extend(rows.filter(in_place));
            }
            rows.extend(read.into_iter().filter(&are_meant));
            rows.truncate(limit);
            if rows.len() == limit || start.is_none() {
                return Ok(rows);
            }
        }
    }
}

/// The only key that is wanted, with its table, if it is only one.
fn only(wanted: &mut HashMap<String, Vec<Item>>) -> Option<(String, Item)> {
    if wanted.values().map(Vec::len).sum::<usize>() != 1 {
        return None;
    }
    let (table, keys) = wanted.drain().next()?;
    Some((table, keys.into_iter().next()?))
}

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// Whether a row is in the part of the list that was asked for.
fn stands_in(row: &Row, query: &Query) -> bool {
    let Some((under, order)) = place_in_list(row) else { return false };
    let from = query.from.as_deref().unwrap_or_default();
    under == query.under && order >= from && query.to.as_deref().is_none_or(|to| order < to)
}

/// The list in which a row stands, and where; then by id.
fn place_in_list(row: &Row) -> Option<(&str, &str)> {
    match &row.listing {
        Some(listing) => Some((&listing.under, &listing.order)),
        None => row.key.list_and_order(),
    }
}
