//! Students and what they go by at hosts.

use async_trait::async_trait;
use lodge_kernel::{CourseId, StudentId, TenantId, Timestamp, UserId};
use lodge_storage::{Listing, StorageError, StudentRepository};
use lodge_teams::{Identity, Student, StudentState};

use super::{
    Rows,
    listing::part,
    tables::{Tables, if_owned, unless_there},
};

impl Tables {
    fn has_student_like(&self, student: &Student) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        self.students.values().any(|it| {
            it.id != student.id
                && it.course == student.course
                && (same(&it.number, &student.number)
                    || same(&it.email, &student.email)
                    || (it.user.is_some() && it.user == student.user))
        })
    }
}

fn key_of(course: CourseId, it: &Identity) -> (CourseId, String, String, String) {
    let host = it.host.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default();
    (course, it.kind.name().to_owned(), host, it.key())
}

#[async_trait]
impl StudentRepository for Rows<'_> {
    async fn add(&mut self, it: &Student) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let there = tables.students.contains_key(&it.id) || tables.has_student_like(it);
        unless_there(there, "student")?;
        if_owned(tables.has_course(it.tenant, it.course), "student")?;
        tables.students.insert(it.id, it.clone());
        Ok(())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<Option<Student>, StorageError> {
        Ok(self.0.tables.students.get(&id).filter(|it| it.tenant == tenant).cloned())
    }

    async fn find_by_user(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<Option<Student>, StorageError> {
        let meant =
            |it: &&Student| it.tenant == tenant && it.course == course && it.user == Some(user);
        Ok(self.0.tables.students.values().find(meant).cloned())
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        state: Option<StudentState>,
        listing: &Listing<StudentId>,
    ) -> Result<Vec<Student>, StorageError> {
        let meant = |it: &&Student| {
            it.tenant == tenant
                && it.course == course
                && state.is_none_or(|state| it.state == state)
        };
        Ok(part(self.0.tables.students.values().filter(meant), listing))
    }

    async fn all(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<Student>, StorageError> {
        let meant = |it: &&Student| it.tenant == tenant && it.course == course;
        Ok(self.0.tables.students.values().filter(meant).cloned().collect())
    }

    async fn update(&mut self, it: &Student) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let known = tables.students.get(&it.id).filter(|known| known.tenant == it.tenant);
        if known.is_none_or(|known| known.revision + 1 != it.revision) {
            return Ok(false);
        }
        unless_there(tables.has_student_like(it), "student")?;
        tables.students.insert(it.id, it.clone());
        Ok(true)
    }

    async fn unlink(
        &mut self,
        tenant: TenantId,
        user: UserId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let students = self.0.change()?.students.values_mut();
        let mut n_unlinked = 0;
        for it in students.filter(|it| it.tenant == tenant && it.user == Some(user)) {
            *it = Student { user: None, ..it.clone() }.changed(at);
            n_unlinked += 1;
        }
        Ok(n_unlinked)
    }

    async fn identities(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<Vec<Identity>, StorageError> {
        let tables = &self.0.tables;
        if tables.students.get(&id).is_none_or(|it| it.tenant != tenant) {
            return Ok(Vec::new());
        }
        let theirs = tables.identities.values().filter(|(student, _)| *student == id);
        let mut all: Vec<_> = theirs.map(|(_, it)| it.clone()).collect();
        all.sort();
        Ok(all)
    }

    async fn identities_of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(StudentId, Identity)>, StorageError> {
        let tables = &self.0.tables;
        if !tables.has_course(tenant, course) {
            return Ok(Vec::new());
        }
        let theirs = tables.identities.iter().filter(|((known, ..), _)| *known == course);
        let mut all: Vec<_> = theirs.map(|(_, it)| it.clone()).collect();
        all.sort();
        Ok(all)
    }

    async fn identify(&mut self, it: &Student, identity: &Identity) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let key = key_of(it.course, identity);
        unless_there(tables.identities.contains_key(&key), "identity of a student")?;
        if_owned(tables.students.contains_key(&it.id), "identity of a student")?;
        tables.identities.insert(key, (it.id, identity.clone()));
        Ok(())
    }

    async fn forget_identity(
        &mut self,
        tenant: TenantId,
        id: StudentId,
        identity: &Identity,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let student = tables.students.get(&id).filter(|it| it.tenant == tenant);
        let Some(course) = student.map(|it| it.course) else { return Ok(false) };
        let key = key_of(course, identity);
        let theirs = tables.identities.get(&key).is_some_and(|(student, _)| *student == id);
        Ok(theirs && tables.identities.remove(&key).is_some())
    }

    async fn forget_identities(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<u64, StorageError> {
        let tables = self.0.change()?;
        if tables.students.get(&id).is_none_or(|it| it.tenant != tenant) {
            return Ok(0);
        }
        let before = tables.identities.len();
        tables.identities.retain(|_, (student, _)| *student != id);
        Ok(u64::try_from(before - tables.identities.len()).unwrap_or(u64::MAX))
    }
}
