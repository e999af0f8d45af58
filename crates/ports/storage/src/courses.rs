//! Courses, their staff, people's own tokens, and answers that are kept.

use async_trait::async_trait;
use lodge_access::User;
use lodge_courses::{Course, CourseContents, CourseState, PersonalToken, Staff};
use lodge_kernel::{CourseId, Digest, PersonalTokenId, TenantId, Timestamp, UserId};

use crate::{Listing, StorageError};

/// Which courses of an organisation are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CourseFilter {
    /// Those in which this person is staff, or a student who takes it.
    pub of: Option<UserId>,
    /// Those in this state.
    pub state: Option<CourseState>,
}

/// Courses.
#[async_trait]
pub trait CourseRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when the organisation has a
    /// course with the same code, in whatever case.
    async fn add(&mut self, course: &Course) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none in this organisation.
    async fn find(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<Option<Course>, StorageError>;
    /// As [`find`](Self::find), and lets nobody else change it until the end of
    /// the unit of work: what is read of it MUST stay true for as long.
    async fn hold(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<Option<Course>, StorageError>;
    /// Courses of an organisation.
    async fn list(
        &mut self,
        tenant: TenantId,
        filter: CourseFilter,
        listing: &Listing<CourseId>,
    ) -> Result<Vec<Course>, StorageError>;
    /// Writes a known one, whose revision is one more than what is kept.
    ///
    /// MUST answer `false`, and change nothing, when it is not. MUST return
    /// [`StorageError::Duplicate`] when its code is taken.
    async fn update(&mut self, course: &Course) -> Result<bool, StorageError>;
    /// What goes with one when it is removed.
    async fn contents(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<CourseContents, StorageError>;
    /// Removes one at this revision with everything in it.
    ///
    /// MUST answer `false`, and change nothing, when there is none, or at
    /// another revision.
    async fn remove(
        &mut self,
        tenant: TenantId,
        id: CourseId,
        revision: u64,
    ) -> Result<bool, StorageError>;
}

/// Who runs courses.
#[async_trait]
pub trait StaffRepository: Send {
    /// Adds somebody, or changes what they are; since when stays.
    async fn put(&mut self, staff: &Staff) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<Option<Staff>, StorageError>;
    /// The staff of a course, by the person's id.
    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(Staff, User)>, StorageError>;
    /// Removes somebody. `false` when they were not there.
    async fn remove(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<bool, StorageError>;
    /// Removes somebody from the staff of every course of an organisation, and
    /// MUST leave those of others. Answers of how many.
    async fn remove_person(&mut self, tenant: TenantId, user: UserId) -> Result<u64, StorageError>;
}

/// People's tokens for their own programs.
#[async_trait]
pub trait PersonalTokenRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, token: &PersonalToken) -> Result<(), StorageError>;
    /// Finds one by the digest of its text, ended ones too.
    async fn find_by_digest(
        &mut self,
        digest: Digest,
    ) -> Result<Option<PersonalToken>, StorageError>;
    /// A person's in an organisation that nobody has ended and that have not
    /// expired at `now`, oldest first.
    async fn live_of(
        &mut self,
        tenant: TenantId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<PersonalToken>, StorageError>;
    /// Says that one is used.
    async fn used(
        &mut self,
        tenant: TenantId,
        id: PersonalTokenId,
        at: Timestamp,
    ) -> Result<(), StorageError>;
    /// Ends one of a person. `false` when there is none, or it had ended.
    async fn revoke(
        &mut self,
        tenant: TenantId,
        user: UserId,
        id: PersonalTokenId,
        at: Timestamp,
    ) -> Result<bool, StorageError>;
    /// Ends every one of a person in an organisation; MUST leave those that had
    /// ended as they are. Answers how many.
    async fn revoke_all(
        &mut self,
        tenant: TenantId,
        user: UserId,
        at: Timestamp,
    ) -> Result<u64, StorageError>;
}

/// The answer to a request that has its effect once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Digest of the caller, the route and the key that the caller chose.
    pub key: Digest,
    /// Digest of the request's body.
    pub request: Digest,
    /// The answer, sealed; `None` until there is one.
    pub sealed: Option<String>,
    /// When the request came.
    pub created_at: Timestamp,
}

/// Answers to requests that have their effect once.
#[async_trait]
pub trait AnswerRepository: Send {
    /// Takes a key; one that was taken before `since` counts as free. Answers
    /// what is kept under a key that is taken, and `None` otherwise: MUST
    /// answer `None` at most once, however many ask at the same time.
    async fn reserve(
        &mut self,
        answer: &KeptAnswer,
        since: Timestamp,
    ) -> Result<Option<KeptAnswer>, StorageError>;
    /// Keeps the answer under a key that was taken.
    async fn keep(&mut self, key: Digest, sealed: &str) -> Result<(), StorageError>;
    /// Gives a key back that has no answer.
    async fn release(&mut self, key: Digest) -> Result<(), StorageError>;
    /// Removes up to `limit` that came before `before`.
    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError>;
}
