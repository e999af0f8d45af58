//! A folder and the programs that live in it, both gone when we are.

use std::{
    env, fs,
    io::Write,
    os::unix::{fs::DirBuilderExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio, id},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::Context;

/// Waits until we close its standard input, which the system does for us however
/// we end: then it stops what it was told of and removes the folder.
///
/// It stands in a process group of its own, so that Ctrl-C does not reach it.
const GUARD: &str = r#"
folder=$1
while read -r signal process; do
    told="$told $signal:$process"
done
for it in $told; do kill "-${it%%:*}" "${it#*:}" 2>/dev/null; done
for it in $told; do
    tries=0
    while kill -0 "${it#*:}" 2>/dev/null && [ "$tries" -lt 100 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -KILL "${it#*:}" 2>/dev/null
done
rm -rf -- "$folder"
"#;

/// How a program is asked to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// PostgreSQL's immediate shutdown; what it leaves behind is thrown away.
    Quit,
    /// The usual one.
    Terminate,
}

/// A folder that only its owner can read, with programs that live in it.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub folder: PathBuf,
    guard: Child,
    /// `None` once it was closed.
    told: Option<ChildStdin>,
    residents: Vec<Child>,
}

impl Scratch {
    /// Makes an empty folder under the temporary one.
    ///
    /// `path_limit` is the longest path in bytes that is of use: unix sockets have
    /// one (`sun_path`). When the temporary folder is too long, `/tmp` is taken.
    pub(crate) fn open(purpose: &str, path_limit: usize) -> anyhow::Result<Self> {
        static OPENED: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("gitlodge-{purpose}-{}-{}", id(), OPENED.fetch_add(1, Ordering::Relaxed));
        let mut folder = env::temp_dir().join(&name);
        if folder.as_os_str().len() > path_limit {
            folder = Path::new("/tmp").join(&name);
        }
        fs::DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .context("`sh` cannot start")?;
        let told = guard.stdin.take();
        Ok(Self { folder, guard, told, residents: Vec::new() })
    }

    /// Starts a program that is stopped when the folder goes.
    pub(crate) fn house(&mut self, command: &mut Command, stop: Stop) -> anyhow::Result<()> {
        let program = command.get_program().to_string_lossy().into_owned();
        let resident = command.spawn().with_context(|| format!("`{program}` cannot start"))?;
        let signal = match stop {
            Stop::Quit => "QUIT",
            Stop::Terminate => "TERM",
        };
        let process = resident.id();
        self.residents.push(resident);
        if let Some(told) = &mut self.told {
            writeln!(told, "{signal} {process}").context("the guard of the folder is gone")?;
        }
        Ok(())
    }

    /// Whether every program is still running.
    pub(crate) fn all_alive(&mut self) -> bool {
        self.residents.iter_mut().all(|it| matches!(it.try_wait(), Ok(None)))
    }

    /// The process ids of the programs, in the order in which they were started.
    pub(crate) fn processes(&self) -> Vec<u32> {
        self.residents.iter().map(Child::id).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(self.told.take());
        for resident in &mut self.residents {
            // Nothing can be done about a program that cannot be waited for.
            let _ = resident.wait();
        }
        let _ = self.guard.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;

    fn is_running(process: u32) -> bool {
        Path::new(&format!("/proc/{process}")).exists()
    }

    #[test]
    fn what_lived_in_the_folder_is_gone_with_it() {
        let mut scratch = Scratch::open("scratch-test", 90).unwrap();
        scratch.house(Command::new("sleep").arg("600"), Stop::Terminate).unwrap();
        let folder = scratch.folder.clone();
        let process = scratch.processes()[0];
        fs::write(folder.join("left behind"), "x").unwrap();
        assert!(scratch.all_alive() && folder.exists());

        drop(scratch);

        assert!(!is_running(process));
        assert!(!folder.exists());
    }

    #[test]
    fn a_program_that_ignores_us_is_stopped_all_the_same() {
        let mut scratch = Scratch::open("scratch-test", 90).unwrap();
        let deaf = scratch.folder.join("deaf");
        let stubborn = "trap '' QUIT TERM; touch \"$0\"; exec sleep 600";
        scratch.house(Command::new("sh").args(["-c", stubborn]).arg(&deaf), Stop::Quit).unwrap();
        while !deaf.exists() {
            thread::sleep(Duration::from_millis(5));
        }
        let process = scratch.processes()[0];

        drop(scratch);

        assert!(!is_running(process));
    }

    #[test]
    fn two_folders_of_one_purpose_do_not_meet() {
        let one = Scratch::open("scratch-test", 90).unwrap();
        let two = Scratch::open("scratch-test", 90).unwrap();
        assert_ne!(one.folder, two.folder);
    }

    #[test]
    fn a_path_too_long_for_a_socket_is_avoided() {
        let scratch = Scratch::open("scratch-test", 1).unwrap();
        assert!(scratch.folder.starts_with("/tmp"));
    }
}
