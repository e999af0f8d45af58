//! `GET /oauth/authorize`: an app sends a browser, or the browser comes to
//! its page.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::{
    authorize::{
        begin,
        parameters::{Parameters, Repeated},
        show,
    },
    problem::Problem,
    site::Site,
};

#[tracing::instrument(name = "web.arrive", skip_all)]
pub(crate) async fn arrive(
    site: Data<Site>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    site.admit(&request)?;
    let parameters = Parameters::parse(request.query_string())?;
    match parameters.get("transaction") {
        // What names an app is a new request, whatever else it carries.
        Some(visit) if parameters.get("client_id").is_none() => {
            let went = parameters.get("provider").zip(parameters.get("login"));
            show::show(&site, &request, visit, went).await
        }
        _ => begin::begin(&site, &request, parameters).await,
    }
}

impl From<Repeated> for Problem {
    fn from(Repeated(name): Repeated) -> Self {
        Self::link(format!("the parameter {name} came more than once"))
    }
}
