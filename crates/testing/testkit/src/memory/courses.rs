//! Courses, their staff, and people's own tokens.

use async_trait::async_trait;
use lodge_access::User;
use lodge_courses::{Course, CourseContents, PersonalToken, Staff};
use lodge_kernel::{CourseId, Digest, PersonalTokenId, TenantId, Timestamp, UserId};
use lodge_storage::{
    CourseFilter, CourseRepository, Listing, PersonalTokenRepository, StaffRepository, StorageError,
};
use lodge_teams::StudentState;

use super::{
    Rows,
    listing::{Listed, part},
    tables::{Tables, if_owned, unless_there},
};

impl Listed for Course {
    type Id = CourseId;
    fn id(&self) -> CourseId {
        self.id
    }
    fn name_key(&self) -> String {
        self.name_key()
    }
    fn search_key(&self) -> String {
        self.search_key()
    }
}

impl Tables {
    pub(super) fn has_course(&self, tenant: TenantId, id: CourseId) -> bool {
        self.courses.get(&id).is_some_and(|it| it.tenant == tenant)
    }

    /// Another course of the organisation has this one's code.
    fn has_code_of(&self, course: &Course) -> bool {
        let key = Course::code_key(&course.details.code);
        self.courses.values().any(|it| {
            it.id != course.id
                && it.tenant == course.tenant
                && Course::code_key(&it.details.code) == key
        })
    }

    fn is_in(&self, course: CourseId, user: UserId) -> bool {
        self.staff.contains_key(&(course, user))
            || self.students.values().any(|it| {
                it.course == course && it.user == Some(user) && it.state == StudentState::Active
            })
    }
}

#[async_trait]
impl CourseRepository for Rows<'_> {
    async fn add(&mut self, it: &Course) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.courses.contains_key(&it.id) || tables.has_code_of(it), "course")?;
        if_owned(tables.tenants.contains_key(&it.tenant), "course")?;
        tables.courses.insert(it.id, it.clone());
        Ok(())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<Option<Course>, StorageError> {
        Ok(self.0.tables.courses.get(&id).filter(|it| it.tenant == tenant).cloned())
    }

    async fn hold(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<Option<Course>, StorageError> {
        Ok(self.0.change()?.courses.get(&id).filter(|it| it.tenant == tenant).cloned())
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        filter: CourseFilter,
        listing: &Listing<CourseId>,
    ) -> Result<Vec<Course>, StorageError> {
        let tables = &self.0.tables;
        let meant = |it: &&Course| {
            it.tenant == tenant
                && filter.of.is_none_or(|user| tables.is_in(it.id, user))
                && filter.state.is_none_or(|state| it.state == state)
        };
        Ok(part(tables.courses.values().filter(meant), listing))
    }

    async fn update(&mut self, it: &Course) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let follows = tables
            .courses
            .get(&it.id)
            .is_some_and(|known| known.tenant == it.tenant && known.revision + 1 == it.revision);
        if !follows {
            return Ok(false);
        }
        unless_there(tables.has_code_of(it), "course")?;
        tables.courses.insert(it.id, it.clone());
        Ok(true)
    }

    async fn contents(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<CourseContents, StorageError> {
        let tables = &self.0.tables;
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        if !tables.has_course(tenant, id) {
            return Ok(CourseContents::default());
        }
        Ok(CourseContents {
            teams: count(tables.teams.values().filter(|it| it.course == id).count()),
            students: count(tables.students.values().filter(|it| it.course == id).count()),
            projects: count(tables.projects.values().filter(|it| it.course == id).count()),
            staff: count(tables.staff.keys().filter(|(course, _)| *course == id).count()),
        })
    }

    async fn remove(
        &mut self,
        tenant: TenantId,
        id: CourseId,
        revision: u64,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let known = tables.courses.get(&id);
        if known.is_none_or(|it| it.tenant != tenant || it.revision != revision) {
            return Ok(false);
        }
        let of = |course: CourseId| course != id;
        tables.courses.remove(&id);
        tables.staff.retain(|(course, _), _| of(*course));
        tables.remove_projects(|it| !of(it.course));
        tables.actors.retain(|(course, _), _| of(*course));
        tables.never_met.retain(|(course, _)| of(*course));
        tables.sources.retain(|(course, ..), _| of(*course));
        tables.identities.retain(|(course, ..), _| of(*course));
        let teams = &tables.teams;
        tables.team_members.retain(|(team, _)| teams.get(team).is_some_and(|it| of(it.course)));
        tables.teams.retain(|_, it| of(it.course));
        tables.students.retain(|_, it| of(it.course));
        tables.remove_results();
        Ok(true)
    }
}

#[async_trait]
impl StaffRepository for Rows<'_> {
    async fn put(&mut self, it: &Staff) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let owned = tables.has_course(it.tenant, it.course) && tables.users.contains_key(&it.user);
        if_owned(owned, "member of the staff")?;
        let known = tables.staff.entry((it.course, it.user)).or_insert(*it);
        known.role = it.role;
        Ok(())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<Option<Staff>, StorageError> {
        let found = self.0.tables.staff.get(&(course, user));
        Ok(found.filter(|it| it.tenant == tenant).copied())
    }

    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(Staff, User)>, StorageError> {
        let tables = &self.0.tables;
        let meant = |it: &&Staff| it.tenant == tenant && it.course == course;
        let people = tables.staff.values().filter(meant);
        Ok(people.filter_map(|it| Some((*it, tables.users.get(&it.user)?.clone()))).collect())
    }

    async fn remove(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        if !tables.has_course(tenant, course) {
            return Ok(false);
        }
        Ok(tables.staff.remove(&(course, user)).is_some())
    }

    async fn remove_person(&mut self, tenant: TenantId, user: UserId) -> Result<u64, StorageError> {
        let staff = &mut self.0.change()?.staff;
        let before = staff.len();
        staff.retain(|_, it| it.tenant != tenant || it.user != user);
        Ok(u64::try_from(before - staff.len()).unwrap_or(u64::MAX))
    }
}

#[async_trait]
impl PersonalTokenRepository for Rows<'_> {
    async fn add(&mut self, it: &PersonalToken) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let same = |known: &PersonalToken| known.id == it.id || known.digest == it.digest;
        unless_there(tables.personal_tokens.values().any(same), "personal token")?;
        let owned = tables.tenants.contains_key(&it.tenant) && tables.users.contains_key(&it.user);
        if_owned(owned, "personal token")?;
        tables.personal_tokens.insert(it.id, it.clone());
        Ok(())
    }

    async fn find_by_digest(
        &mut self,
        digest: Digest,
    ) -> Result<Option<PersonalToken>, StorageError> {
        Ok(self.0.tables.personal_tokens.values().find(|it| it.digest == digest).cloned())
    }

    async fn live_of(
        &mut self,
        tenant: TenantId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<PersonalToken>, StorageError> {
        let meant = |it: &&PersonalToken| it.tenant == tenant && it.user == user && it.is_live(now);
        Ok(self.0.tables.personal_tokens.values().filter(meant).cloned().collect())
    }

    async fn used(
        &mut self,
        tenant: TenantId,
        id: PersonalTokenId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let known = self.0.change()?.personal_tokens.get_mut(&id);
        if let Some(token) = known.filter(|it| it.tenant == tenant) {
            token.last_used_at = Some(at);
        }
        Ok(())
    }

    async fn revoke(
        &mut self,
        tenant: TenantId,
        user: UserId,
        id: PersonalTokenId,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let known = self.0.change()?.personal_tokens.get_mut(&id);
        let live =
            known.filter(|it| it.tenant == tenant && it.user == user && it.revoked_at.is_none());
        Ok(live.map(|it| it.revoked_at = Some(at)).is_some())
    }

    async fn revoke_all(
        &mut self,
        tenant: TenantId,
        user: UserId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let tokens = self.0.change()?.personal_tokens.values_mut();
        let theirs = tokens.filter(|it| it.tenant == tenant && it.user == user);
        let mut n_ended = 0;
        for token in theirs.filter(|it| it.revoked_at.is_none()) {
            token.revoked_at = Some(at);
            n_ended += 1;
        }
        Ok(n_ended)
    }
}
