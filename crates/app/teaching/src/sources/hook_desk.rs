//! What a project's host is asked with about our webhook there.

use std::{sync::Arc, time::Duration};

use lodge_courses::{Act, TokenScope};
use lodge_forge::RepositoryId;
use lodge_kernel::{HookId, ProjectId, SecretString};
use lodge_provider::{Account, Hook, NewHook, ProviderError, RepositoryRef, Webhooks};
use lodge_storage::{ProjectHook, StorageError, UnitOfWork};
use lodge_teams::Project;

use super::{
    account::{account_of, source_of, sources_of},
    locate::refused,
};
use crate::{
    Caller, Standing, Teaching, TeachingError,
    projects::{as_project, known_project},
    teams::seen_team,
};

/// How long a webhook is taken for one that is being made: longer than any host
/// is waited for.
const MAKING: Duration = Duration::from_mins(2);

const BEING_MADE: TeachingError = TeachingError::Blocked(
    "somebody is making its webhook just now, or the host's answer was lost: try again in two \
     minutes",
);
const NO_SOURCE: TeachingError = TeachingError::Blocked(
    "no account of this course is for this project: bring the course in from its host first, or \
     make the webhook there by hand",
);

/// A project whose webhook the caller may change, or remove.
pub(super) struct Meant {
    pub(super) project: Project,
    pub(super) hook: Option<ProjectHook>,
    /// What it may be asked about through; `None` for one that no sync has
    /// brought in.
    account: Option<Account>,
}

/// The host of such a project.
pub(super) struct Desk {
    pub(super) project: Project,
    pub(super) hook: Option<ProjectHook>,
    pub(super) webhooks: Arc<dyn Webhooks>,
    pub(super) repository: RepositoryRef,
}

impl Desk {
    /// A webhook that tells all that courses go by.
    pub(super) fn wish(&self, door: HookId, issuer: &str, secret: String) -> NewHook {
        NewHook {
            url: format!("{issuer}{}", self.path(door)),
            events: self.webhooks.events().to_vec(),
            everything: true,
            secret: SecretString::from(secret),
        }
    }

    /// Where deliveries by `door` go, below whatever this installation is called
    /// from outside.
    fn path(&self, door: HookId) -> String {
        format!("/api/v1/webhooks/{}?hook={door}", self.project.origin.host)
    }

    /// The webhooks at the host that deliver by `door`, whether or not its answer
    /// has reached us when it made them. None where the host cannot be asked.
    pub(super) async fn made_for(&self, door: HookId) -> Result<Vec<Hook>, ProviderError> {
        match self.webhooks.hooks_to(self.repository.clone(), self.path(door)).await {
            Err(error) if matches!(error.cause(), ProviderError::Unsupported { .. }) => {
                Ok(Vec::new())
            }
            other => other,
        }
    }

    /// The host's ids of all that it has of `hook`: those that were noted, and
    /// those that its answers did not tell us.
    pub(super) async fn all_ids(&self, hook: &ProjectHook) -> Result<Vec<String>, ProviderError> {
        let mut ids = hook.remote_ids.clone();
        let found = self.made_for(hook.hook).await?;
        for id in found.into_iter().flat_map(|it| it.ids) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Whether the host sends; `None` when it has no such webhook.
    pub(super) async fn is_active(
        &self,
        hook: &ProjectHook,
    ) -> Result<Option<bool>, ProviderError> {
        let found = self.webhooks.find_hook(self.repository.clone(), hook.remote_ids.clone());
        Ok(found.await?.map(|it| it.active))
    }

    pub(super) async fn delete(&self, ids: Vec<String>) -> Result<(), ProviderError> {
        self.webhooks.delete_hook(self.repository.clone(), ids).await
    }

    /// Removes at the host what could not be kept here.
    pub(super) async fn undo(&self, made: Vec<String>) {
        if let Err(error) = self.delete(made).await {
            let id = self.project.id;
            tracing::warn!(%error, project.id = %id, "a webhook at a host is left over");
        }
    }
}

/// The host may have done what it was asked: its answer did not reach us.
pub(super) fn is_lost(error: &ProviderError) -> bool {
    matches!(
        error.cause(),
        ProviderError::TimedOut
            | ProviderError::Unreachable { .. }
            | ProviderError::Malformed { .. }
    )
}

/// The account may do nothing about the webhook, now or later.
fn is_shut_out(error: &ProviderError) -> bool {
    matches!(
        error.cause(),
        ProviderError::CredentialsRefused
            | ProviderError::Forbidden
            | ProviderError::InsufficientScope
            | ProviderError::InstallationNotFound
    )
}

/// A project that `caller` may see, and what they are in its course.
async fn seen_project(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: ProjectId,
) -> Result<(Project, Standing), TeachingError> {
    let project = known_project(work, caller, id).await?;
    let (_, known) = seen_team(work, caller, project.team).await.map_err(as_project)?;
    Ok((project, known))
}

/// What there is to such a project's webhook.
async fn meant(work: &mut dyn UnitOfWork, project: Project) -> Result<Meant, StorageError> {
    let (tenant, id) = (project.tenant, project.id);
    let (sources, _) = sources_of(work, tenant, project.course).await?;
    let sync = work.sources().sync_of(tenant, id).await?;
    let hook = work.sources().hook_of(tenant, id).await?;
    let source = source_of(&sources, &project.origin.host, sync.as_ref());
    let account = source.map(account_of);
    Ok(Meant { project, hook, account })
}

impl Teaching {
    /// A project whose webhook `caller` may remove: in an archived course, too.
    /// There, the webhook would otherwise go on sending, and keep the course from
    /// being deleted; and to unarchive a course changes when its students are
    /// forgotten.
    pub(super) async fn meant_removal(
        &self,
        caller: &Caller,
        id: ProjectId,
    ) -> Result<Meant, TeachingError> {
        let mut work = self.storage.read().await?;
        let (project, known) = seen_project(&mut *work, caller, id).await?;
        known.may(Act::Operate)?;
        caller.check_scope(TokenScope::CoursesWrite)?;
        Ok(meant(&mut *work, project).await?)
    }

    /// The host of such a project.
    pub(super) fn at_host(&self, meant: Meant) -> Result<Desk, TeachingError> {
        let Meant { project, hook, account } = meant;
        let webhooks = self.workshop.hosts.webhooks(&project.origin.host).map(Arc::clone);
        let webhooks = webhooks.ok_or(TeachingError::Blocked(
            "this project's host sends no webhooks: the project is kept up by syncs",
        ))?;
        let account = account.ok_or(NO_SOURCE)?;
        let id = RepositoryId::parse(&project.origin.remote_id);
        let id = id.map_err(|_not_an_id| {
            TeachingError::Blocked("this project's `remote_id` is none of its host")
        })?;
        let repository = RepositoryRef { account, id };
        Ok(Desk { project, hook, webhooks, repository })
    }

    /// Somebody else may be waiting for the host, and must find what they began.
    pub(super) fn unless_being_made(&self, hook: &ProjectHook) -> Result<(), TeachingError> {
        let is_young = self.now().since(hook.created_at) < MAKING;
        if hook.remote_ids.is_empty() && is_young { Err(BEING_MADE) } else { Ok(()) }
    }

    /// Removes all that a host has of `hook`, as far as anybody here reaches it:
    /// what nobody does would keep the project for ever.
    pub(super) async fn remove_there(
        &self,
        meant: Meant,
        hook: &ProjectHook,
    ) -> Result<(), TeachingError> {
        let id = meant.project.id;
        let desk = match self.at_host(meant) {
            Ok(desk) => desk,
            Err(error) => {
                tracing::warn!(%error, project.id = %id, "a webhook may be left over at its host");
                return Ok(());
            }
        };
        let removed = match desk.all_ids(hook).await {
            Ok(ids) => desk.delete(ids).await,
            Err(error) => Err(error),
        };
        match removed {
            // With the repository its webhooks are gone.
            Err(error) if matches!(error.cause(), ProviderError::RepositoryNotFound) => Ok(()),
            Err(error) if is_shut_out(&error) => {
                tracing::warn!(%error, project.id = %id, "a webhook is left over at its host");
                Ok(())
            }
            other => self.heard(&desk, other),
        }
    }

    /// The host of a project whose webhook `caller` may change.
    pub(super) async fn desk(&self, caller: &Caller, id: ProjectId) -> Result<Desk, TeachingError> {
        let mut work = self.storage.read().await?;
        let (project, known) = seen_project(&mut *work, caller, id).await?;
        known.may_change(caller, Act::Operate)?;
        self.at_host(meant(&mut *work, project).await?)
    }

    /// What a host answered, as its caller is told.
    pub(super) fn heard<T>(
        &self,
        desk: &Desk,
        answer: Result<T, ProviderError>,
    ) -> Result<T, TeachingError> {
        answer.map_err(|error| refused(&desk.project.origin.host, &error, self.now()))
    }
}
