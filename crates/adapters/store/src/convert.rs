//! Between what columns hold and what the domain means.

use lodge_access::PermissionSet;
use lodge_courses::Document;
use lodge_forge::{ProviderName, RepositoryId};
use lodge_kernel::{Digest, Sealed, Timestamp};
use lodge_storage::{BoxError, StorageError};

/// A row of an entity that the domain refuses.
#[derive(Clone, Copy)]
pub(crate) struct Row(pub(crate) &'static str);

impl Row {
    pub(crate) fn corrupt(self, source: impl Into<BoxError>) -> StorageError {
        StorageError::Corrupt { entity: self.0, source: source.into() }
    }

    pub(crate) fn digest(self, bytes: Vec<u8>) -> Result<Digest, StorageError> {
        let bytes = bytes.try_into();
        bytes.map(Digest).map_err(|_length| self.corrupt("a digest has 32 bytes"))
    }

    pub(crate) fn permissions(self, scopes: &str) -> Result<PermissionSet, StorageError> {
        PermissionSet::parse(scopes).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn provider(self, name: &str) -> Result<ProviderName, StorageError> {
        ProviderName::parse(name).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn repository(self, id: &str) -> Result<RepositoryId, StorageError> {
        RepositoryId::parse(id).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn sealed(self, text: &str) -> Result<Sealed, StorageError> {
        text.parse().map_err(|error: lodge_kernel::ParseSealedError| self.corrupt(error))
    }

    /// Reads a JSON array of text.
    pub(crate) fn list(self, json: &str) -> Result<Vec<String>, StorageError> {
        serde_json::from_str(json).map_err(|error| self.corrupt(error))
    }

    /// Reads a number that has a smaller type in the domain.
    pub(crate) fn number<N: TryFrom<i64>>(self, n: i64) -> Result<N, StorageError>
    where
        N::Error: Into<BoxError>,
    {
        n.try_into().map_err(|error: N::Error| self.corrupt(error))
    }
}

/// A JSON array of text.
pub(crate) fn json<'a>(list: impl Iterator<Item = &'a str>) -> String {
    list.map(serde_json::Value::from).collect::<serde_json::Value>().to_string()
}

pub(crate) fn instant(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}

pub(crate) fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_micros)
}

/// A number for a column. What is larger than a column holds, nobody counts.
pub(crate) fn column(n: impl TryInto<i64>) -> i64 {
    n.try_into().unwrap_or(i64::MAX)
}

/// A JSON value as the domain reads it.
pub(crate) fn read_document(value: serde_json::Value) -> Document {
    use serde_json::Value;
    match value {
        Value::Null => Document::Null,
        Value::Bool(it) => Document::Bool(it),
        Value::Number(it) => Document::Number(it.to_string()),
        Value::String(it) => Document::Text(it),
        Value::Array(items) => Document::List(items.into_iter().map(read_document).collect()),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, it)| (name, read_document(it)));
            Document::Object(fields.collect())
        }
    }
}

/// What the domain wrote, as a JSON value.
pub(crate) fn write_document(document: Document) -> serde_json::Value {
    use serde_json::Value;
    match document {
        Document::Null => Value::Null,
        Document::Bool(it) => Value::Bool(it),
        Document::Number(it) => serde_json::from_str(&it).unwrap_or_default(),
        Document::Text(it) => Value::String(it),
        Document::List(items) => items.into_iter().map(write_document).collect(),
        Document::Object(fields) => {
            fields.into_iter().map(|(name, it)| (name, write_document(it))).collect()
        }
    }
}
