//! Repositories, each in the one project of its organisation.

use lodge_kernel::hex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{At, reply};
use crate::{Ask, Reply, World};

/// The one project of every organisation. Its name must be encoded in paths.
pub(crate) const PROJECT: &str = "Main Project";

/// A GUID that is always the same for the same thing.
pub(crate) fn guid(kind: &str, name: &str) -> String {
    let digest = hex::encode(&Sha256::digest(format!("{kind}:{name}")));
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default().to_owned();
    [
        part(0, 8),
        part(8, 12),
        format!("4{}", part(13, 16)),
        format!("8{}", part(17, 20)),
        part(20, 32),
    ]
    .join("-")
}

pub(crate) fn project_id(organization: &str) -> String {
    guid("project", organization)
}

/// `GET /{organization}/_apis/git/repositories`, all at once.
pub(crate) fn list(ask: &Ask, world: &World, organization: &str) -> Reply {
    let mine = world.repositories().iter().filter(|it| it.namespace() == organization);
    let told = mine.map(|repository| At { repository, address: &ask.address }.whole());
    // Not in the order of their ids.
    let mut told = told.collect::<Vec<_>>();
    told.reverse();
    reply::list(&told)
}

impl At<'_> {
    pub(crate) fn organization(&self) -> &str {
        self.repository.namespace()
    }

    pub(crate) fn id(&self) -> String {
        self.repository.uuid.to_string()
    }

    /// An address below the host's, each part encoded.
    pub(crate) fn url(&self, parts: &[&str]) -> String {
        match Url::parse(self.address) {
            Ok(mut url) => {
                if let Ok(mut path) = url.path_segments_mut() {
                    path.extend(parts);
                }
                url.into()
            }
            Err(_) => self.address.to_owned(),
        }
    }

    /// An address of the API, of something in the repository.
    pub(crate) fn api(&self, rest: &[&str]) -> String {
        let (id, project) = (self.id(), project_id(self.organization()));
        let mut parts = vec![self.organization(), &project, "_apis", "git", "repositories", &id];
        parts.extend(rest);
        self.url(&parts)
    }

    /// The page of something in the repository.
    pub(crate) fn page(&self, rest: &[&str]) -> String {
        let mut parts = vec![self.organization(), PROJECT, "_git", self.repository.name()];
        parts.extend(rest);
        self.url(&parts)
    }

    pub(crate) fn project(&self) -> Value {
        let id = project_id(self.organization());
        json!({
            "id": id,
            "name": PROJECT,
            "description": null,
            "url": self.url(&[self.organization(), "_apis", "projects", &id]),
            "state": "wellFormed",
            "revision": 11,
            "visibility": "private",
            "lastUpdateTime": "2026-01-09T10:31:16.893Z",
        })
    }

    /// What other answers tell of the repository.
    pub(crate) fn short(&self) -> Value {
        json!({
            "id": self.id(),
            "name": self.repository.name(),
            "url": self.api(&[]),
            "project": self.project(),
        })
    }

    pub(crate) fn whole(&self) -> Value {
        let size = self.repository.facts.size_bytes.unwrap_or_default();
        let mut told = json!({
            "id": self.id(),
            "name": self.repository.name(),
            "url": self.api(&[]),
            "project": self.project(),
            "size": size,
            "remoteUrl": self.page(&[]),
            "sshUrl": format!("git@ssh.dev.azure.com:v3/{}/{}", self.organization(), self.repository.name()),
            "webUrl": self.page(&[]),
            "isDisabled": false,
            "isInMaintenance": false,
        });
        // It is left out where there are no commits.
        if let (Some(branch), Some(told)) =
            (&self.repository.facts.default_branch, told.as_object_mut())
        {
            told.insert("defaultBranch".to_owned(), json!(format!("refs/heads/{branch}")));
        }
        told
    }
}
