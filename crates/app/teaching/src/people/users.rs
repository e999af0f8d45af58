//! The people of an organisation.

use lodge_access::{Membership, User};
use lodge_courses::TokenScope;
use lodge_kernel::UserId;
use lodge_storage::StorageError;

use crate::{Caller, Teaching, TeachingError};

impl Teaching {
    /// A person.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StorageError> {
        self.storage.read().await?.users().find(id).await
    }

    /// The people of the organisation, by id: at most `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_users", skip_all)]
    pub async fn list_users(
        &self,
        caller: &Caller,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<(Membership, User)>, TeachingError> {
        let admin = caller.administrator()?;
        let mut work = self.storage.read().await?;
        let found = work.memberships().of_tenant(admin.tenant, after, limit).await?;
        Ok(found)
    }

    /// One person of the organisation. Everybody sees themself.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.find_user", skip_all)]
    pub async fn find_user(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<(Membership, User), TeachingError> {
        let tenant = match caller {
            Caller::Person(person) if person.user == id => {
                caller.check_scope(TokenScope::CoursesRead)?;
                person.tenant
            }
            _ => caller.administrator()?.tenant,
        };
        let unknown = || TeachingError::NotFound("user");
        let mut work = self.storage.read().await?;
        let membership = work.memberships().find(tenant, id).await?.ok_or_else(unknown)?;
        let user = work.users().find(id).await?.ok_or_else(unknown)?;
        Ok((membership, user))
    }
}
