//! What takes in what deliveries tell.

use async_trait::async_trait;
use lodge_intake::{Intake, Kind, Outcome, Reason};
use lodge_kernel::{ProjectId, Timestamp};
use lodge_provider::{BoxError, Delivery, WebhookScheme};
use lodge_storage::UnitOfWork;

/// Why a delivery is ignored that no course wants yet: once one has the
/// repository, it is taken in from what is kept.
pub(crate) const NO_COURSE: &str = "no course has this repository";

/// What came of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// How it ended.
    pub outcome: Outcome,
    /// The course project that it is of.
    pub project: Option<ProjectId>,
}

impl Handled {
    fn ignored(reason: impl Into<String>) -> Self {
        Self { outcome: Outcome::Ignored(Reason::new(reason)), project: None }
    }
}

/// Takes in what deliveries tell.
#[async_trait]
pub trait IntakeHandler: Send + Sync {
    /// Takes in one delivery, in the unit of work in which it is settled. What
    /// it does MUST come to the same whatever other deliveries are taken in
    /// before or after, and however often this one is.
    ///
    /// # Errors
    ///
    /// What kept it from that; it is tried again later.
    async fn handle(
        &self,
        work: &mut dyn UnitOfWork,
        scheme: &dyn WebhookScheme,
        intake: &Intake,
        delivery: &Delivery,
    ) -> Result<Handled, BoxError>;
}

/// Notes when something last happened in a course project.
#[derive(Clone, Copy, Debug, Default)]
pub struct LastActivity;

/// When it happened: as the host says, but not later than it came, so that a
/// clock that is ahead does not hide what comes afterwards.
pub(super) fn happened_at(told: Option<Timestamp>, received_at: Timestamp) -> Timestamp {
    told.unwrap_or(received_at).min(received_at)
}

#[async_trait]
impl IntakeHandler for LastActivity {
    async fn handle(
        &self,
        work: &mut dyn UnitOfWork,
        scheme: &dyn WebhookScheme,
        intake: &Intake,
        delivery: &Delivery,
    ) -> Result<Handled, BoxError> {
        if intake.kind == Kind::Other {
            return Ok(Handled::ignored(format!("courses do not use `{}`", intake.event)));
        }
        let told = scheme.occurred_at(delivery)?;
        let Some(repository) = &intake.repository else {
            return Ok(Handled::ignored("it names no repository"));
        };
        let projects = work.projects().of_origin(intake.tenant, &intake.source, repository).await?;
        let at = happened_at(told, intake.received_at);
        for project in &projects {
            work.intake().note_activity(intake.tenant, project.id, at).await?;
        }
        match projects.first() {
            Some(project) => Ok(Handled { outcome: Outcome::Processed, project: Some(project.id) }),
            None => Ok(Handled::ignored(NO_COURSE)),
        }
    }
}
