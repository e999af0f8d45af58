//! The accounts of those who wrote commits: whoever has an address has one,
//! named by what stands before the `@`.

use std::collections::{BTreeMap, HashMap};

use lodge_forge::Commit;
use sha2::{Digest as _, Sha256};

use super::{WorldRepository, WorldUser};

/// The id of the account `login`, at every host that counts. Ada's is the one
/// whose accounts are simulated.
pub fn person_id(login: &str) -> u64 {
    if login == "ada" {
        return 4242;
    }
    let digest = Sha256::digest(login);
    let bytes = digest.get(..3).unwrap_or_default();
    10_000 + bytes.iter().fold(0, |sum, byte| sum * 256 + u64::from(*byte))
}

impl WorldRepository {
    /// Every commit that a branch reaches, newest first.
    pub async fn every_commit(&self) -> Vec<Commit> {
        let mut all: HashMap<String, Commit> = HashMap::new();
        for branch in self.branches().await {
            for commit in self.history(&branch.sha).iter() {
                all.entry(commit.sha.clone()).or_insert_with(|| commit.clone());
            }
        }
        let mut all: Vec<_> = all.into_values().collect();
        let date = |it: &Commit| it.committer.as_ref().and_then(|it| it.date);
        all.sort_by(|one, other| date(other).cmp(&date(one)).then_with(|| one.sha.cmp(&other.sha)));
        all
    }

    /// The accounts of those who wrote commits, by login.
    pub async fn people(&self) -> Vec<WorldUser> {
        people(self).await
    }
}

/// Everybody who wrote a commit of `repository`, by login.
async fn people(repository: &WorldRepository) -> Vec<WorldUser> {
    let mut people = BTreeMap::new();
    for commit in repository.every_commit().await {
        let Some(author) = commit.author else { continue };
        let email = author.email.unwrap_or_default().to_lowercase();
        let login = email.split('@').next().unwrap_or_default().to_owned();
        if login.is_empty() {
            continue;
        }
        let name = author.name.unwrap_or_else(|| login.clone());
        let user = WorldUser { id: person_id(&login), login: login.clone(), name, email };
        people.entry(login).or_insert(user);
    }
    people.into_values().collect()
}
