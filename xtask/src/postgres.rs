//! A PostgreSQL cluster of our own: made for one run, on a unix socket, thrown away.

use std::{
    fmt::Write,
    fs::{self, File},
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::{
    debian::is_root,
    programs::{Needed, all_in, ensure, in_path},
    scratch::{Scratch, Stop},
};

/// What a cluster is made of.
const PROGRAMS: &[&str] = &["initdb", "postgres"];

const NEEDED: Needed = Needed {
    what: "PostgreSQL's server (initdb, postgres)",
    debian_package: "postgresql",
    elsewhere: "install PostgreSQL 14 or later and put its programs into PATH, or set \
                GITLODGE_TEST_DATABASE_URL to a database that may be filled and emptied",
};

/// `sun_path` holds 107 bytes and a zero (<https://man7.org/linux/man-pages/man7/unix.7.html>);
/// `/.s.PGSQL.5432` is added to the folder.
const FOLDER_LIMIT: usize = 107 - "/.s.PGSQL.5432".len();

/// How long a cluster may take to come up; half a second is usual.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running cluster; dropping it stops and removes it.
#[derive(Debug)]
pub(crate) struct Cluster {
    scratch: Scratch,
}

impl Cluster {
    /// Makes and starts one; installs PostgreSQL when it is missing and we may.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let programs = ensure(&NEEDED, find_programs)?;
        let mut scratch = Scratch::open("postgres", FOLDER_LIMIT)?;
        let owner = Owner::choose()?;
        owner.give(&scratch.folder)?;
        let data = scratch.folder.join("data");

        let mut initdb = owner.command(&programs.join("initdb"), &scratch.folder);
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        initdb.arg("--pgdata").arg(&data);
        let made = initdb.output().context("`initdb` cannot start")?;
        if !made.status.success() {
            bail!("`initdb` failed: {}", String::from_utf8_lossy(&made.stderr).trim());
        }

        let log = scratch.folder.join("log");
        let mut postgres = owner.command(&programs.join("postgres"), &scratch.folder);
        postgres.arg("-D").arg(&data).arg("-k").arg(&scratch.folder);
        // Each test has a database of its own, and they run beside each other.
        for setting in ["listen_addresses=", "max_connections=300", "shared_buffers=64MB"] {
            postgres.args(["-c", setting]);
        }
        let log_file = File::create(&log).context("the cluster's log cannot be written")?;
        postgres.stdout(log_file.try_clone()?).stderr(log_file);
        scratch.house(&mut postgres, Stop::Quit)?;

        let mut cluster = Self { scratch };
        cluster.wait_until_ready(&data, &log)?;
        Ok(cluster)
    }

    /// Where the suite finds it.
    pub(crate) fn url(&self) -> String {
        let folder = percent_encoded(&self.scratch.folder.to_string_lossy());
        format!("postgresql:///postgres?host={folder}&user=postgres")
    }

    /// The postmaster writes `ready` into its pid file, as `pg_ctl` knows.
    fn wait_until_ready(&mut self, data: &Path, log: &Path) -> anyhow::Result<()> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE && self.scratch.all_alive() {
            let state = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            if state.lines().nth(7).is_some_and(|it| it.trim() == "ready") {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("PostgreSQL did not start:\n{}", fs::read_to_string(log).unwrap_or_default().trim())
    }
}

/// One of the programs that come with the server.
pub(crate) fn program(name: &str) -> anyhow::Result<PathBuf> {
    let beside = ensure(&NEEDED, find_programs)?.join(name);
    let found = if beside.is_file() { Some(beside) } else { in_path(name) };
    found.with_context(|| {
        format!("there is no {name} beside the server's programs, nor on the PATH")
    })
}

/// The folder with the server's programs: on the PATH, else Debian's newest.
fn find_programs() -> Option<PathBuf> {
    let on_path = in_path("initdb").and_then(|it| it.parent().map(Path::to_owned));
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = newest_first(versions.map(|it| it.path()).collect());
    on_path
        .into_iter()
        .chain(folders.into_iter().map(|it| it.join("bin")))
        .find(|it| all_in(it, PROGRAMS))
}

/// Folders named after major versions, the greatest number first.
fn newest_first(mut folders: Vec<PathBuf>) -> Vec<PathBuf> {
    let version = |it: &PathBuf| it.file_name()?.to_str()?.parse::<u32>().ok();
    folders.retain(|it| version(it).is_some());
    folders.sort_by_key(|it| std::cmp::Reverse(version(it)));
    folders
}

/// The user whom the cluster belongs to. PostgreSQL refuses to run as root.
struct Owner {
    /// User and group; `None`: we ourselves.
    ids: Option<(u32, u32)>,
}

impl Owner {
    fn choose() -> anyhow::Result<Self> {
        if !is_root() {
            return Ok(Self { ids: None });
        }
        let users = fs::read_to_string("/etc/passwd").context("/etc/passwd cannot be read")?;
        match ["postgres", "nobody"].iter().find_map(|it| user_of(&users, it)) {
            Some(ids) => Ok(Self { ids: Some(ids) }),
            None => bail!(
                "PostgreSQL refuses to run as root, and there is neither `postgres` nor `nobody`"
            ),
        }
    }

    fn give(&self, folder: &Path) -> anyhow::Result<()> {
        if let Some((user, group)) = self.ids {
            chown(folder, Some(user), Some(group))
                .with_context(|| format!("{} cannot be given away", folder.display()))?;
        }
        Ok(())
    }

    /// `program`, to be run by this user in `folder`.
    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("HOME", folder).stdin(Stdio::null());
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }
}

/// User and group of `name` in the text of `/etc/passwd`.
fn user_of(users: &str, name: &str) -> Option<(u32, u32)> {
    let fields: Vec<&str> =
        users.lines().find(|it| it.split(':').next() == Some(name))?.split(':').collect();
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}

/// `text` as a value of a URL's query.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn the_newest_version_comes_first_and_strangers_not_at_all() {
        let folders = ["9", "17", "15", "bin"].map(|it| Path::new("/usr/lib/postgresql").join(it));
        let ordered = newest_first(folders.to_vec());
        let names: Vec<_> = ordered.iter().filter_map(|it| it.file_name()?.to_str()).collect();
        assert_eq!(names, ["17", "15", "9"]);
    }

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\npostgresql:x:7:8::/:/x\npostgres:x:101:104::/:/x\n";
        assert_eq!(user_of(users, "postgres"), Some((101, 104)));
        assert_eq!(user_of(users, "post"), None);
    }

    #[test]
    fn a_folder_with_odd_names_survives_in_the_url() {
        assert_eq!(percent_encoded("/tmp/a b&c"), "/tmp/a%20b%26c");
    }

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let cluster = Cluster::start().unwrap();
        let folder = cluster.scratch.folder.clone();
        assert!(cluster.url().contains(folder.to_str().unwrap()));
        UnixStream::connect(folder.join(".s.PGSQL.5432")).unwrap();

        drop(cluster);

        assert!(!folder.exists());
    }
}
