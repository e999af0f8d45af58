//! What every handler is given.

use std::sync::Arc;

use actix_web::web::Bytes;
use lodge_gateway::Gateway;

use crate::WebSettings;

/// The pages' share of the process: the use cases, and what was worked out
/// once.
pub(crate) struct Site {
    pub(crate) gateway: Arc<Gateway>,
    /// The public address without a slash at its end (RFC 9207, 2).
    pub(crate) issuer: String,
    /// Browsers come by `https`.
    pub(crate) secure: bool,
    /// The rendered API reference.
    pub(crate) reference: Bytes,
}

impl Site {
    pub(crate) fn new(gateway: Arc<Gateway>, settings: &WebSettings, reference: Bytes) -> Self {
        Self {
            gateway,
            issuer: issuer(settings),
            secure: settings.public_url.scheme() == "https",
            reference,
        }
    }
}

/// The public address as apps compare it: without a slash at its end.
pub(crate) fn issuer(settings: &WebSettings) -> String {
    settings.public_url.as_str().trim_end_matches('/').to_owned()
}
