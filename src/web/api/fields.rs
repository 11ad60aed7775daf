//! What fields of requests take: as the description says it, with the limits that the rules have, and as it is read.

use std::borrow::Cow;

use crewcall_dispatch::{limits, model, vessel};
use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, IntoDeserializer, MapAccess, Visitor};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::words;

/// A schema of its own in the description: what it is, and what it takes.
macro_rules! described {
    ($($(#[doc = $doc:literal])* $field:ident$(($inner:ty))? = $schema:expr;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub(super) struct $field$((pub(super) $inner))?;

        impl PartialSchema for $field {
            fn schema() -> RefOr<Schema> {
                $schema.description(Some(concat!($($doc),*).trim())).build().into()
            }
        }

        impl ToSchema for $field {
            fn name() -> Cow<'static, str> {
                stringify!($field).into()
            }
        }
    )*};
}

described! {
    /// The id of a charter, as the booking gave it
    CharterId = id();
    /// The id of a crew member: `dana-reyes`
    CrewId(model::CrewId) = id();
    /// A rank of the operator's: `captain`, `deckhand`
    Rank(model::Rank) = text(limits::RANK_CHARS);
    /// A name in one line
    Name = text(limits::NAME_CHARS);
    /// A reason in one line; it stays on record
    Note(String) = text(limits::NOTE_CHARS);
    /// Plain text that may have several lines
    Comment(String) = text(limits::COMMENT_CHARS);
    /// Plain text that may have several lines
    Message(String) = text(limits::MESSAGE_CHARS);
    /// An instant with an offset (RFC 3339)
    Instant(Timestamp) = string().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    /// A rule about the sail or about one person
    Gate(vessel::Gate) = string().enum_values(Some(vessel::Gate::ALL.map(vessel::Gate::as_str)));
    /// An amount of money, without a sign or a currency: `1450.00`
    Amount(model::Money) = string().pattern(Some(r"^[0-9]{1,7}(\.[0-9]{1,2})?$"));
    /// A length of time in hours and minutes, `3:30`, or in hours, `3.5`
    Hours(model::Minutes) = string().pattern(Some(r"^[0-9]{1,3}(:[0-5][0-9]|\.[0-9][05]?)?$"));
    /// Guests aboard
    Guests = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(limits::GUESTS));
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn text(most: usize) -> ObjectBuilder {
    string().min_length(Some(1)).max_length(Some(most))
}

fn id() -> ObjectBuilder {
    text(limits::ID_CHARS).pattern(Some("^[A-Za-z0-9_.:@-]*[A-Za-z0-9][A-Za-z0-9_.:@-]*$"))
}

/// How many entries of a list are wanted, as a parameter of the query.
pub(super) fn page<const MOST: usize>() -> Object {
    let what = format!("How many at the most; {MOST} if it is not given");
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(MOST));
    number.description(Some(what)).build()
}

/// A field that is read from a string.
macro_rules! read {
    ($($field:ident = $read:expr;)*) => {$(
        impl<'de> Deserialize<'de> for $field {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read: fn(&str) -> Result<_, String> = $read;
                read(&String::deserialize(deserializer)?).map(Self).map_err(D::Error::custom)
            }
        }
    )*};
}

read! {
    CrewId = str::parse;
    Rank = str::parse;
    Gate = str::parse;
    Amount = str::parse;
    Hours = str::parse;
    Note = |text| model::line(text, limits::NOTE_CHARS);
    Comment = |text| words::written(text, limits::COMMENT_CHARS);
    Message = |text| words::written(text, limits::MESSAGE_CHARS);
    Instant = |text| {
        text.parse().map_err(|_| "is no instant; write it as 2026-06-27T12:00:00-07:00".into())
    };
}

/// One word of several. Of itself serde takes `{"yes": null}` for `"yes"`.
pub(super) fn word<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(String::deserialize(deserializer)?.into_deserializer())
}

/// A list of objects. Of itself serde takes `["captain", 1]` for `{"position": "captain", "quantity": 1}`.
pub(super) fn objects<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(Vec::deserialize(deserializer)?.into_iter().map(|FromObject(read)| read).collect())
}

struct FromObject<T>(T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for FromObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(std::marker::PhantomData<T>);

        impl<'de, T: DeserializeOwned> Visitor<'de> for Entries<T> {
            type Value = T;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(entries))
            }
        }

        deserializer.deserialize_map(Entries(std::marker::PhantomData)).map(Self)
    }
}
