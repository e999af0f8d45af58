//! The page that shows ours inside a frame.

use actix_web::{HttpRequest, http::header};
use lodge_access::App;
use url::Url;

/// Who opened the consent page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opener {
    /// The browser, on a page of its own; or it does not say.
    Nobody,
    /// A page of this origin, in a frame.
    Origin(String),
    /// Some page of the app's origins, in a frame.
    Unnamed,
}

impl Opener {
    /// The origin, where it is known.
    pub(crate) fn origin(&self) -> Option<&str> {
        match self {
            Self::Origin(origin) => Some(origin),
            Self::Nobody | Self::Unnamed => None,
        }
    }

    /// Reads it from what the browser says of itself, which no page can forge
    /// (<https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header>). Only
    /// what the app registered is believed: nothing else can frame us.
    /// `known` is what an earlier answer of this visit said.
    pub(crate) fn of(request: &HttpRequest, app: &App, known: Option<&str>) -> Self {
        let text = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
        let framed = ["iframe", "frame", "embed", "object"];
        if !text("sec-fetch-dest").is_some_and(|it| framed.contains(&it)) {
            return Self::Nobody;
        }
        let referrer = text(header::REFERER.as_str()).and_then(|it| Url::parse(it).ok());
        let referrer = referrer.map(|it| it.origin().ascii_serialization());
        let registered = app.frame_ancestors();
        let is_registered = |it: &String| registered.contains(it);
        let named = referrer.filter(is_registered);
        let named = named.or_else(|| known.map(str::to_owned).filter(is_registered));
        match (named, registered.as_slice()) {
            (Some(origin), _) => Self::Origin(origin),
            // There is nobody else who could.
            (None, [only]) => Self::Origin(only.clone()),
            (None, _) => Self::Unnamed,
        }
    }
}
