//! People's passkeys.

use std::collections::btree_map::Entry;

use async_trait::async_trait;
use lodge_access::{Backup, CredentialId, Passkey, passkey::counts_on};
use lodge_kernel::{Digest, PasskeyId, Timestamp, UserId};
use lodge_storage::{PasskeyRepository, StorageError};

use super::{
    Rows,
    tables::{if_owned, unless_there},
};

#[async_trait]
impl PasskeyRepository for Rows<'_> {
    async fn add(&mut self, it: &Passkey) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.users.contains_key(&it.user), "passkey")?;
        let same = |known: &Passkey| known.id == it.id || known.credential == it.credential;
        unless_there(tables.passkeys.values().any(same), "passkey")?;
        tables.passkeys.insert(it.id, it.clone());
        Ok(())
    }

    async fn of_user(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError> {
        Ok(self.0.tables.passkeys.values().filter(|it| it.user == user).cloned().collect())
    }

    async fn find(&mut self, credential: &CredentialId) -> Result<Option<Passkey>, StorageError> {
        Ok(self.0.tables.passkeys.values().find(|it| it.credential == *credential).cloned())
    }

    async fn rename(
        &mut self,
        user: UserId,
        id: PasskeyId,
        name: &str,
    ) -> Result<bool, StorageError> {
        let known = self.0.change()?.passkeys.get_mut(&id).filter(|it| it.user == user);
        Ok(known.map(|it| name.clone_into(&mut it.name)).is_some())
    }

    async fn remove(&mut self, user: UserId, id: PasskeyId) -> Result<bool, StorageError> {
        let passkeys = &mut self.0.change()?.passkeys;
        let theirs = passkeys.get(&id).is_some_and(|it| it.user == user);
        Ok(theirs && passkeys.remove(&id).is_some())
    }

    async fn seen(
        &mut self,
        user: UserId,
        id: PasskeyId,
        counter: u32,
        backup: Backup,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let known = self.0.change()?.passkeys.get_mut(&id).filter(|it| it.user == user);
        let Some(it) = known.filter(|it| counts_on(it.counter, counter)) else { return Ok(false) };
        (it.counter, it.backup, it.used_at) = (counter, backup, Some(at));
        Ok(true)
    }

    async fn answer(&mut self, challenge: Digest, until: Timestamp) -> Result<bool, StorageError> {
        Ok(match self.0.change()?.answered_challenges.entry(challenge) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(until);
                true
            }
        })
    }
}
