//! What somebody outside the process can order, below `/_simulation/{host}`:
//! faults, the end of every token, what the host has counted, and the webhooks
//! that it would deliver to.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};

use crate::{Accounts, Fault, Faults, Simulator};

/// The first segment of these paths. No host has this name.
pub(crate) const PREFIX: &str = "_simulation";

/// Answers `rest`, the segments after the host's name. Only programs of this
/// machine are answered.
pub(crate) fn answer(
    request: &HttpRequest,
    rest: &[String],
    body: &[u8],
    simulator: &dyn Simulator,
    accounts: &Accounts,
    faults: &Faults,
) -> HttpResponse {
    if !request.peer_addr().is_some_and(|it| it.ip().is_loopback()) {
        return HttpResponse::Forbidden().body("this is for programs of this machine");
    }
    let host = simulator.name();
    match (request.method(), rest) {
        (&Method::GET, [what]) if what == "counters" => HttpResponse::Ok().json(json!({
            "counted": faults.counted(host),
            "refreshes": accounts.refreshes(),
        })),
        (&Method::GET, [what]) if what == "webhooks" => {
            let webhooks = simulator.webhooks();
            let webhooks = webhooks.iter().map(|it| json!({ "url": it.url, "secret": it.secret }));
            HttpResponse::Ok().json(webhooks.collect::<Vec<_>>())
        }
        (&Method::POST, [what]) if what == "expire" => {
            accounts.expire();
            HttpResponse::NoContent().finish()
        }
        (&Method::POST, [what]) if what == "faults" => match read(body) {
            Some(fault) => {
                faults.order(host, fault);
                HttpResponse::NoContent().finish()
            }
            None => HttpResponse::BadRequest().body("this is no fault"),
        },
        _ => HttpResponse::build(StatusCode::NOT_FOUND).body("there is no such order"),
    }
}

/// A fault in JSON: its name, and what belongs to it.
fn read(body: &[u8]) -> Option<Fault> {
    let told: Value = serde_json::from_slice(body).ok()?;
    let number = |name: &str| told.get(name).and_then(Value::as_u64);
    Some(match told.get("fault")?.as_str()? {
        "answer" => {
            let headers = told.get("headers").and_then(Value::as_object);
            let headers = headers.into_iter().flatten();
            let headers =
                headers.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
            let body = told.get("body").and_then(Value::as_str).unwrap_or_default();
            Fault::Answer {
                status: number("status")?.try_into().ok()?,
                headers: headers.collect::<Option<_>>()?,
                body: body.as_bytes().to_vec(),
            }
        }
        "late" => Fault::Late(number("milliseconds")?),
        "dripping" => Fault::Dripping,
        "cut_off" => Fault::CutOff,
        "bomb" => Fault::Bomb,
        "marked" => Fault::Marked,
        "token_expired" => Fault::TokenExpired,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_and_anything_else_is_none() {
        let limit = br#"{"fault":"answer","status":403,"headers":{"retry-after":"37"},"body":"x"}"#;
        let headers = vec![("retry-after".to_owned(), "37".to_owned())];
        assert_eq!(read(limit), Some(Fault::Answer { status: 403, headers, body: b"x".to_vec() }));
        assert_eq!(read(br#"{"fault":"late","milliseconds":5}"#), Some(Fault::Late(5)));
        let wrong = [
            r#"{"fault":"late"}"#,
            r#"{"fault":"answer","status":70000}"#,
            r#"{"fault":"answer","status":403,"headers":{"retry-after":37}}"#,
            r#"{"fault":"flood"}"#,
            "[]",
            "",
        ];
        for wrong in wrong {
            assert_eq!(read(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
