//! What one pull request changes.

use lodge_access::{Grant, Permission};
use lodge_forge::{Diff, Resource};

use crate::{
    Gateway,
    read::{Answer, Ask, ReadError},
};

impl Gateway {
    /// What the pull request `number` changes.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn pull_request_diff(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        number: &str,
    ) -> Result<Answer<Diff>, ReadError> {
        let approved =
            self.approve(grant, Permission::ReadDiffs, Resource::PullRequestDiff, ask)?;
        let number = number
            .parse()
            .map_err(|_not_a_number| ReadError::invalid("a pull request is named by its number"))?;
        let diff = approved.host.pull_request_diff(approved.reference(), number).await;
        self.close_one(&approved, diff)
    }
}
