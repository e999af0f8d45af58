//! What deliveries tell is kept as facts of course projects.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_activity::{Actor, Fact};
use lodge_intake::{Intake, Kind, Outcome};
use lodge_kernel::{Clock, Entropy, Keyring};
use lodge_provider::{BoxError, Delivery, WebhookScheme};
use lodge_storage::{StorageError, UnitOfWork};
use lodge_teams::Project;

use super::{Handled, IntakeHandler, LastActivity, parcel};
use crate::{
    Teaching,
    sources::{ProjectJob, actors},
};

/// Keeps what deliveries tell, and asks the host for what they leave open.
pub struct ActivityFacts {
    /// Name people so that nobody else can.
    pub keys: Arc<dyn Keyring>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

#[async_trait]
impl IntakeHandler for ActivityFacts {
    async fn handle(
        &self,
        work: &mut dyn UnitOfWork,
        scheme: &dyn WebhookScheme,
        intake: &Intake,
        delivery: &Delivery,
    ) -> Result<Handled, BoxError> {
        let handled = LastActivity.handle(work, scheme, intake, delivery).await?;
        let Some(repository) = &intake.repository else { return Ok(handled) };
        if handled.outcome != Outcome::Processed {
            return Ok(handled);
        }
        let facts = scheme.facts(delivery)?;
        // By id: two that take in deliveries at once wait for each other, and
        // no more.
        let projects = work.projects().of_origin(intake.tenant, &intake.source, repository).await?;
        for project in &projects {
            let mut namer = actors::of_project(&*self.keys, project);
            namer.tell(work, project.id, facts.clone()).await?;
            if leaves_questions(intake.kind, &facts) && has_source(work, project).await? {
                ProjectJob::ask(work, (&*self.clock, &*self.entropy), project).await?;
            }
        }
        Ok(handled)
    }
}

/// The host knows more of it than it told: what commits changed, and who
/// approves.
fn leaves_questions(kind: Kind, facts: &[Fact<Actor>]) -> bool {
    let is_unread = |it: &Fact<Actor>| matches!(it, Fact::Commit(it) if it.changes.is_none());
    matches!(kind, Kind::Push | Kind::MergeRequest) || facts.iter().any(is_unread)
}

async fn has_source(work: &mut dyn UnitOfWork, project: &Project) -> Result<bool, StorageError> {
    let sources = work.sources().of_course(project.tenant, project.course).await?;
    Ok(sources.iter().any(|it| it.host == project.origin.host))
}

impl Teaching {
    /// What a delivery that is still kept tells. `None` when it cannot be opened
    /// or understood any more.
    pub(crate) async fn kept_facts(
        &self,
        work: &mut dyn UnitOfWork,
        intake: &Intake,
    ) -> Result<Option<Vec<Fact<Actor>>>, StorageError> {
        let sealed = work.intake().parcel(intake.tenant, intake.id).await?;
        let at = intake.received_at;
        let opened = sealed
            .and_then(|it| parcel::open(&*self.keys, intake.tenant, intake.id, &it, at));
        let scheme = self.intake.schemes.find(intake.source.as_str());
        let Some((delivery, (_, scheme))) = opened.zip(scheme) else { return Ok(None) };
        Ok(scheme.facts(&delivery).ok())
    }
}
