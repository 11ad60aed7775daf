//! Rows as items, and items as rows.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::layout::{self, Item, Place};
use super::value;
use crate::store::{Key, Listing, Row, StoreError};

/// An item that counts more bytes than this has its body as text alone. DynamoDB takes 400 KB.
const ITEM_BYTES: usize = 390_000;
/// An item whose body is text has its fields as attributes, too, where both are no more than this.
const TWICE_BYTES: usize = 50_000;

/// What a row's item is made of.
pub(super) struct Written<'a> {
    pub(super) key: &'a Key,
    pub(super) version: u64,
    pub(super) commit_id: &'a str,
    pub(super) body: &'a str,
    pub(super) listing: Option<&'a Listing>,
    pub(super) due_at: Option<Timestamp>,
}

/// The item of a row.
///
/// In the tables that other programs read the fields of the body are attributes. Where not all of them would come
/// back as the same JSON the whole is there as text as well, which then counts.
///
/// # Errors
/// If the body is no JSON object.
pub(super) fn item(row: &Written<'_>) -> Result<Item, StoreError> {
    // An id that no row can have was refused before.
    let key = layout::key_of(row.key).unwrap_or_default();
    let mut item = about(row);
    item.extend(key.clone());
    let place = Place::of(row.key.table);
    let text = AttributeValue::S(row.body.to_owned());
    if !place.is_open() {
        item.insert(layout::BODY.into(), text);
        return Ok(item);
    }
    let fields: Map<String, Value> = serde_json::from_str(row.body).map_err(|error| {
        StoreError::Unwritable { key: row.key.clone(), cause: std::sync::Arc::new(error) }
    })?;
    let (mut attributes, mut whole) = (Item::new(), true);
    for (name, field) in &fields {
        let taken = layout::ABOUT.contains(&name.as_str()) || name.is_empty();
        match value::attribute(field).filter(|_| !taken) {
            // The key is in the body of every record of ours, and there only once.
            Some(attribute) if key.get(name).is_none_or(|part| *part == attribute) => {
                attributes.insert(name.clone(), attribute);
            }
            _ => whole = false,
        }
    }
    // Read back, the part of the key that names the row is a field of the body.
    whole &= attributes.contains_key(place.key().0);
    let bytes = size(&item) + size(&attributes);
    if whole && bytes <= ITEM_BYTES {
        item.extend(attributes);
    } else {
        if bytes + row.body.len() <= TWICE_BYTES {
            item.extend(attributes);
        }
        item.insert(layout::BODY.into(), text);
    }
    Ok(item)
}

/// What the item says about the row.
fn about(row: &Written<'_>) -> Item {
    let mut item = Item::new();
    let mut add = |name: &str, value| item.insert(name.to_owned(), value);
    add(layout::VERSION, AttributeValue::N(row.version.to_string()));
    add(layout::COMMIT_ID, AttributeValue::S(row.commit_id.to_owned()));
    if let Some(Listing { under, order }) = row.listing {
        add(layout::LISTED_UNDER, AttributeValue::S(layout::list_name(row.key.table, under)));
        add(layout::LISTED_ORDER, AttributeValue::S(order.clone()));
    }
    if let Some(due_at) = row.due_at {
        add(layout::DUE_SHARD, AttributeValue::S(layout::shard_of(row.key)));
        add(layout::DUE_ORDER, AttributeValue::S(layout::due_order(due_at, &row.key.id)));
    }
    if let Some(second) = layout::ttl(row.key.table, row.due_at) {
        add(layout::TTL, AttributeValue::N(second.to_string()));
    }
    item
}

/// The bytes that an item counts.
pub(super) fn size(item: &Item) -> usize {
    item.iter().map(|(name, attribute)| name.len() + value::size(attribute)).sum()
}

/// The row of an item.
///
/// # Errors
/// If another program wrote it, or it is not what was written.
pub(super) fn row(key: Key, item: Item) -> Result<Row, StoreError> {
    if !item.contains_key(layout::COMMIT_ID) {
        return Err(StoreError::NotOurs(key));
    }
    let corrupt = |what: &'static str| StoreError::corrupt(key.to_string(), Unreadable(what));
    let version = version(&item).ok_or_else(|| corrupt(layout::VERSION))?;
    let string = |name: &'static str| match item.get(name) {
        None => Ok(None),
        Some(AttributeValue::S(text)) => Ok(Some(text.clone())),
        Some(_) => Err(corrupt(name)),
    };
    let listing = match (string(layout::LISTED_UNDER)?, string(layout::LISTED_ORDER)?) {
        (Some(under), Some(order)) => {
            let under = under.split_once('#').ok_or_else(|| corrupt(layout::LISTED_UNDER))?.1;
            Some(Listing::new(under, order))
        }
        _ => None,
    };
    let due_at = string(layout::DUE_ORDER)?.map(|order| layout::due_at(&key, &order)).transpose()?;
    let body = match string(layout::BODY)? {
        Some(text) => text,
        None => body(&key, item)?,
    };
    Ok(Row { key, version, body, listing, due_at })
}

/// Whether the commit of this id wrote an item.
pub(super) fn is_of(item: &Item, id: &str) -> bool {
    item.get(layout::COMMIT_ID).is_some_and(|of| of.as_s().is_ok_and(|of| of == id))
}

/// The version of an item.
pub(super) fn version(item: &Item) -> Option<u64> {
    item.get(layout::VERSION)?.as_n().ok()?.parse().ok()
}

/// The body of an item whose attributes are its fields.
fn body(key: &Key, mut item: Item) -> Result<String, StoreError> {
    for name in layout::ABOUT {
        item.remove(name);
    }
    if let Some(sort) = Place::of(key.table).key().1 {
        item.remove(sort);
    }
    let fields = value::object(&item);
    let fields =
        fields.ok_or_else(|| StoreError::corrupt(key.to_string(), Unreadable("an attribute of bytes")))?;
    Ok(Value::Object(fields).to_string())
}

/// What cannot be read in an item.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not as it was written")]
pub(super) struct Unreadable(pub(super) &'static str);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::Table;

    fn written(table: Table, id: &str, body: &Value) -> (Key, Item) {
        let key = Key::new(table, id);
        let body = body.to_string();
        let row =
            Written { key: &key, version: 3, commit_id: "commit", body: &body, listing: None, due_at: None };
        let item = item(&row).unwrap();
        (key, item)
    }

    fn read(table: Table, id: &str, body: &Value) -> (Item, Value) {
        let (key, written) = written(table, id, body);
        let row = row(key, written.clone()).unwrap();
        assert_eq!(row.version, 3);
        (written, serde_json::from_str(&row.body).unwrap())
    }

    #[test]
    fn a_crew_record_has_the_attributes_that_other_programs_read() {
        let body =
            json!({ "crew_id": "dana", "name": "Dana", "availability": { "2026-06-27": "available" } });
        let (item, back) = read(Table::Crew, "dana", &body);
        assert_eq!(item["name"], AttributeValue::S("Dana".into()));
        assert_eq!(item["availability"].as_m().unwrap()["2026-06-27"].as_s().unwrap(), "available");
        assert!(!item.contains_key(layout::BODY));
        assert_eq!(back, body);
    }

    #[test]
    fn a_record_with_a_field_that_no_attribute_holds_is_read_by_others_all_the_same() {
        for odd in [json!({ "share": 2.0 }), json!({ "version": 7 }), json!({ "": "" })] {
            let mut body = json!({ "crew_id": "dana", "name": "Dana" });
            body.as_object_mut().unwrap().extend(odd.as_object().unwrap().clone());
            let (item, back) = read(Table::Crew, "dana", &body);
            assert_eq!(item["name"], AttributeValue::S("Dana".into()));
            assert_eq!(back, body);
        }
    }

    #[test]
    fn a_body_that_is_larger_as_attributes_fits_as_text() {
        let digits = json!({ "charter_id": "ch", "digits": vec![1; 180_000] });
        let (item, back) = read(Table::Charter, "ch", &digits);
        assert!(size(&item) < 400 * 1024, "{}", size(&item));
        assert_eq!(back, digits);
    }

    #[test]
    fn an_item_that_another_program_wrote_is_told_from_ours() {
        let (key, mut item) = written(Table::Crew, "dana", &json!({ "crew_id": "dana" }));
        item.remove(layout::COMMIT_ID);
        assert!(matches!(row(key, item), Err(StoreError::NotOurs(_))));
    }

    #[test]
    fn what_somebody_broke_is_named() {
        let (key, mut item) = written(Table::Outbox, "mail", &json!({}));
        item.insert(layout::VERSION.into(), AttributeValue::S("three".into()));
        let error = row(key, item).unwrap_err();
        assert!(error.to_string().contains("outbox mail"), "{error}");
    }
}
