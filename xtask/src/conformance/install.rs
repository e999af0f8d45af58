//! Getting a collection, through the ordinary client of its registry.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail, ensure as must};
use serde::Deserialize;

use super::sources::{Registry, Source};
use crate::{
    debian,
    programs::in_path,
    run::{cargo, read, run},
    terminal::note,
};

/// Makes sure that `source` is in the folder `cache`, and says which version it
/// is.
///
/// # Errors
///
/// Why it cannot be had.
pub(super) fn ensure(
    source: &Source,
    cache: &Path,
    fixtures: Option<&Path>,
) -> anyhow::Result<String> {
    let folder = cache.join(source.folder);
    if !folder.exists() {
        if source.registry == Registry::Given {
            return give(source, &folder, fixtures);
        }
        note(&format!("getting {} of {}", source.name, source.registry.label()));
        // Made beside its place and moved there whole: a run that is cut off
        // begins again.
        let half = cache.join(format!("{}.half", source.folder));
        if half.exists() {
            fs::remove_dir_all(&half)?;
        }
        fs::create_dir_all(&half)?;
        let got = get(source, &half).and_then(|whole| keep(source, &whole, &half));
        let moved = got.and_then(|kept| Ok(fs::rename(kept, &folder)?));
        fs::remove_dir_all(&half)?;
        moved?;
    }
    Ok(match source.version {
        "" => "not pinned".to_owned(),
        version => version.to_owned(),
    })
}

/// A link to the folder that somebody gave.
fn give(source: &Source, folder: &Path, fixtures: Option<&Path>) -> anyhow::Result<String> {
    let given = fixtures.context("no registry has it: name its folder with --fixtures")?;
    let given = std::path::absolute(given.join(source.folder))?;
    must!(given.is_dir(), "{} is no folder", given.display());
    symlink(&given, folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok("not pinned".to_owned())
}

/// Puts the whole of it below `half`, and says where.
fn get(source: &Source, half: &Path) -> anyhow::Result<PathBuf> {
    match source.registry {
        Registry::Npm => {
            let what = format!("{}@{}", source.name, source.version);
            let mut pack = needed("npm")?;
            read(pack.args(["pack", "--silent", &what]).current_dir(half))?;
            unpack(half)
        }
        Registry::PyPi => {
            let what = format!("{}=={}", source.name, source.version);
            let mut download = needed("pip")?;
            download.args(["download", "--quiet", "--no-deps", "--no-binary", source.name, &what]);
            read(download.current_dir(half))?;
            unpack(half)
        }
        Registry::CratesIo => fetch(source, half),
        Registry::Debian => {
            let download =
                || read(needed("apt-get")?.args(["download", source.name]).current_dir(half));
            if download().is_err() && debian::is_root() {
                // The lists may be absent, as in a fresh container.
                run(needed("apt-get")?.args(["-qq", "update"]))?;
                download()?;
            }
            let package = only_file(half)?;
            let whole = half.join("whole");
            read(needed("dpkg-deb")?.arg("--extract").arg(package).arg(&whole))?;
            Ok(whole)
        }
        Registry::Given => bail!("no registry has it"),
    }
}

fn needed(program: &str) -> anyhow::Result<Command> {
    must!(in_path(program).is_some(), "the program `{program}` is not installed");
    Ok(Command::new(program))
}

/// Unpacks the only archive in `half`; its one top folder goes.
fn unpack(half: &Path) -> anyhow::Result<PathBuf> {
    let archive = only_file(half)?;
    let whole = half.join("whole");
    fs::create_dir(&whole)?;
    read(
        needed("tar")?
            .args(["--extract", "--gzip", "--strip-components=1", "--file"])
            .arg(archive)
            .current_dir(&whole),
    )?;
    Ok(whole)
}

fn only_file(folder: &Path) -> anyhow::Result<PathBuf> {
    let files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    match files.as_slice() {
        [file] => Ok(file.path()),
        files => bail!("{} files came in the place of one", files.len()),
    }
}

/// What `cargo metadata` says, as far as we ask.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
}

/// A copy of a crate's folder. Cargo gets it as a dependency of a package of
/// nothing, with what it depends on.
fn fetch(source: &Source, half: &Path) -> anyhow::Result<PathBuf> {
    let nothing = half.join("nothing");
    fs::create_dir(&nothing)?;
    let manifest = format!(
        "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \
         \"lib.rs\"\n[dependencies]\n{} = {{ version = \"={}\", default-features = false }}\n\
         [workspace]\n",
        source.name, source.version
    );
    fs::write(nothing.join("Cargo.toml"), manifest)?;
    fs::write(nothing.join("lib.rs"), "")?;
    let told =
        read(cargo().args(["metadata", "--quiet", "--format-version", "1"]).current_dir(&nothing))?;
    let told: Metadata = serde_json::from_str(&told).context("`cargo metadata` is not JSON")?;
    let found = told.packages.into_iter().find(|it| it.name == source.name);
    let manifest = found.context("cargo did not get it")?.manifest_path;
    let whole = half.join("whole");
    let folder = manifest.parent().context("cargo has it nowhere")?;
    read(needed("cp")?.arg("-R").arg(folder).arg(&whole))?;
    Ok(whole)
}

/// Leaves what is used of it, and says where that is.
fn keep(source: &Source, whole: &Path, half: &Path) -> anyhow::Result<PathBuf> {
    let [first, ..] = source.parts else { return Ok(whole.to_owned()) };
    if first.1 == "." {
        return Ok(whole.join(first.0));
    }
    let kept = half.join("kept");
    fs::create_dir(&kept)?;
    for (from, to) in source.parts {
        fs::rename(whole.join(from), kept.join(to))
            .with_context(|| format!("{from} is not in it"))?;
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{conformance::sources::SOURCES, scratch::Scratch};

    fn given() -> &'static Source {
        SOURCES.iter().find(|it| it.registry == Registry::Given).unwrap()
    }

    #[test]
    fn what_is_there_is_not_got_again() {
        let cache = Scratch::open("conformance-test", 200).unwrap();
        for source in SOURCES {
            fs::create_dir(cache.folder.join(source.folder)).unwrap();
        }
        for source in SOURCES {
            ensure(source, &cache.folder, None).unwrap();
        }
    }

    #[test]
    fn a_given_folder_is_linked_and_one_that_is_not_there_is_said() {
        let cache = Scratch::open("conformance-test", 200).unwrap();
        let error = ensure(given(), &cache.folder, None).unwrap_err().to_string();
        assert!(error.contains("--fixtures"), "{error}");
        let fixtures = cache.folder.join("fixtures");
        assert!(ensure(given(), &cache.folder, Some(&fixtures)).is_err());
        fs::create_dir_all(fixtures.join(given().folder).join("git")).unwrap();
        ensure(given(), &cache.folder, Some(&fixtures)).unwrap();
        assert!(cache.folder.join(given().folder).join("git").is_dir());
    }

    #[test]
    fn only_the_parts_that_are_used_are_kept() {
        let half = Scratch::open("conformance-test", 200).unwrap();
        let whole = half.folder.join("whole");
        let source = SOURCES.iter().find(|it| it.parts.len() > 1).unwrap();
        for (from, _) in source.parts {
            fs::create_dir_all(whole.join(from)).unwrap();
        }
        let kept = keep(source, &whole, &half.folder).unwrap();
        assert_eq!(fs::read_dir(kept).unwrap().count(), source.parts.len());
    }
}
