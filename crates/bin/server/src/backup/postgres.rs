//! PostgreSQL's own programs, which copy it and bring it back.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::Context as _;
use lodge_store::PostgresSnapshot;
use url::Url;

/// Copies the state that `snapshot` holds into `part`.
pub(super) async fn dump(
    url: &str,
    snapshot: &PostgresSnapshot,
    part: &Path,
) -> anyhow::Result<()> {
    let mut command = program("pg_dump", url);
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--no-password"]);
    command.arg(format!("--snapshot={}", snapshot.id));
    // Tables, and not the schema, which the database that is restored to has.
    command.arg(format!("--table=\"{}\".*", snapshot.schema.replace('"', "\"\"")));
    command.arg("--file").arg(part);
    run(command).await
}

/// Reads a copy to its end.
pub(super) async fn read_through(part: &Path) -> anyhow::Result<()> {
    let mut command = Command::new("pg_restore");
    command.args(["--file", "/dev/null"]).arg(part);
    run(command).await
}

/// Brings a copy back, completely or not at all.
pub(super) async fn restore(url: &str, part: &Path) -> anyhow::Result<()> {
    let mut command = program("pg_restore", url);
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]);
    command.arg("--no-password").arg(part);
    run(command).await
}

/// A program of PostgreSQL at the database `url`. The password goes by the
/// environment: everybody may read a command line.
fn program(name: &str, url: &str) -> Command {
    let mut command = Command::new(name);
    let (url, password) = apart(url);
    command.arg(format!("--dbname={url}"));
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

/// The URL without its password, and the password.
fn apart(text: &str) -> (String, Option<String>) {
    let Ok(mut url) = Url::parse(text) else { return (text.to_owned(), None) };
    let password = url.password().map(unescape);
    if url.set_password(None).is_err() {
        return (text.to_owned(), None);
    }
    (url.into(), password)
}

/// Undoes the percent-encoding of a part of a URL (RFC 3986, 2.1).
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let pair = more.get(..2).filter(|_| *first == b'%').and_then(|it| str::from_utf8(it).ok());
        if let Some(byte) = pair.and_then(|it| u8::from_str_radix(it, 16).ok()) {
            bytes.push(byte);
            rest = more.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn run(mut command: Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null());
    let ended = tokio::task::spawn_blocking(move || command.output()).await?;
    let ended = ended.with_context(|| {
        format!("{name} is not in PATH: install PostgreSQL's client programs (`postgresql-client`)")
    })?;
    let said = String::from_utf8_lossy(&ended.stderr);
    anyhow::ensure!(ended.status.success(), "{name} failed: {}", said.trim());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_on_the_command_line() {
        for (url, without, password) in [
            ("postgresql://me@db/lodge", "postgresql://me@db/lodge", None),
            ("postgresql://me:p%40ss%2525@db/l?a=b", "postgresql://me@db/l?a=b", Some("p@ss%25")),
            ("postgresql:///lodge?host=/run", "postgresql:///lodge?host=/run", None),
        ] {
            assert_eq!(apart(url), (without.to_owned(), password.map(str::to_owned)), "{url}");
        }
    }
}
