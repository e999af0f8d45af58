//! People of hosts under names that say nothing: facts name them so.

use std::collections::{BTreeMap, BTreeSet};

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

    /// As facts may have named `actor`, or may name them one day, from each thing
    /// by itself that nobody else goes by.
    pub(crate) fn ids(&self, actor: &Actor) -> Vec<ActorId> {
        let Actor { host_user, username, email, .. } = actor.clone();
        let alone = [
            Actor { host_user, ..Actor::default() },
            Actor { username, ..Actor::default() },
            Actor { email, ..Actor::default() },
        ];
        alone.iter().filter(|it| **it != Actor::default()).map(|it| self.id(it)).collect()
    }

    /// Whether `actor` goes by anything that somebody did who is `erased`.
    pub(crate) fn is_erased(&self, erased: &BTreeSet<ActorId>, actor: &Actor) -> bool {
        erased.contains(&self.id(actor)) || self.ids(actor).iter().any(|it| erased.contains(it))
    }

    /// An erased person, of whom nothing is kept, under the name `id`.
    pub(crate) fn blank(&self, id: ActorId) -> KnownActor {
        KnownActor { id, host: self.host.clone(), actor: Actor::default(), erased: true }
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
        let mut met: Vec<_> = std::mem::take(&mut self.met).into_values().collect();
        if !met.is_empty() {
            let erased = erased(work, self.tenant, self.course).await?;
            for it in &mut met {
                if self.is_erased(&erased, &it.actor) {
                    *it = self.blank(it.id);
                }
            }
            work.activity().meet(self.tenant, self.course, &met).await?;
        }
        Ok(work.activity().tell(self.tenant, project, &named).await?.len())
    }
}

/// Those in a course of whom nothing may be kept.
pub(crate) async fn erased(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    course: CourseId,
) -> Result<BTreeSet<ActorId>, StorageError> {
    let actors = work.activity().actors(tenant, course).await?;
    Ok(actors.into_iter().filter(|it| it.erased).map(|it| it.id).collect())
}

/// Names those who are met in `project`.
pub(crate) fn of_project<'a>(keys: &'a dyn Keyring, project: &Project) -> Namer<'a> {
    Namer::new(keys, project.tenant, project.course, &project.origin.host)
}
