//! Making the tables, and taking over what other programs wrote into them.

use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TableDescription, TableStatus, TimeToLiveSpecification,
};
use serde::Serialize;

use super::layout::{self, Place};
use super::{DynamoStore, failure, pause};
use crate::store::StoreError;

/// What was found and done about the tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Prepared {
    /// Tables that were made.
    pub made: Vec<String>,
    /// Tables that were there.
    pub found: Vec<String>,
}

const DOING: &str = "preparing the tables";
/// Looks at a table that is being made, a growing pause between each.
const LOOKS: u32 = 200;

impl DynamoStore {
    /// Makes the tables that are not there: paid by use, with the indexes and the time to live that this program
    /// needs. Tables that are there stay as they are.
    ///
    /// # Errors
    /// If DynamoDB refuses.
    pub async fn prepare(&self) -> Result<Prepared, StoreError> {
        let mut prepared = Prepared::default();
        for place in Place::ALL {
            let name = self.tables.of(place);
            if self.described(&name).await?.is_some() {
                prepared.found.push(name);
                continue;
            }
            self.make(place, &name).await?;
            prepared.made.push(name);
        }
        Ok(prepared)
    }

    async fn described(&self, name: &str) -> Result<Option<TableDescription>, StoreError> {
        match self.client.describe_table().table_name(name).send().await {
            Ok(answer) => Ok(answer.table),
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(DescribeTableError::ResourceNotFoundException(_))
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(failure::of(DOING, &error).into_error()),
        }
    }

    async fn make(&self, place: Place, name: &str) -> Result<(), StoreError> {
        let built = |error| StoreError::unavailable(DOING, error);
        let (partition, sort) = place.key();
        let listed = if place.lists_whole_rows() { ProjectionType::All } else { ProjectionType::KeysOnly };
        let mut names = vec![partition];
        names.extend(sort);
        names.extend([layout::LISTED_UNDER, layout::LISTED_ORDER, layout::DUE_SHARD, layout::DUE_ORDER]);
        let attribute = |name: &&str| {
            AttributeDefinition::builder()
                .attribute_name(*name)
                .attribute_type(ScalarAttributeType::S)
                .build()
        };
        let attributes = names.iter().map(attribute).collect::<Result<Vec<_>, _>>().map_err(built)?;
        let index = |name, key, projection| {
            GlobalSecondaryIndex::builder()
                .index_name(name)
                .set_key_schema(Some(key))
                .projection(Projection::builder().projection_type(projection).build())
                .build()
        };
        let lists = key_schema(layout::LISTED_UNDER, Some(layout::LISTED_ORDER))?;
        let timers = key_schema(layout::DUE_SHARD, Some(layout::DUE_ORDER))?;
        let request = self
            .client
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(attributes))
            .set_key_schema(Some(key_schema(partition, sort)?))
            .global_secondary_indexes(index(layout::LISTED_INDEX, lists, listed).map_err(built)?)
            .global_secondary_indexes(
                index(layout::DUE_INDEX, timers, ProjectionType::KeysOnly).map_err(built)?,
            );
        request.send().await.map_err(|error| failure::of(DOING, &error).into_error())?;
        self.wait_until_active(name).await?;
        let ttl = TimeToLiveSpecification::builder().attribute_name(layout::TTL).enabled(true).build();
        let ttl = self
            .client
            .update_time_to_live()
            .table_name(name)
            .time_to_live_specification(ttl.map_err(built)?);
        ttl.send().await.map_err(|error| failure::of(DOING, &error).into_error())?;
        Ok(())
    }

    async fn wait_until_active(&self, name: &str) -> Result<(), StoreError> {
        for look in 0..LOOKS {
            let table = self.described(name).await?;
            if table.is_some_and(|table| table.table_status == Some(TableStatus::Active)) {
                return Ok(());
            }
            pause(look).await;
        }
        Err(StoreError::unavailable(DOING, failure::Said(format!("{name} is still being made"))))
    }
}

fn key_schema(partition: &str, sort: Option<&str>) -> Result<Vec<KeySchemaElement>, StoreError> {
    let element = |name: &str, kind| {
        let element = KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
        element.map_err(|error| StoreError::unavailable(DOING, error))
    };
    let partition = element(partition, KeyType::Hash)?;
    let sort = sort.map(|name| element(name, KeyType::Range)).transpose()?;
    Ok([partition].into_iter().chain(sort).collect())
}
