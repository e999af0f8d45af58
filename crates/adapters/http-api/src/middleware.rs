//! Around every answer: the request's id, its span, its count, the canonical
//! error body, and headers that are safe unless a handler says otherwise.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use lodge_gateway::audit::{Whence, whence};
use lodge_kernel::{RequestId, Timestamp};
use lodge_provider::Counter;
use tracing::Instrument as _;

use crate::{
    Surface, doors,
    problem::{Code, Problem},
    server::Asked,
    teaching::{self, problem::Refusal},
};

/// The header of the request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is known of a request before its handler runs.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// Its id.
    pub id: RequestId,
    /// When its head was read, for the journal, to the millisecond.
    pub at: Timestamp,
    /// The same, for durations.
    pub started: Instant,
}

/// The middleware: wrap the whole application in it.
///
/// # Errors
///
/// Those of other middleware; what fails in a handler is answered.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let surface = request.app_data::<Data<Surface>>().cloned();
    let Some(surface) = surface else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    let gateway = &surface.gateway;
    let id = RequestId::fresh(&*gateway.clock, &*gateway.entropy);
    let started = Instant::now();
    request.extensions_mut().insert(Arrival { id, at: id.made_at(), started });

    let method = request.method().clone();
    let origin = allowed_origin(&surface, request.headers());
    let span = tracing::info_span!(
        "http.request",
        otel.kind = "server",
        request.id = %id,
        http.request.method = %method,
        http.route = tracing::field::Empty,
        http.response.status_code = tracing::field::Empty,
    );
    let mut response = if method == Method::OPTIONS {
        request.into_response(HttpResponse::NoContent().finish())
    } else {
        // A handler's error comes as its response; an `Err` here would be of
        // another middleware, and there is none.
        let network = doors::network(surface.doors.as_deref(), request.request());
        let whence = Whence { request: Some(id), network };
        let answer = whence::scope(whence, next.call(request)).instrument(span.clone());
        Counter::default().count(answer).await?.map_into_boxed_body()
    };
    if let Some(asked) = response.request().conn_data::<Asked>() {
        asked.note(method == Method::HEAD);
    }
    let route = response.request().match_pattern();
    span.record("http.route", route.as_deref().unwrap_or("none"));
    span.record("http.response.status_code", response.status().as_u16());

    let problem = response.response_mut().extensions_mut().remove::<Problem>();
    let refusal = response.response_mut().extensions_mut().remove::<Refusal>();
    let of_courses = response.request().path().starts_with(teaching::problem::PREFIX);
    response = match (problem, refusal) {
        (_, Some(refusal)) => write_refusal(response, refusal, id),
        (Some(problem), None) if of_courses => write_refusal(response, problem.into(), id),
        (Some(problem), None) => write_problem(response, problem, id, surface.issuer()),
        (None, None) => response,
    };
    let status = response.status().as_u16();
    surface.metrics.answered(method.as_str(), route, status, started.elapsed().as_secs_f64());
    add_headers(response.headers_mut(), id, origin, &method);
    Ok(response)
}

/// The canonical body of `problem`, with what HTTP says beside it.
fn write_problem(
    response: ServiceResponse<BoxBody>,
    problem: Problem,
    id: RequestId,
    issuer: &str,
) -> ServiceResponse<BoxBody> {
    let status = problem.status();
    let challenge = match (status, problem.code) {
        (StatusCode::UNAUTHORIZED, Code::AuthRequired) => Some("Bearer"),
        // RFC 6750, 3.1.
        (StatusCode::UNAUTHORIZED, _) => Some("Bearer error=\"invalid_token\""),
        (_, Code::InsufficientScope) => Some("Bearer error=\"insufficient_scope\""),
        _ => None,
    };
    let (code, retry_after) = (problem.code, problem.retry_after);
    tracing::info!(request.id = %id, code = problem.code.name(), message = problem.message, "refused");
    let (request, mut answer) = response.into_parts();
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(challenge) = challenge {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let mut body = problem.body(&id.to_string(), issuer);
    // What broke off half-way may have changed something: only a read is
    // repeated without a look.
    body.error.retryable &= code != Code::InternalError || request.method().is_safe();
    let body = serde_json::to_vec(&body).unwrap_or_default();
    ServiceResponse::new(request, answer.set_body(BoxBody::new(body)))
}

/// The body of `refusal`, in the shape of the courses.
fn write_refusal(
    response: ServiceResponse<BoxBody>,
    refusal: Refusal,
    id: RequestId,
) -> ServiceResponse<BoxBody> {
    let code = refusal.code;
    // Without the message: it may name a student, or an address.
    tracing::info!(request.id = %id, code = code.name(), "refused");
    let (request, mut answer) = response.into_parts();
    *answer.status_mut() = code.status();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if code.status() == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if matches!(code.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        let seconds = refusal.retry_after.unwrap_or(1);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let body = serde_json::to_vec(&refusal.body(&id.to_string())).unwrap_or_default();
    ServiceResponse::new(request, answer.set_body(BoxBody::new(body)))
}

/// The caller's origin, if its pages may read answers.
fn allowed_origin(surface: &Surface, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let allowed = surface.cors_origins.iter().any(|it| it.as_bytes() == origin.as_bytes());
    allowed.then(|| origin.clone())
}

fn add_headers(
    headers: &mut HeaderMap,
    id: RequestId,
    origin: Option<HeaderValue>,
    method: &Method,
) {
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    let safe = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    for (name, value) in safe {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Some(origin) = origin {
        // Never with Allow-Credentials: pages bring a token, not a cookie.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("x-request-id, ETag, Retry-After, Link"),
        );
    }
    if *method == Method::OPTIONS {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static(
                "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, \
                 x-request-id, x-connection-id, x-admin-api-key",
            ),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
}
