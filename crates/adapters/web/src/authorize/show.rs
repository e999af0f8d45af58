//! The page of a visit.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use lodge_gateway::oauth::{ConsentPage, ConsentPageError};

use crate::{
    answer::{self, Framing, Head},
    authorize::{
        app::framing_of_visit,
        cookie,
        form::ConsentForm,
        login::Went,
        opener::Opener,
        view::{ConsentView, Said},
    },
    problem::Problem,
    site::Site,
};

/// The page as the customer first sees it.
pub(crate) async fn show(
    site: &Site,
    request: &HttpRequest,
    visit: &str,
    went: Option<(&str, &str)>,
) -> Result<HttpResponse, Problem> {
    let cookie = cookie::of_visit(site, request, visit);
    let went = went.map(|(provider, code)| Went::of(site, provider, code));
    match site.gateway.consent_page(visit, cookie.as_deref()).await {
        Ok(page) => {
            let form = page
                .given
                .as_ref()
                .map_or_else(|| ConsentForm::untouched(page.scope), ConsentForm::of);
            let said = went.as_ref().map(Said::Login);
            Ok(present(StatusCode::OK, request, &page, &form, said))
        }
        Err(error) => {
            let framing = framing_of_visit(&site.gateway, visit).await;
            Err(Problem::from(error).framed(framing))
        }
    }
}

/// The page with what the customer chose, and with what is to be corrected.
pub(crate) fn present(
    status: StatusCode,
    request: &HttpRequest,
    page: &ConsentPage,
    form: &ConsentForm,
    said: Option<Said<'_>>,
) -> HttpResponse {
    let head = Head {
        framing: Framing::by(&page.app),
        form_target: answer::form_target(&page.transaction.redirect_uri),
        public: false,
    };
    let opener = Opener::of(request, &page.app, form.opened_from.as_deref());
    answer::page(status, &head, &ConsentView::new(page, form, opener, said))
}

impl From<ConsentPageError> for Problem {
    fn from(error: ConsentPageError) -> Self {
        match error {
            ConsentPageError::Unknown => Self::unknown_visit(error.to_string()),
            ConsentPageError::Answered { approved } => {
                Self::answered_visit(error.to_string(), approved)
            }
            ConsentPageError::Ended => Self::ended_visit(error.to_string()),
            ConsentPageError::Storage(error) => error.into(),
        }
    }
}
