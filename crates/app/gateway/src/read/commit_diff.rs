//! What one commit changed.

use lodge_access::{Grant, Permission};
use lodge_forge::{Diff, Resource};

use crate::{
    Gateway,
    read::{Answer, Ask, ReadError},
};

impl Gateway {
    /// What the commit with the full hash `commit` changed.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn commit_diff(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        commit: &str,
    ) -> Result<Answer<Diff>, ReadError> {
        let approved = self.approve(grant, Permission::ReadDiffs, Resource::CommitDiff, ask)?;
        let is_hash = [40, 64].contains(&commit.len());
        if !is_hash || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ReadError::invalid(
                "a commit is named by its full hash: 40 or 64 hexadecimal digits",
            ));
        }
        let diff =
            approved.host.commit_diff(approved.reference(), commit.to_ascii_lowercase()).await;
        self.close_one(&approved, diff)
    }
}
