//! Reports, and what people decided about flags.

use std::cmp::Reverse;

use async_trait::async_trait;
use lodge_kernel::{CourseId, ReportId, TeamId, TenantId, Timestamp};
use lodge_storage::{
    FlagDecision, FlagDecisionRepository, ReportFilter, ReportRepository, StorageError,
    StoredReport,
};

use super::{
    Rows,
    tables::{Tables, if_owned, unless_there},
};

const REPORT: &str = "report";

impl Tables {
    fn has_team(&self, tenant: TenantId, course: CourseId, id: TeamId) -> bool {
        self.teams.get(&id).is_some_and(|it| it.tenant == tenant && it.course == course)
    }

    /// Removes what belongs to a course or team that is gone.
    pub(super) fn remove_results(&mut self) {
        let (courses, teams) = (&self.courses, &self.teams);
        let is_there = |it: &TeamId| teams.contains_key(it);
        self.flag_decisions.retain(|(_, team, _), _| is_there(team));
        self.reports.retain(|_, it| {
            courses.contains_key(&it.course) && it.team.as_ref().is_none_or(is_there)
        });
        self.remove_bodies();
    }

    /// Removes reports with their bodies; answers how many.
    fn remove_reports(&mut self, meant: impl Fn(&StoredReport) -> bool) -> u64 {
        let before = self.reports.len();
        self.reports.retain(|_, it| !meant(it));
        self.remove_bodies();
        u64::try_from(before - self.reports.len()).unwrap_or(u64::MAX)
    }

    /// Removes the bodies of reports that are gone.
    fn remove_bodies(&mut self) {
        let there = &self.reports;
        self.report_bodies.retain(|id, _| there.contains_key(id));
    }
}

#[async_trait]
impl ReportRepository for Rows<'_> {
    async fn add(&mut self, it: &StoredReport, body: &[u8]) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let same = |known: &StoredReport| {
            known.id == it.id || (known.tenant == it.tenant && known.file_name == it.file_name)
        };
        unless_there(tables.reports.values().any(same), REPORT)?;
        let has_team = |team| tables.has_team(it.tenant, it.course, team);
        if_owned(tables.has_course(it.tenant, it.course) && it.team.is_none_or(has_team), REPORT)?;
        tables.reports.insert(it.id, it.clone());
        tables.report_bodies.insert(it.id, body.into());
        Ok(())
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        filter: &ReportFilter,
        after: Option<(Timestamp, ReportId)>,
        limit: usize,
    ) -> Result<Vec<StoredReport>, StorageError> {
        let meant = |it: &&StoredReport| {
            it.tenant == tenant
                && filter.courses.as_ref().is_none_or(|some| some.contains(&it.course))
                && filter.team.is_none_or(|team| it.team == Some(team))
                && after.is_none_or(|place| (it.made_at, it.id) < place)
        };
        let mut found: Vec<_> = self.0.tables.reports.values().filter(meant).collect();
        found.sort_by_key(|it| Reverse((it.made_at, it.id)));
        Ok(found.into_iter().take(limit).cloned().collect())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        file_name: &str,
    ) -> Result<Option<StoredReport>, StorageError> {
        let meant = |it: &&StoredReport| it.tenant == tenant && it.file_name == file_name;
        Ok(self.0.tables.reports.values().find(meant).cloned())
    }

    async fn body(
        &mut self,
        tenant: TenantId,
        id: ReportId,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let tables = &self.0.tables;
        let known = tables.reports.get(&id).filter(|it| it.tenant == tenant);
        Ok(known.and_then(|it| tables.report_bodies.get(&it.id)).map(|it| it.to_vec()))
    }

    async fn remove(&mut self, tenant: TenantId, id: ReportId) -> Result<bool, StorageError> {
        Ok(self.0.change()?.remove_reports(|it| it.tenant == tenant && it.id == id) > 0)
    }

    async fn remove_of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<u64, StorageError> {
        Ok(self.0.change()?.remove_reports(|it| it.tenant == tenant && it.course == course))
    }

    async fn remove_before(
        &mut self,
        before: Timestamp,
        limit: usize,
    ) -> Result<u64, StorageError> {
        let tables = self.0.change()?;
        let old = tables.reports.values().filter(|it| it.made_at < before);
        let mut old: Vec<_> = old.map(|it| (it.made_at, it.id)).collect();
        old.sort_unstable();
        old.truncate(limit);
        Ok(tables.remove_reports(|it| old.binary_search(&(it.made_at, it.id)).is_ok()))
    }
}

#[async_trait]
impl FlagDecisionRepository for Rows<'_> {
    async fn put(&mut self, it: &FlagDecision) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let known = it.decided_by.is_none_or(|user| tables.users.contains_key(&user));
        let owned = known && tables.has_team(it.tenant, it.course, it.team);
        if_owned(owned, "decision about a flag")?;
        tables.flag_decisions.insert((it.tenant, it.team, it.flag.clone()), it.clone());
        Ok(())
    }

    async fn of_team(
        &mut self,
        tenant: TenantId,
        team: TeamId,
    ) -> Result<Vec<FlagDecision>, StorageError> {
        let meant = |it: &&FlagDecision| it.tenant == tenant && it.team == team;
        Ok(self.0.tables.flag_decisions.values().filter(meant).cloned().collect())
    }

    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<FlagDecision>, StorageError> {
        let meant = |it: &&FlagDecision| it.tenant == tenant && it.course == course;
        Ok(self.0.tables.flag_decisions.values().filter(meant).cloned().collect())
    }
}
