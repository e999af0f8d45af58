//! A team of three, for tests.

use lodge_activity::{Actor, ActorId, ChangedFile, Changes, Commit, Fact, People, Period};
use lodge_courses::settings::FlagSettings;
use lodge_forge::ProviderName;
use lodge_kernel::StudentId;
use lodge_teams::{Identity, IdentityKind};
use uuid::Uuid;

use crate::{
    Record,
    flags::{Flag, FlagKind, flags},
    testing::{ADA, BOB, PROJECT, who},
};

pub(super) const CARA: StudentId = StudentId::from_uuid(Uuid::from_u128(3));
const TEAM: &[StudentId] = &[ADA, BOB, CARA];

/// As everywhere, and 5 is Cara.
fn people() -> People {
    let host = ProviderName::parse("gitlab").unwrap();
    let named = |name: &str| Actor { username: Some(name.to_owned()), ..Actor::default() };
    let all = [(1, "ada"), (2, "bob"), (3, "ada2"), (4, "ghost"), (5, "cara")];
    let actors = all.map(|(n, name)| (who(n), named(name)));
    let identity = |name| Identity::new(IdentityKind::Username, None, name).unwrap();
    let identities = [(ADA, "ada"), (ADA, "ada2"), (BOB, "bob"), (CARA, "cara")];
    let identities = identities.map(|(student, name)| (student, identity(name)));
    People::of(actors.iter().map(|(id, it)| (*id, &host, it)), &identities)
}

/// All flags of the first so many of Ada, Bob and Cara.
pub(super) fn flags_of(members: usize, facts: &[Fact<ActorId>], period: Period) -> Vec<Flag> {
    let people = people();
    let record = Record::of(&TEAM[..members], &people, [(PROJECT, facts)]);
    flags(&record, &FlagSettings::default(), &[period])
}

/// The flags of one kind, of a team of three.
pub(super) fn seen(kind: FlagKind, facts: &[Fact<ActorId>]) -> Vec<Flag> {
    seen_of(3, kind, facts)
}

/// The same, of a team of so many.
pub(super) fn seen_of(members: usize, kind: FlagKind, facts: &[Fact<ActorId>]) -> Vec<Flag> {
    let all = flags_of(members, facts, Period::default());
    all.into_iter().filter(|it| it.kind == kind).collect()
}

/// A file with added and removed lines.
pub(super) fn file(path: &str, additions: u32, deletions: u32) -> ChangedFile {
    let (additions, deletions) = (Some(additions), Some(deletions));
    ChangedFile { path: path.to_owned(), additions, deletions }
}

/// A commit that changed these files.
pub(super) fn with(files: &[ChangedFile], it: Commit<ActorId>) -> Fact<ActorId> {
    let changes = Some(Changes { files: files.to_vec(), left_out: 0 });
    Fact::Commit(Commit { changes, ..it })
}

/// The ids of what shows a flag.
pub(super) fn ids(flag: &Flag) -> Vec<String> {
    flag.evidence.iter().map(|it| it.item.id()).collect()
}
