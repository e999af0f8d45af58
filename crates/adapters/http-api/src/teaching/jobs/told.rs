//! What a job told, as server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).

use actix_web::web::Bytes;
use lodge_jobs::{JobEvent, Told};
use serde_json::{Value, json};

/// A comment would do, but a page cannot see one.
pub(super) const HEARTBEAT: Bytes = Bytes::from_static(b"event: heartbeat\ndata: {}\n\n");

/// How long a client that lost us waits before it comes back, in milliseconds.
pub(super) fn retry(chance: u8) -> Bytes {
    Bytes::from(format!("retry: {}\n\n", 1_000 + u32::from(chance) * 8))
}

/// One event.
pub(super) fn encode(it: &JobEvent) -> Bytes {
    let at = it.at.to_string();
    let data = match &it.told {
        Told::Progress(progress) => json!({
            "done": progress.done, "total": progress.total, "item": progress.item, "at": at,
        }),
        Told::Log(line) => json!({"line": line, "at": at}),
        Told::Failed(problem) => json!({"problem": problem, "at": at}),
        Told::Cancelled => json!({"at": at}),
        Told::Done(result) => {
            // Read and written again, so that it stands on one line.
            let result = result.as_ref().map(|it| it.as_str());
            let result = result.map(|it| serde_json::from_str(it).unwrap_or_else(|_| it.into()));
            json!({"result": result.unwrap_or(Value::Null), "at": at})
        }
    };
    Bytes::from(format!("id: {}\nevent: {}\ndata: {data}\n\n", it.sequence, it.told.name()))
}

#[cfg(test)]
mod tests {
    use lodge_jobs::{JsonText, Progress};
    use lodge_kernel::{JobId, TenantId, Timestamp};

    use super::*;

    fn text(told: Told) -> String {
        let (tenant, job) = (TenantId::nil(), JobId::nil());
        let at = Timestamp::from_seconds(1_795_339_800);
        let event = JobEvent { tenant, job, sequence: 7, at, told };
        String::from_utf8(encode(&event).to_vec()).unwrap()
    }

    #[test]
    fn an_event_is_its_place_its_name_and_one_line_of_json() {
        assert_eq!(
            text(Told::Progress(Progress::new(3, None, "a \"team\""))),
            "id: 7\nevent: progress\ndata: {\"at\":\"2026-11-22T09:30:00.000Z\",\"done\":3,\
             \"item\":\"a \\\"team\\\"\",\"total\":null}\n\n"
        );
        let result = JsonText::new("{\n\"a\":\n1}").unwrap();
        assert_eq!(
            text(Told::Done(Some(result))),
            "id: 7\nevent: done\ndata: {\"at\":\"2026-11-22T09:30:00.000Z\",\"result\":{\"a\":1}}\n\n"
        );
    }

    #[test]
    fn no_text_of_a_job_breaks_out_of_its_line() {
        for told in [
            Told::log("one\nevent: done\r\n\r\nid: 9"),
            Told::failed("\u{2028}\n\n"),
            Told::Done(Some(JsonText::new("not json\n\nevent: log").unwrap())),
        ] {
            let text = text(told);
            assert_eq!(text.matches(['\n', '\r']).count(), 4, "{text}");
        }
    }
}
