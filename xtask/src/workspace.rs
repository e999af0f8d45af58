//! The workspace as Cargo describes it, without what lies outside it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use cargo_metadata::{Dependency, DependencyKind, MetadataCommand, Package};

/// The packages of this repository.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder of the root manifest.
    pub root: PathBuf,
    /// Where Cargo puts what it builds.
    pub target: PathBuf,
    /// Ordered by folder.
    pub packages: Vec<Member>,
}

/// One package of this repository.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub name: String,
    /// Relative to the root, for example `crates/domain/kernel`.
    pub folder: String,
    pub description: String,
    pub arrows: Vec<Arrow>,
}

/// One dependency of a package.
#[derive(Clone, Debug)]
pub(crate) struct Arrow {
    pub to: String,
    /// For tests only.
    pub dev: bool,
    /// It leads to a package of this repository.
    pub ours: bool,
}

impl Workspace {
    /// Asks Cargo.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let metadata = MetadataCommand::new()
            .no_deps()
            .exec()
            .context("`cargo metadata` cannot describe this workspace")?;
        let root = metadata.workspace_root.into_std_path_buf();
        let mut packages: Vec<Member> =
            metadata.packages.iter().map(|it| Member::read(it, &root)).collect();
        packages.sort_by(|a, b| a.folder.cmp(&b.folder));
        Ok(Self { target: metadata.target_directory.into_std_path_buf(), root, packages })
    }
}

impl Member {
    fn read(package: &Package, root: &Path) -> Self {
        let manifest = package.manifest_path.as_std_path();
        let folder = manifest.parent().unwrap_or(manifest);
        Self {
            name: package.name.to_string(),
            folder: folder.strip_prefix(root).unwrap_or(folder).to_string_lossy().into_owned(),
            description: package.description.clone().unwrap_or_default(),
            arrows: package.dependencies.iter().map(Arrow::read).collect(),
        }
    }

    /// The folder that holds this package's folder: `domain`, `ports`, …; for
    /// `tests` and `xtask`, which stand alone, their own.
    pub(crate) fn ring(&self) -> &str {
        let mut parts = self.folder.split('/');
        match (parts.next(), parts.next()) {
            (Some("crates"), Some(ring)) => ring,
            (Some(first), _) => first,
            (None, _) => "",
        }
    }

    /// The last part of the folder, after which the package is named.
    pub(crate) fn room(&self) -> &str {
        self.folder.rsplit('/').next().unwrap_or_default()
    }
}

impl Arrow {
    fn read(dependency: &Dependency) -> Self {
        Self {
            to: dependency.name.clone(),
            dev: dependency.kind == DependencyKind::Development,
            ours: dependency.path.is_some(),
        }
    }
}
