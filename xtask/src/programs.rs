//! Where programs are, and how to get those that are missing.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::bail;

use crate::{debian, terminal::note};

/// A Debian package and what it is asked for.
pub(crate) struct Needed {
    /// What we look for, for the message.
    pub what: &'static str,
    pub debian_package: &'static str,
    /// How people without Debian get it.
    pub elsewhere: &'static str,
}

/// What `find` finds; when it finds nothing, Debian's package is installed if we may.
///
/// # Errors
///
/// One line that says what to install, when we cannot do it ourselves.
pub(crate) fn ensure<T>(needed: &Needed, find: impl Fn() -> Option<T>) -> anyhow::Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if debian::can_install() {
        note(&format!("{} is missing: installing {}", needed.what, needed.debian_package));
        debian::install(needed.debian_package)?;
        if let Some(found) = find() {
            return Ok(found);
        }
    }
    bail!(
        "{} is missing. Install it: on Debian or Ubuntu `sudo apt-get install {}`; elsewhere {}",
        needed.what,
        needed.debian_package,
        needed.elsewhere
    )
}

/// The first folder of `PATH` that holds `program`, with the program's name.
pub(crate) fn in_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        // Debian keeps servers where the PATH of an ordinary user does not look.
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(program))
        .find(|it| it.is_file())
}

/// Whether every one of `programs` stands in `folder`.
pub(crate) fn all_in(folder: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|it| folder.join(it).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_every_machine_is_found() {
        assert!(in_path("sh").is_some_and(|it| it.ends_with("sh")));
        assert_eq!(in_path("gitlodge-no-such-program"), None);
    }

    #[test]
    fn what_is_there_is_not_installed() {
        let needed =
            Needed { what: "x", debian_package: "gitlodge-no-such-package", elsewhere: "y" };
        assert_eq!(ensure(&needed, || Some(7)).unwrap(), 7);
    }
}
