//! Of whom nothing is kept, whatever hosts tell later.

use std::collections::{BTreeMap, BTreeSet};

use lodge_activity::Actor;
use lodge_storage::{StorageError, UnitOfWork};
use lodge_teams::{Identity, IdentityKind, Student};

use super::Everybody;
use crate::{Teaching, sources::actors::Namer};

impl Teaching {
    /// Whatever hosts may tell of a student one day, it is of somebody who was
    /// erased, on each host that the course has or may come to have. `everybody`
    /// in the course is as this unit of work found them.
    pub(crate) async fn forget_before(
        &self,
        work: &mut dyn UnitOfWork,
        student: &Student,
        everybody: &Everybody,
    ) -> Result<(), StorageError> {
        let (tenant, course) = (student.tenant, student.course);
        let identities = work.students().identities(tenant, student.id).await?;
        let sources = work.sources().of_course(tenant, course).await?;
        let mut hosts: BTreeSet<_> = self.workshop.hosts.iter().map(|it| it.name()).collect();
        hosts.extend(sources.into_iter().map(|it| it.host));
        hosts.extend(identities.iter().filter_map(|it| it.host.clone()));
        hosts.extend(everybody.hosts().cloned());
        let mut met = BTreeMap::new();
        for host in &hosts {
            let namer = Namer::new(&*self.keys, tenant, course, host);
            let theirs =
                identities.iter().filter(|it| it.host.as_ref().is_none_or(|it| it == host));
            let mut called: Vec<_> = theirs.map(as_actor).collect();
            called.push(Actor { email: student.email.clone(), ..Actor::default() });
            let ids = called.iter().flat_map(|it| namer.ids(it));
            met.extend(ids.map(|id| (id, namer.blank(id))));
        }
        let met: Vec<_> = met.into_values().collect();
        if met.is_empty() { Ok(()) } else { work.activity().meet(tenant, course, &met).await }
    }
}

/// Somebody of whom a host tells nothing else.
fn as_actor(identity: &Identity) -> Actor {
    let value = Some(identity.value.clone());
    match identity.kind {
        IdentityKind::HostUser => Actor { host_user: value, ..Actor::default() },
        IdentityKind::Username => Actor { username: value, ..Actor::default() },
        IdentityKind::Email => Actor { email: value, ..Actor::default() },
    }
}
