//! Who works in a team at its host is a student here.

use std::collections::BTreeSet;

use lodge_activity::Actor;
use lodge_courses::course::parse_name;
use lodge_forge::ProviderName;
use lodge_kernel::StudentId;
use lodge_storage::{KnownActor, StorageError, UnitOfWork};
use lodge_teams::{Identity, IdentityKind, Student, StudentState, Team, student::MOST_IDENTITIES};

use super::{
    actors::Namer,
    summary::{Became, Summary},
    teams::written,
    tree::People,
};
use crate::Teaching;

/// Everybody in the course, as this unit of work finds them.
struct Course {
    students: Vec<Student>,
    identities: Vec<(StudentId, Identity)>,
}

impl Course {
    /// Who goes by this.
    fn holder(&self, identity: &Identity) -> Option<StudentId> {
        let key = identity.key();
        let same =
            |it: &Identity| it.kind == identity.kind && it.host == identity.host && it.key() == key;
        self.identities.iter().find(|(_, it)| same(it)).map(|(id, _)| *id)
    }

    fn find(&self, id: StudentId) -> Option<&Student> {
        self.students.iter().find(|it| it.id == id)
    }

    /// A student may have several accounts, and be changed for each.
    fn replace(&mut self, changed: Student) {
        if let Some(it) = self.students.iter_mut().find(|it| it.id == changed.id) {
            *it = changed;
        }
    }

    /// The student that `actor` is: by the host's id of the account, by an
    /// address that the host has verified, or by a name that somebody wrote here.
    fn student(&self, names: &Names) -> Option<&Student> {
        let by = |it: &Option<Identity>| it.as_ref().and_then(|it| self.holder(it));
        let by_address = || {
            let email = &names.email.as_ref()?.value;
            self.students.iter().find(|it| it.email.as_ref() == Some(email)).map(|it| it.id)
        };
        let anywhere = names.username.clone().map(|it| Identity { host: None, ..it });
        let id = by(&names.user)
            .or_else(|| by(&names.email))
            .or_else(by_address)
            .or_else(|| by(&names.username))
            .or_else(|| by(&anywhere));
        self.find(id?)
    }
}

/// What an account goes by.
struct Names {
    user: Option<Identity>,
    username: Option<Identity>,
    email: Option<Identity>,
}

impl Names {
    fn of(host: &ProviderName, actor: &Actor) -> Self {
        let of = |kind, host: Option<&ProviderName>, text: &Option<String>| {
            Identity::new(kind, host.cloned(), text.as_ref()?).ok()
        };
        Self {
            user: of(IdentityKind::HostUser, Some(host), &actor.host_user),
            username: of(IdentityKind::Username, Some(host), &actor.username),
            email: of(IdentityKind::Email, None, &actor.email),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Identity> {
        [&self.user, &self.username, &self.email].into_iter().flatten()
    }
}

/// Brings the members of a team in line with its host. Those of a locked team
/// stay as they are; who was dropped or erased here does not come back.
pub(super) async fn keep(
    teaching: &Teaching,
    work: &mut dyn UnitOfWork,
    (team, host): (&Team, &ProviderName),
    people: &People,
    summary: &mut Summary,
) -> Result<(), StorageError> {
    let (tenant, course) = (team.tenant, team.course);
    let students = work.students().all(tenant, course).await?;
    let identities = work.students().identities_of_course(tenant, course).await?;
    let mut known = Course { students, identities };
    let namer = Namer::new(&*teaching.keys, tenant, course, host);
    let told: Vec<_> = people.students.iter().collect();
    let erased = namer.erased(work, &told).await?;
    let mut met = Vec::new();
    let before = work.teams().members(tenant, team.id).await?;
    let mut members: BTreeSet<_> = before.iter().map(|it| it.id).collect();
    for actor in &people.students {
        if erased.contains(&namer.id(actor)) {
            // Whatever else the account goes by from now on is theirs, too.
            met.extend(namer.ids(actor).into_iter().map(|it| namer.blank(it)));
            continue;
        }
        let id = namer.id(actor);
        met.push(KnownActor { id, host: host.clone(), actor: actor.clone(), erased: false });
        let called = Names::of(host, actor);
        let (student, mut became) = match known.student(&called) {
            Some(it) if it.state != StudentState::Active => {
                summary.students.count(Became::Unchanged);
                continue;
            }
            Some(it) => (it.clone(), Became::Unchanged),
            None => {
                let student = student(teaching, team, actor, &called);
                work.students().add(&student).await?;
                known.students.push(student.clone());
                (student, Became::Created)
            }
        };
        let is_new = became == Became::Created;
        let of = (&student, is_new);
        became = became.max(identify(teaching, work, &mut known, of, &called).await?);
        if !team.locked && members.insert(student.id) {
            work.teams().join(team, student.id, teaching.now()).await?;
            became = became.max(Became::Updated);
        }
        summary.students.count(became);
    }
    met.sort_by_key(|it| it.id);
    if !met.is_empty() {
        work.activity().meet(tenant, course, &met).await?;
    }
    leave(work, (team, host), people, (&before, &known)).await
}

/// A student that is not kept yet.
fn student(teaching: &Teaching, team: &Team, actor: &Actor, names: &Names) -> Student {
    let now = teaching.now();
    let texts = [&actor.name, &actor.username, &actor.host_user];
    let name = texts.into_iter().flatten().find_map(|it| parse_name(it).ok());
    Student {
        id: StudentId::fresh(&*teaching.clock, &*teaching.entropy),
        tenant: team.tenant,
        course: team.course,
        number: None,
        name: name.unwrap_or_else(|| "?".to_owned()),
        email: names.email.as_ref().map(|it| it.value.clone()),
        user: None,
        state: StudentState::Active,
        revision: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Writes down what the student goes by at the host, as far as nobody else does.
async fn identify(
    teaching: &Teaching,
    work: &mut dyn UnitOfWork,
    known: &mut Course,
    (student, is_new): (&Student, bool),
    names: &Names,
) -> Result<Became, StorageError> {
    let mut became = Became::Unchanged;
    for identity in names.all() {
        let own = known.identities.iter().filter(|(id, _)| *id == student.id).count();
        let is_address = student.email.as_ref() == Some(&identity.value);
        if known.holder(identity).is_some() || is_address || own >= MOST_IDENTITIES {
            continue;
        }
        work.students().identify(student, identity).await?;
        known.identities.push((student.id, identity.clone()));
        became = Became::Updated;
    }
    // The row is written, too: who is erased at the same time gets nothing that
    // stays.
    if became == Became::Updated && !is_new {
        let changed = student.clone().changed(teaching.now());
        written(work.students().update(&changed).await?)?;
        known.replace(changed);
    }
    Ok(became)
}

/// Those whose accounts the host has taken out of the team leave it here.
async fn leave(
    work: &mut dyn UnitOfWork,
    (team, host): (&Team, &ProviderName),
    people: &People,
    (before, known): (&[Student], &Course),
) -> Result<(), StorageError> {
    // A host that tells of nobody may just not tell.
    if team.locked || people.all.is_empty() {
        return Ok(());
    }
    for student in before {
        let mut accounts = known.identities.iter().filter(|(id, it)| {
            *id == student.id && it.kind == IdentityKind::HostUser && it.host.as_ref() == Some(host)
        });
        let is_known = accounts.clone().next().is_some();
        if is_known && !accounts.any(|(_, it)| people.all.contains(&it.value)) {
            work.teams().leave(team.tenant, team.id, student.id).await?;
        }
    }
    Ok(())
}
