//! What every handler is given.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use actix_web::{HttpRequest, web::Bytes};
use lodge_gateway::Gateway;
use serde_json::Value;

use crate::{Doorkeeper, WebSettings, docs::Docs, problem::Problem, reference};

/// Writes the `OpenAPI` document.
type Openapi = Box<dyn Fn() -> Value + Send + Sync>;

/// The pages' share of the process: the use cases, and what was worked out
/// once.
pub(crate) struct Site {
    pub(crate) gateway: Arc<Gateway>,
    /// The public address without a slash at its end (RFC 9207, 2).
    pub(crate) issuer: String,
    /// Browsers come by `https`.
    pub(crate) secure: bool,
    /// Who watches the consent page's door.
    pub(crate) doorkeeper: Option<Arc<dyn Doorkeeper>>,
    openapi: Openapi,
    reference: OnceLock<Bytes>,
    docs: OnceLock<Docs>,
}

impl Site {
    pub(crate) fn new(gateway: Arc<Gateway>, settings: &WebSettings, openapi: Openapi) -> Self {
        Self {
            gateway,
            issuer: issuer(settings),
            secure: settings.public_url.scheme() == "https",
            doorkeeper: settings.doorkeeper.clone(),
            openapi,
            reference: OnceLock::new(),
            docs: OnceLock::new(),
        }
    }

    /// The API reference, rendered when somebody first asks for it.
    pub(crate) fn reference(&self) -> Bytes {
        let render = || reference::render(&(self.openapi)(), &self.issuer);
        self.reference.get_or_init(render).clone()
    }

    /// The documentation, rendered when somebody first asks for it.
    pub(crate) fn docs(&self) -> &Docs {
        let render = || Docs::render(&self.gateway, &(self.openapi)(), &self.issuer);
        self.docs.get_or_init(render)
    }

    /// Lets a request for the consent page in, or says on a page when to come
    /// back. That page is not for frames: whose it is would have to be asked of
    /// the database, which the door protects.
    pub(crate) fn admit(&self, request: &HttpRequest) -> Result<(), Problem> {
        match &self.doorkeeper {
            Some(doorkeeper) => doorkeeper.admit(request).map_err(Problem::too_many),
            None => Ok(()),
        }
    }

    /// Who asks.
    pub(crate) fn address(&self, request: &HttpRequest) -> Option<IpAddr> {
        match &self.doorkeeper {
            Some(doorkeeper) => doorkeeper.address(request),
            None => request.peer_addr().map(|it| it.ip()),
        }
    }
}

/// The public address as apps compare it: without a slash at its end.
pub(crate) fn issuer(settings: &WebSettings) -> String {
    settings.public_url.as_str().trim_end_matches('/').to_owned()
}
