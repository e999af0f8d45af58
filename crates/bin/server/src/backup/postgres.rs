//! PostgreSQL's own programs, which copy it and bring it back.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::Context as _;
use lodge_store::PostgresSnapshot;

/// Copies the state that `snapshot` holds into `part`.
pub(super) async fn dump(
    url: &str,
    snapshot: &PostgresSnapshot,
    part: &Path,
) -> anyhow::Result<()> {
    let mut command = program("pg_dump", url)?;
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
    let mut command = program("pg_restore", url)?;
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]);
    command.arg("--no-password").arg(part);
    run(command).await
}

/// A program of PostgreSQL at the database `url`. The password goes by the
/// environment: everybody may read a command line.
fn program(name: &str, url: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(name);
    let (url, password) = apart(url)?;
    command.arg(format!("--dbname={url}"));
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// The URL without its password, and the password. Where we ask for TLS, libpq
/// checks the server's certificate and its name, as we do. What is refused is
/// not quoted: a password may be in it.
///
/// Source: <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS>.
fn apart(text: &str) -> anyhow::Result<(String, Option<String>)> {
    let rest = ["postgresql://", "postgres://"].iter().find_map(|it| text.strip_prefix(it));
    let rest = rest.context(
        "for backups, name the database by a URL such as \
         postgresql://user:password@host/database; it is in another form",
    )?;
    let (credentials, place) =
        rest.split_once('@').map_or((None, rest), |(before, after)| (Some(before), after));
    let (place, query) = place.split_once('?').unwrap_or((place, ""));
    anyhow::ensure!(
        credentials.is_none_or(|it| !it.contains('/')) && !place.contains('@'),
        "the database's URL cannot be taken apart: in a user's name or a password, write `/` as \
         %2F and `@` as %40"
    );
    let (user, mut password) = credentials.map_or(("", None), |it| match it.split_once(':') {
        Some((user, password)) => (user, Some(unescape(password))),
        None => (it, None),
    });
    let (mut is_encrypted, mut has_roots) = (false, false);
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (&*unescape(key), &*unescape(value)) {
            ("password", value) => password = Some(value.to_owned()),
            ("sslpassword", _) => anyhow::bail!(
                "`sslpassword` would stand on a command line, which everybody may read: leave it out"
            ),
            // Its `require` asks for no certificate that was checked.
            ("sslmode", "require" | "verify-ca" | "verify-full") => is_encrypted = true,
            (key, _) => {
                has_roots |= key == "sslrootcert";
                kept.push(pair);
            }
        }
    }
    if is_encrypted {
        kept.push("sslmode=verify-full");
    }
    if is_encrypted && !has_roots {
        kept.push("sslrootcert=system");
    }
    let user = if user.is_empty() { String::new() } else { format!("{user}@") };
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    let password = password.filter(|it| !it.is_empty());
    Ok((format!("postgresql://{user}{place}{query}"), password))
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
            ("postgres://me:pw@db:1/lodge", "postgresql://me@db:1/lodge", Some("pw")),
            ("postgresql://me:p%40ss%2525@db/l?a=b", "postgresql://me@db/l?a=b", Some("p@ss%25")),
            ("postgresql:///lodge?host=/run", "postgresql:///lodge?host=/run", None),
            ("postgresql://me:pw@/l?host=/run", "postgresql://me@/l?host=/run", Some("pw")),
            ("postgresql://me:pw@a:1,b:2/l", "postgresql://me@a:1,b:2/l", Some("pw")),
            ("postgresql://me:pw@[::1]:5432/l", "postgresql://me@[::1]:5432/l", Some("pw")),
            ("postgresql://me:p?w@db/l", "postgresql://me@db/l", Some("p?w")),
            ("postgresql://:pw@db/l", "postgresql://db/l", Some("pw")),
            ("postgresql://me:@db/l", "postgresql://me@db/l", None),
            ("postgresql://db/l?user=me&password=p%26w", "postgresql://db/l?user=me", Some("p&w")),
            ("postgresql://db/l?p%61ssword=pw", "postgresql://db/l", Some("pw")),
            ("postgresql://me:one@db/l?password=two", "postgresql://me@db/l", Some("two")),
        ] {
            let apart = apart(url).unwrap();
            assert_eq!(apart, (without.to_owned(), password.map(str::to_owned)), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_taken_apart_is_refused_and_not_quoted() {
        for text in [
            "host=db password=s3cret",
            "s3cret",
            "mysql://me:s3cret@db/l",
            "postgresql://me:s3cret/x@db/l",
            "postgresql://me:s3cret@s3cret@db/l",
            "postgresql://db/l?sslpassword=s3cret",
        ] {
            let refused = format!("{:#}", apart(text).unwrap_err());
            assert!(!refused.contains("s3cret"), "{refused}");
        }
    }

    #[test]
    fn certificates_are_checked_as_strictly_as_by_us() {
        let strict = "postgresql://db/l?sslmode=verify-full&sslrootcert=system";
        for (url, given) in [
            ("postgresql://db/l?sslmode=require", strict),
            ("postgresql://db/l?sslmode=verify-ca", strict),
            ("postgresql://db/l?sslmode=verify-full", strict),
            (
                "postgresql://db/l?sslmode=require&sslrootcert=ca.pem",
                "postgresql://db/l?sslrootcert=ca.pem&sslmode=verify-full",
            ),
            ("postgresql://db/l?sslmode=disable", "postgresql://db/l?sslmode=disable"),
            ("postgresql://db/l", "postgresql://db/l"),
        ] {
            assert_eq!(apart(url).unwrap().0, given, "{url}");
        }
    }
}
