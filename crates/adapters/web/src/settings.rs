//! What the composition root chooses.

use std::{net::IpAddr, sync::Arc};

use actix_web::HttpRequest;
use url::Url;

/// Says who asks too often.
pub trait Doorkeeper: Send + Sync {
    /// Takes note of a request.
    ///
    /// # Errors
    ///
    /// The whole seconds to wait, when there were too many.
    fn admit(&self, request: &HttpRequest) -> Result<(), u64>;

    /// Who asks: behind our own proxies, the address that they name.
    fn address(&self, request: &HttpRequest) -> Option<IpAddr>;
}

/// Where the pages live.
#[derive(Clone)]
pub struct WebSettings {
    /// The address under which browsers see us, without a path. It is the
    /// `iss` of every answer to an app; with `https`, cookies are `Secure`.
    pub public_url: Url,
    /// Who watches the consent page's door; nobody when `None`.
    pub doorkeeper: Option<Arc<dyn Doorkeeper>>,
}
