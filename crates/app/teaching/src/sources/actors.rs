//! People of hosts under names that say nothing: facts name them so.

use std::collections::BTreeMap;

use lodge_activity::{Actor, ActorId, Fact};
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, Keyring, ProjectId, TenantId};
use lodge_storage::{KnownActor, StorageError, UnitOfWork};
use lodge_teams::Project;

/// How many facts are told in one unit of work.
pub(super) const CHUNK: usize = 500;

/// Names the people of one host in one course.
pub(crate) struct Namer<'a> {
    keys: &'a dyn Keyring,
    tenant: TenantId,
    course: CourseId,
    host: ProviderName,
    met: BTreeMap<ActorId, KnownActor>,
}

impl<'a> Namer<'a> {
    pub(crate) fn new(
        keys: &'a dyn Keyring,
        tenant: TenantId,
        course: CourseId,
        host: &ProviderName,
    ) -> Self {
        Self { keys, tenant, course, host: host.clone(), met: BTreeMap::new() }
    }

    /// As facts name `actor`: the host's id of the account says best who it is,
    /// then the account's name, then the address.
    pub(crate) fn id(&self, actor: &Actor) -> ActorId {
        let of = |it: &Option<String>| it.as_ref().map(|it| it.to_lowercase());
        let (kind, best) = [
            ("user", actor.host_user.clone()),
            ("name", of(&actor.username)),
            ("email", of(&actor.email)),
            ("person", of(&actor.name)),
        ]
        .into_iter()
        .find_map(|(kind, it)| Some((kind, it?)))
        .unwrap_or_default();
        let text = format!("actor|{}|{}|{kind}|{best}", self.course, self.host);
        // The pseudonym is made with a key of ours: whoever sees facts cannot
        // try names.
        let pseudonym = self.keys.pseudonym(self.tenant, text.as_bytes());
        ActorId(self.keys.digest(format!("{text}|{pseudonym}").as_bytes()))
    }

    /// Names `actor`, and remembers to say who that is.
    pub(crate) fn name(&mut self, actor: Actor) -> ActorId {
        let id = self.id(&actor);
        let host = self.host.clone();
        self.met.insert(id, KnownActor { id, host, actor, erased: false });
        id
    }

    /// Tells facts of a project, in the unit of work `work`; answers how many
    /// were new or changed.
    pub(crate) async fn tell(
        &mut self,
        work: &mut dyn UnitOfWork,
        project: ProjectId,
        facts: Vec<Fact<Actor>>,
    ) -> Result<usize, StorageError> {
        let named = facts.into_iter().map(|it| it.map(&mut |actor| self.name(actor)));
        let mut named: Vec<_> = named.collect();
        // In one order, whoever tells: two that tell at once wait, and no more.
        named.sort_by_cached_key(Fact::key);
        let met: Vec<_> = std::mem::take(&mut self.met).into_values().collect();
        if !met.is_empty() {
            work.activity().meet(self.tenant, self.course, &met).await?;
        }
        Ok(work.activity().tell(self.tenant, project, &named).await?.len())
    }
}

/// Names those who are met in `project`.
pub(crate) fn of_project<'a>(keys: &'a dyn Keyring, project: &Project) -> Namer<'a> {
    Namer::new(keys, project.tenant, project.course, &project.origin.host)
}
