//! What tests prove of a host, told to whoever writes it down: one JSON line a
//! fact, added to the file that `GITLODGE_CONFORMANCE_REPORT` names. Without
//! it, nothing is told. `cargo xtask conformance` makes `docs/conformance.md`
//! of it, and counts a fact only when its test passed.

mod watched;

pub use watched::watched;

use std::{
    env,
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
    thread,
};

use lodge_provider::GitProvider;
use serde_json::{Value, json};

/// Names the file.
const VARIABLE: &str = "GITLODGE_CONFORMANCE_REPORT";

/// Names the folder of recordings.
const RECORDINGS: &str = "GITLODGE_RECORDINGS";

/// The cells of `host`'s column are as its capabilities say.
pub fn supports(host: &dyn GitProvider) {
    for (resource, support) in host.capabilities().cells() {
        let (label, resource, support) = (host.label(), resource.name(), support.name());
        let cell = json!({"label": label, "resource": resource, "support": support});
        tell("support", host.name().as_str(), cell);
    }
}

/// An answer of `host` was broken in this way.
pub fn fault(host: &str, fault: &str) {
    tell("fault", host, json!({"fault": fault}));
}

/// The folder with what others recorded of `host`, called `source`. `None`, and
/// said so, when nobody installed it below the folder `GITLODGE_RECORDINGS`.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub fn recordings(host: &str, source: &str) -> Option<PathBuf> {
    let Some(root) = env::var_os(RECORDINGS) else {
        eprintln!("skipped: {RECORDINGS} is not set");
        return None;
    };
    let folder = Path::new(&root).join(source);
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        tell("skipped", host, json!({"source": source}));
        return None;
    }
    Some(folder)
}

/// So many bodies that others recorded were read. `payload` is the name of the
/// file in `payload/`, or a type in it as [`std::any::type_name`] writes it.
pub fn read(host: &str, source: &str, payload: &str, bodies: usize) {
    let inner = payload.rsplit_once("payload::").map_or(payload, |(_, inner)| inner);
    let file = inner.split("::").next().unwrap_or_default();
    tell("read", host, json!({"source": source, "payload": file, "bodies": bodies}));
}

/// A body that others recorded is not read, and why.
pub fn unread(host: &str, source: &str, body: &str, reason: &str) {
    tell("unread", host, json!({"source": source, "body": body, "reason": reason}));
}

fn tell(fact: &str, host: &str, details: Value) {
    let Some(path) = env::var_os(VARIABLE) else { return };
    let program = env::current_exe().ok();
    let program = program.as_deref().and_then(|it| it.file_name()?.to_str());
    let mut line = json!({
        "fact": fact,
        "host": host,
        "program": program,
        // Tests run in threads that bear their names.
        "test": thread::current().name(),
    });
    if let (Value::Object(line), Value::Object(details)) = (&mut line, details) {
        line.extend(details);
    }
    // One write, so that lines of several processes do not mix.
    let written = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
    assert!(written.is_ok(), "{VARIABLE}: {written:?}");
}
