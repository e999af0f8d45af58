//! One repository.

use lodge_access::{Grant, Permission};
use lodge_forge::{Repository, Resource};

use crate::{
    Gateway,
    read::{Answer, Ask, ReadError},
};

impl Gateway {
    /// One repository.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn find_repository(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
    ) -> Result<Answer<Repository>, ReadError> {
        let approved =
            self.approve(grant, Permission::ReadRepositories, Resource::Repositories, ask)?;
        let repository = approved.host.find_repository(approved.reference()).await;
        self.close_one(&approved, repository)
    }
}
