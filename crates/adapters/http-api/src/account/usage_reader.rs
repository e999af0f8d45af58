//! Who asks what was read: a member of the organisation whose apps read, or the
//! customer of whom they read.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};
use lodge_access::{Secret, SecretKind};
use lodge_gateway::{
    customer::{Insider, SessionError},
    people::Visitor,
};
use lodge_kernel::{CustomerId, TenantId};
use url::form_urlencoded;

use crate::{
    Surface,
    caller::surface,
    problem::{Code, Problem},
    session,
};

/// Who asks.
pub(super) enum Who {
    /// A member of an organisation, who sees what its apps read.
    Developer(Box<Visitor>),
    /// A customer of one app, who sees what it read of the customer.
    Customer(Box<Insider>),
}

/// A request of somebody who may see some of the journal.
pub(crate) struct UsageReader {
    pub(super) surface: Data<Surface>,
    pub(super) request: HttpRequest,
    pub(super) who: Who,
}

impl FromRequest for UsageReader {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let surface = surface(&request)?;
            let who = who(&surface, &request).await?;
            Ok(Self { surface, request, who })
        })
    }
}

impl UsageReader {
    /// The organisation whose journal it is.
    pub(super) fn tenant(&self) -> TenantId {
        match &self.who {
            Who::Developer(visitor) => visitor.tenant,
            Who::Customer(insider) => insider.app.tenant,
        }
    }

    /// The customer beyond whom nothing is shown.
    pub(super) fn customer(&self) -> Option<CustomerId> {
        match &self.who {
            Who::Developer(_) => None,
            Who::Customer(insider) => Some(insider.customer.id),
        }
    }
}

/// A developer's session counts before a customer's: whoever has both is asked
/// by nobody which one is meant.
async fn who(surface: &Surface, request: &HttpRequest) -> Result<Who, Problem> {
    let developer = request.headers().contains_key(header::AUTHORIZATION)
        || session::of_cookie(surface, request).is_some();
    let cookie = customer_cookie(surface, request).filter(|_| !developer);
    let Some(cookie) = cookie else {
        let visitor = surface.gateway.visitor(session::text(surface, request)?).await;
        let visitor = visitor.map_err(|error| Problem::session(&error))?;
        return Ok(Who::Developer(Box::new(visitor)));
    };
    let query = request.query_string().as_bytes();
    let client = form_urlencoded::parse(query).find(|(name, _)| name == "clientId");
    let Some((_, client)) = client else {
        return Err(Problem::invalid("`clientId` names the app whose customer you are"));
    };
    let insider = surface.gateway.customer_session(&client, Some(cookie)).await;
    let insider = insider.map_err(|error| match error {
        SessionError::Unknown => Problem::new(Code::AuthRequired, error.to_string()),
        SessionError::Storage(error) => Problem::storage(&error),
    })?;
    Ok(Who::Customer(Box::new(insider)))
}

/// The session on an access page that the browser keeps.
fn customer_cookie<'a>(surface: &Surface, request: &'a HttpRequest) -> Option<&'a str> {
    let secure = surface.public_url.scheme() == "https";
    let name = if secure { "__Host-cs" } else { "lodge-cs" };
    let cookies = session::cookies(request).filter(|(known, _)| *known == name);
    let mut texts = cookies.map(|(_, value)| value);
    texts.find(|it| Secret::parse(SecretKind::CustomerSession, it).is_some())
}
