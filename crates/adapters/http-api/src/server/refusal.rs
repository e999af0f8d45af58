//! The canonical error for what no handler has seen.

use actix_web::http::StatusCode;
use lodge_kernel::RequestId;

use crate::{Surface, problem::Problem};

/// A whole answer, as it is written on a connection that ends with it.
pub(super) fn answer(surface: &Surface, status: StatusCode) -> Vec<u8> {
    let gateway = &surface.gateway;
    let id = RequestId::fresh(&*gateway.clock, &*gateway.entropy);
    let problem = problem(status);
    let status = problem.status();
    tracing::info!(request.id = %id, code = problem.code.name(), status = status.as_u16(), "refused");
    surface.metrics.answered("", None, status.as_u16(), 0.0);
    let body =
        serde_json::to_string(&problem.body(&id.to_string(), surface.issuer())).unwrap_or_default();
    let reason = status.canonical_reason().unwrap_or_default();
    let len = body.len();
    format!(
        "HTTP/1.1 {} {reason}\r\n\
         content-type: application/json\r\n\
         content-length: {len}\r\n\
         x-request-id: {id}\r\n\
         cache-control: no-store\r\n\
         x-content-type-options: nosniff\r\n\
         connection: close\r\n\
         \r\n{body}",
        status.as_u16(),
    )
    .into_bytes()
}

fn problem(status: StatusCode) -> Problem {
    let message = match status {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            "the head of the request is larger than 128 KiB, or has more than 96 headers"
        }
        StatusCode::REQUEST_TIMEOUT => "the head of the request did not arrive within 10 seconds",
        _ => "this is not a request in HTTP/1.1: look at its first line and its headers",
    };
    if status.is_server_error() {
        return Problem::internal(&std::fmt::Error);
    }
    Problem::invalid(message).with_status(status)
}
