//! What others recorded of the real hosts, by name and version. None of it is
//! kept in the repository: recordings hold real people's names.

/// One collection.
#[derive(Debug)]
pub(super) struct Source {
    /// The folder that the tests look for.
    pub folder: &'static str,
    pub name: &'static str,
    /// Empty where the registry has one version only.
    pub version: &'static str,
    pub registry: Registry,
    /// What of it is used: a path in it, and where that stands in the folder.
    /// Everything when empty.
    pub parts: &'static [(&'static str, &'static str)],
}

/// Where a collection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registry {
    Npm,
    /// The source distribution.
    PyPi,
    CratesIo,
    Debian,
    /// No registry: a folder that somebody gives.
    Given,
}

impl Registry {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::PyPi => "PyPI",
            Self::CratesIo => "crates.io",
            Self::Debian => "Debian",
            Self::Given => "`--fixtures`",
        }
    }
}

/// The pages of `swh.lister`, by host.
const PAGES: &[(&str, &str)] = &[
    ("swh/lister/bitbucket/tests/data", "bitbucket"),
    ("swh/lister/forgejo/tests/data", "forgejo"),
    ("swh/lister/gitea/tests/data", "gitea"),
    ("swh/lister/gitlab/tests/data", "gitlab"),
];

/// Where Debian keeps the sources of a Go library.
const GO_GITLAB: &str = "usr/share/gocode/src/github.com/xanzy/go-gitlab/testdata";

#[rustfmt::skip]
pub(super) const SOURCES: &[Source] = &[
    // What `@octokit/fixtures-server` 8.1.7 serves.
    Source { folder: "octokit-fixtures",          name: "@octokit/fixtures",          version: "23.1.1", registry: Registry::Npm,      parts: &[] },
    Source { folder: "octokit-webhooks-examples", name: "@octokit/webhooks-examples", version: "7.6.1",  registry: Registry::Npm,      parts: &[] },
    Source { folder: "pygithub",                  name: "pygithub",                   version: "2.10.0", registry: Registry::PyPi,     parts: &[] },
    Source { folder: "octocrab",                  name: "octocrab",                   version: "0.54.9", registry: Registry::CratesIo, parts: &[("tests", "tests")] },
    Source { folder: "go-gitlab", name: "golang-github-xanzy-go-gitlab-dev",          version: "",       registry: Registry::Debian,   parts: &[(GO_GITLAB, ".")] },
    Source { folder: "swh-lister",                name: "swh.lister",                 version: "7.4.0",  registry: Registry::PyPi,     parts: PAGES },
    Source { folder: "pybitbucket",               name: "pybitbucket",                version: "0.12.0", registry: Registry::PyPi,     parts: &[] },
    Source { folder: "atlassian-python-api",      name: "atlassian-python-api",       version: "5.0.5",  registry: Registry::PyPi,     parts: &[] },
    Source { folder: "forgejo-api",               name: "forgejo-api",                version: "0.12.0", registry: Registry::CratesIo, parts: &[("swagger.v1.json", "swagger.v1.json")] },
    Source { folder: "azure-devops",              name: "azure-devops",               version: "",       registry: Registry::Given,    parts: &[] },
    Source { folder: "webhooks",                  name: "webhooks",                   version: "",       registry: Registry::Given,    parts: &[] },
];
