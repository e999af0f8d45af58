//! What anybody may know.

pub(crate) mod callback_urls;
pub(crate) mod capabilities;
pub(crate) mod health;
pub(crate) mod live;
pub(crate) mod openapi_json;
pub(crate) mod providers;
pub(crate) mod ready;
pub(crate) mod receipt_keys;
