//! What every page of a customer begins with.

use actix_web::{HttpRequest, HttpResponse, web::Payload};
use lodge_gateway::customer::{ActionError, Insider, SessionError};
use url::form_urlencoded;

use super::cookie;
use crate::{
    answer::{self, Framing, Head},
    authorize::{app::app_named, form, origin},
    problem::Problem,
    site::Site,
};

/// One request for the pages of one app's customers.
pub(crate) struct Door<'a> {
    pub(crate) site: &'a Site,
    pub(crate) request: &'a HttpRequest,
    /// The app's id, as it stands in the path.
    pub(crate) client: &'a str,
    pub(crate) cookie: Option<&'a str>,
    /// Who may frame the answer, an error too.
    pub(crate) framing: Framing,
}

/// The fields of a small form.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|it| !it.is_empty())
    }

    /// The page's token against forged forms.
    pub(crate) fn csrf(&self) -> &str {
        self.get("csrf").unwrap_or_default()
    }
}

impl<'a> Door<'a> {
    /// Lets a request in.
    pub(crate) async fn open(site: &'a Site, request: &'a HttpRequest) -> Result<Self, Problem> {
        site.admit(request)?;
        let client = request.match_info().get("clientId").unwrap_or_default();
        let app = app_named(&site.gateway, Some(client)).await?;
        let framing = app.as_ref().map_or(Framing::Nobody, Framing::by);
        Ok(Self { site, request, client, cookie: cookie::of(site, request), framing })
    }

    /// The same, for what changes something: another site cannot make a browser
    /// send it.
    pub(crate) async fn open_for_form(
        site: &'a Site,
        request: &'a HttpRequest,
    ) -> Result<Self, Problem> {
        let door = Self::open(site, request).await?;
        origin::check(site, request).map_err(|it| it.framed(door.framing.clone()))?;
        Ok(door)
    }

    /// The same, with the fields of a small form.
    pub(crate) async fn open_with_fields(
        site: &'a Site,
        request: &'a HttpRequest,
        payload: Payload,
    ) -> Result<(Self, Fields), Problem> {
        let door = Self::open_for_form(site, request).await?;
        let body = form::body(request, payload).await.map_err(|it| door.framed(it))?;
        Ok((door, Fields(form_urlencoded::parse(&body).into_owned().collect())))
    }

    /// Who it is.
    pub(crate) async fn insider(&self) -> Result<Insider, Problem> {
        let found = self.site.gateway.customer_session(self.client, self.cookie).await;
        found.map_err(|error| self.framed(error.into()))
    }

    /// A part of the path.
    pub(crate) fn segment(&self, name: &str) -> &'a str {
        self.request.match_info().get(name).unwrap_or_default()
    }

    pub(crate) fn framed(&self, problem: Problem) -> Problem {
        problem.framed(self.framing.clone())
    }

    pub(crate) fn head(&self) -> Head {
        Head { framing: self.framing.clone(), ..Head::default() }
    }

    /// Back to the access page, which says what was done.
    pub(crate) fn done(&self, said: &str) -> HttpResponse {
        let location = format!("/app/company/apps/{}?said={said}", self.client);
        answer::see_other(&location).finish()
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Unknown => Self::no_session(error.to_string()),
            SessionError::Storage(error) => error.into(),
        }
    }
}

impl From<ActionError> for Problem {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Session(error) => error.into(),
            ActionError::Forged => Self::forged(error.to_string()),
            ActionError::NotFound { .. } => Self::not_there(error.to_string()),
        }
    }
}
