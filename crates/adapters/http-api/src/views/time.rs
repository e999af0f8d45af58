//! Instants in JSON.

use lodge_kernel::Timestamp;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// An instant, RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-04-02T14:00:00.000Z")]
pub struct Time(Timestamp);

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
