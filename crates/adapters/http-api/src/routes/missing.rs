//! What is answered where there is no row.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};

use crate::problem::{Code, Problem};

/// The answer where the path takes other methods, which `allow` lists.
pub(super) fn wrong_method(allow: &str) -> HttpResponse {
    use actix_web::ResponseError as _;
    let message = format!("this path answers {allow}");
    let problem = Problem::invalid(message).with_status(StatusCode::METHOD_NOT_ALLOWED);
    let mut response = problem.error_response();
    if let Ok(allow) = header::HeaderValue::try_from(allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// The answer where there is no route: the application's default service.
///
/// # Errors
///
/// Always [`Code::ResourceNotFound`].
pub async fn not_found(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let path: String = request.path().chars().take(200).collect();
    Err(Problem::new(
        Code::ResourceNotFound,
        format!("there is no route {} {path}; see /docs/api", request.method()),
    ))
}
