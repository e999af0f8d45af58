//! Packages of Debian and its children, installed when we may.

use std::{path::Path, process::Command};

use crate::{programs::in_path, run::run};

/// Whether we may install packages: `apt-get` exists and we are root.
pub(crate) fn can_install() -> bool {
    in_path("apt-get").is_some() && is_root()
}

/// Whether this process may become any user.
///
/// `/proc/self` belongs to the effective user; without `/proc` we claim nothing.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    Path::new("/proc/self").metadata().is_ok_and(|it| it.uid() == 0)
}

/// Installs one package and what it needs.
pub(crate) fn install(package: &str) -> anyhow::Result<()> {
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-y", "--no-install-recommends"]);
    install.args(["install", package]);
    // The lists may be absent, as in a fresh container; asking is cheap, so only then.
    if run(&mut install).is_ok() {
        return Ok(());
    }
    run(Command::new("apt-get").args(["-qq", "update"]))?;
    run(&mut install)
}
