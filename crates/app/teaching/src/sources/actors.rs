//! People of hosts under names that say nothing: facts name them so.

use std::collections::{BTreeMap, BTreeSet};

use lodge_activity::{Actor, ActorId, Fact, people::private_account};
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
    /// by itself that nobody else goes by. An address that stands for an account
    /// of the host is the account, too.
    pub(crate) fn ids(&self, actor: &Actor) -> Vec<ActorId> {
        let email = actor.email.as_deref();
        let private = email.and_then(|it| private_account(&self.host, it));
        let users = [actor.host_user.as_deref(), private.and_then(|(user, _)| user)];
        let names = [actor.username.as_deref(), private.map(|(_, name)| name)];
        let user = |it: &str| Actor { host_user: Some(it.to_owned()), ..Actor::default() };
        let name = |it: &str| Actor { username: Some(it.to_owned()), ..Actor::default() };
        let address = |it: &str| Actor { email: Some(it.to_owned()), ..Actor::default() };
        let users = users.into_iter().flatten().map(user);
        let names = names.into_iter().flatten().map(name);
        let alone = users.chain(names).chain(email.map(address));
        alone.map(|it| self.id(&it)).collect()
    }

    /// As facts name those of `actors` who go by anything that somebody did of
    /// whom nothing may be kept.
    pub(crate) async fn erased(
        &self,
        work: &mut dyn UnitOfWork,
        actors: &[&Actor],
    ) -> Result<BTreeSet<ActorId>, StorageError> {
        let mut called = Vec::with_capacity(actors.len());
        for it in actors {
            let id = self.id(it);
            let mut ids = self.ids(it);
            ids.push(id);
            called.push((id, ids));
        }
        let asked: Vec<_> = called.iter().flat_map(|(_, ids)| ids).copied().collect();
        let erased = work.activity().erased_among(self.tenant, self.course, &asked).await?;
        called.retain(|(_, ids)| ids.iter().any(|it| erased.contains(it)));
        Ok(called.into_iter().map(|(id, _)| id).collect())
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
            let actors: Vec<_> = met.iter().map(|it| &it.actor).collect();
            let erased = self.erased(work, &actors).await?;
            for it in &mut met {
                if erased.contains(&it.id) {
                    *it = self.blank(it.id);
                }
            }
            work.activity().meet(self.tenant, self.course, &met).await?;
        }
        Ok(work.activity().tell(self.tenant, project, &named).await?.len())
    }
}

/// Names those who are met in `project`.
pub(crate) fn of_project<'a>(keys: &'a dyn Keyring, project: &Project) -> Namer<'a> {
    Namer::new(keys, project.tenant, project.course, &project.origin.host)
}
