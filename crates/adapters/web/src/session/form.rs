//! Forms of our own pages.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header,
    rt::time::timeout,
    web::{self, Bytes, Data},
};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::{
    cookie,
    signed_in::{Away, SignedIn, SignedInPerson},
};
use crate::{problem::Problem, site::Site};

/// The largest form.
const MOST_BYTES: usize = 64 * 1_024;
/// How long it may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

type Later<T> = Pin<Box<dyn Future<Output = Result<T, Away>>>>;

/// A form of somebody who is signed in, which only a page of their session can
/// send. `W` says who: [`SignedIn`] or [`SignedInPerson`].
pub(crate) struct CheckedForm<T, W = SignedIn> {
    pub(crate) who: W,
    pub(crate) form: T,
}

impl<T, W> FromRequest for CheckedForm<T, W>
where
    T: DeserializeOwned + 'static,
    W: FromRequest<Error = Away> + Signed + 'static,
{
    type Error = Away;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let who = W::from_request(request, payload);
        let payload = web::Payload::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let who = who.await?;
            check_origin(who.site(), &request)?;
            let (csrf, body) = without_csrf(&read(&request, payload.await).await?);
            let session = cookie::session(who.site(), &request).unwrap_or_default();
            if !who.site().gateway.is_form_token(session, &csrf) {
                let text = "this form belongs to another session than the one that you are in";
                return Err(Problem::forged_form(text).into());
            }
            Ok(Self { who, form: parse(&body)? })
        })
    }
}

/// Whoever is signed in.
pub(crate) trait Signed {
    /// What every handler is given.
    fn site(&self) -> &Site;
}

impl Signed for SignedIn {
    fn site(&self) -> &Site {
        &self.site
    }
}

impl Signed for SignedInPerson {
    fn site(&self) -> &Site {
        &self.site
    }
}

/// A form that strangers send too: only that it comes from our own origin is
/// checked.
pub(crate) struct OpenForm<T> {
    pub(crate) site: Data<Site>,
    pub(crate) form: T,
    pub(crate) request: HttpRequest,
}

impl<T: DeserializeOwned + 'static> FromRequest for OpenForm<T> {
    type Error = Away;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = web::Payload::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let site = request.app_data::<Data<Site>>().cloned();
            let site = site.ok_or_else(|| Away::from(Problem::broken(&std::fmt::Error)))?;
            check_origin(&site, &request)?;
            site.admit(&request)?;
            let form = parse(&read(&request, payload.await).await?)?;
            Ok(Self { site, form, request })
        })
    }
}

/// Refuses what any other origin made the browser send, sister hosts of the
/// same domain too. `Origin` is `null` on our own pages, since they send no
/// referrer; a browser that says nothing of `Sec-Fetch-Site` is held by the
/// token of the form.
fn check_origin(site: &Site, request: &HttpRequest) -> Result<(), Problem> {
    let text = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
    let ours = match text("sec-fetch-site") {
        Some(relation) => matches!(relation, "same-origin" | "none"),
        None => text(header::ORIGIN.as_str()).is_none_or(|it| it == "null" || it == site.issuer),
    };
    if ours {
        Ok(())
    } else {
        Err(Problem::forged_form("another site tried to send this form in your name"))
    }
}

async fn read(
    request: &HttpRequest,
    payload: Result<web::Payload, actix_web::Error>,
) -> Result<Bytes, Problem> {
    if request.content_type() != "application/x-www-form-urlencoded" {
        return Err(Problem::not_a_form());
    }
    let payload = payload.map_err(|_broken| Problem::unreadable("the form did not come whole"))?;
    let body = timeout(PATIENCE, payload.to_bytes_limited(MOST_BYTES)).await;
    let body = body.map_err(|_elapsed| Problem::too_slow("the form did not come in time"))?;
    let body = body.map_err(|_too_long| Problem::too_large("a form has at most 64 KiB"))?;
    body.map_err(|_broken| Problem::unreadable("the form did not come whole"))
}

/// The field `csrf`, and the form without it.
fn without_csrf(body: &[u8]) -> (String, Vec<u8>) {
    let mut csrf = String::new();
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(body) {
        if name == "csrf" {
            csrf = value.into_owned();
        } else {
            rest.append_pair(&name, &value);
        }
    }
    (csrf, rest.finish().into_bytes())
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_urlencoded::from_bytes(body)
        .map_err(|error| Problem::unreadable(format!("a field of the form is missing: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_taken_out_of_the_form() {
        let (csrf, rest) = without_csrf(b"name=a+b&csrf=42&x=%26");
        assert_eq!((csrf.as_str(), rest.as_slice()), ("42", b"name=a+b&x=%26".as_slice()));
        assert_eq!(without_csrf(b"name=a").0, "");
    }
}
