//! Making the tables, or what is missing in those that are there.

use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexDescription, GlobalSecondaryIndexUpdate, IndexStatus, KeySchemaElement, KeyType,
    Projection, ProjectionType, ProvisionedThroughput, ScalarAttributeType, TableDescription, TableStatus,
    TimeToLiveSpecification, TimeToLiveStatus,
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
    /// Indexes that were added to those, as `<table>: <index>`.
    pub indexed: Vec<String>,
}

const DOING: &str = "preparing the tables";
/// Looks at a table that is being changed, a second apart at most: an index on a large table takes its time.
const LOOKS: u32 = 3_600;

impl DynamoStore {
    /// Makes the tables that are not there: paid by use, with the indexes and the time to live that this program
    /// needs. To those that are there it adds what is missing of these, and changes nothing else. It waits until all
    /// is ready; broken off, the same again goes on.
    ///
    /// # Errors
    /// If DynamoDB refuses, or a table has another key.
    pub async fn prepare(&self) -> Result<Prepared, StoreError> {
        let mut prepared = Prepared::default();
        for place in Place::ALL {
            let name = self.tables.of(place);
            match self.described(&name).await? {
                None => {
                    self.make(place, &name).await?;
                    prepared.made.push(name);
                }
                Some(table) => {
                    let added = self.complete(place, &name, &table).await?;
                    prepared.indexed.extend(added.into_iter().map(|index| format!("{name}: {index}")));
                    prepared.found.push(name);
                }
            }
        }
        self.let_vanish(&self.tables.of(Place::Rest)).await?;
        Ok(prepared)
    }

    /// Whether links were ever made in these tables.
    ///
    /// # Errors
    /// If DynamoDB refuses.
    pub async fn has_links(&self) -> Result<bool, StoreError> {
        let request =
            self.client.scan().table_name(self.tables.of(Place::Tokens)).limit(1).consistent_read(true);
        let answer = request.send().await.map_err(|error| failure::of_read(&error))?;
        Ok(!answer.items().is_empty())
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
        let (partition, sort) = place.key();
        let names =
            [Some(partition), sort].into_iter().flatten().chain(INDEXES.into_iter().flat_map(|(_, key)| key));
        let mut request = self
            .client
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(definitions(names)?))
            .set_key_schema(Some(key_schema(partition, sort)?));
        for (index, [under, order]) in INDEXES {
            let index = GlobalSecondaryIndex::builder()
                .index_name(index)
                .set_key_schema(Some(key_schema(under, Some(order))?))
                .projection(projection(place, index))
                .build();
            request = request.global_secondary_indexes(index.map_err(built)?);
        }
        request.send().await.map_err(|error| failure::of(DOING, &error).into_error())?;
        self.wait_until_ready(name).await
    }

    /// Adds the indexes that a table lacks, one after the other, as DynamoDB has it. Says which.
    async fn complete(
        &self,
        place: Place,
        name: &str,
        table: &TableDescription,
    ) -> Result<Vec<&'static str>, StoreError> {
        let (partition, sort) = place.key();
        let wanted: Vec<&str> = [Some(partition), sort].into_iter().flatten().collect();
        let found: Vec<&str> = table.key_schema().iter().map(KeySchemaElement::attribute_name).collect();
        if found != wanted {
            return Err(StoreError::OtherKey {
                table: name.to_owned(),
                found: found.join(", "),
                wanted: wanted.join(", "),
            });
        }
        self.wait_until_ready(name).await?;
        let mut added = Vec::new();
        for (index, key) in INDEXES {
            if table.global_secondary_indexes().iter().any(|there| there.index_name() == Some(index)) {
                continue;
            }
            let create = CreateGlobalSecondaryIndexAction::builder()
                .index_name(index)
                .set_key_schema(Some(key_schema(key[0], Some(key[1]))?))
                .projection(projection(place, index))
                .set_provisioned_throughput(throughput(table)?)
                .build();
            let update = GlobalSecondaryIndexUpdate::builder().create(create.map_err(built)?).build();
            let request = self.client.update_table().table_name(name);
            let request = request
                .set_attribute_definitions(Some(definitions(key.into_iter())?))
                .global_secondary_index_updates(update);
            request.send().await.map_err(|error| failure::of(DOING, &error).into_error())?;
            self.wait_until_ready(name).await?;
            added.push(index);
        }
        Ok(added)
    }

    /// Switches the time to live on, unless it is.
    async fn let_vanish(&self, name: &str) -> Result<(), StoreError> {
        let request = self.client.describe_time_to_live().table_name(name);
        let answer = request.send().await.map_err(|error| failure::of(DOING, &error).into_error())?;
        let status = answer.time_to_live_description.and_then(|description| description.time_to_live_status);
        if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
            return Ok(());
        }
        let ttl = TimeToLiveSpecification::builder().attribute_name(layout::TTL).enabled(true).build();
        let request = self.client.update_time_to_live().table_name(name);
        let request = request.time_to_live_specification(ttl.map_err(built)?);
        request.send().await.map_err(|error| failure::of(DOING, &error).into_error())?;
        Ok(())
    }

    /// Waits until a table and all of its indexes can be used.
    async fn wait_until_ready(&self, name: &str) -> Result<(), StoreError> {
        // Of an index of which no state is told there is nothing to wait for.
        let is_active = |index: &GlobalSecondaryIndexDescription| {
            index.index_status.as_ref().is_none_or(|status| *status == IndexStatus::Active)
        };
        for look in 0..LOOKS {
            let table = self.described(name).await?;
            let is_ready = |table: TableDescription| {
                let indexes = table.global_secondary_indexes();
                table.table_status == Some(TableStatus::Active) && indexes.iter().all(is_active)
            };
            if table.is_some_and(is_ready) {
                return Ok(());
            }
            pause(look).await;
        }
        Err(StoreError::unavailable(DOING, failure::Said(format!("{name} is still being changed"))))
    }
}

/// The indexes of every table: name, partition and sort key.
const INDEXES: [(&str, [&str; 2]); 2] = [
    (layout::LISTED_INDEX, [layout::LISTED_UNDER, layout::LISTED_ORDER]),
    (layout::DUE_INDEX, [layout::DUE_SHARD, layout::DUE_ORDER]),
];

fn projection(place: Place, index: &str) -> Projection {
    let whole = index == layout::LISTED_INDEX && place.lists_whole_rows();
    let kind = if whole { ProjectionType::All } else { ProjectionType::KeysOnly };
    Projection::builder().projection_type(kind).build()
}

/// What a table that is paid by capacity and not by use has; its indexes need as much.
fn throughput(table: &TableDescription) -> Result<Option<ProvisionedThroughput>, StoreError> {
    let provisioned = table.provisioned_throughput();
    let units = provisioned.and_then(|has| Some((has.read_capacity_units?, has.write_capacity_units?)));
    let throughput = |(read, write): (i64, i64)| {
        ProvisionedThroughput::builder().read_capacity_units(read).write_capacity_units(write).build()
    };
    units.filter(|(read, write)| *read > 0 && *write > 0).map(throughput).transpose().map_err(built)
}

fn definitions<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<AttributeDefinition>, StoreError> {
    let definition = |name| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
    };
    names.map(definition).collect::<Result<_, _>>().map_err(built)
}

fn built(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::unavailable(DOING, error)
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
