//! Who of a course somebody at a host is.

use std::collections::BTreeMap;

use lodge_forge::ProviderName;
use lodge_kernel::StudentId;
use lodge_teams::{Identity, IdentityKind};

use crate::{Actor, ActorId};

/// Who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A student of the course.
    Student(StudentId),
    /// A program.
    Bot,
    /// Nobody knows.
    Unknown,
}

/// Who everybody in a course is.
#[derive(Clone, Debug, Default)]
pub struct People(BTreeMap<ActorId, Who>);

impl People {
    /// Finds out who `actors` are, each with the host that told of them. What a
    /// student goes by is asked in this order: the host's id of the account,
    /// its name at that host, its name at whichever host, the address, and
    /// the account that an address of the host stands for. Only who is none of
    /// the students may be taken for a program.
    pub fn of<'a>(
        actors: impl IntoIterator<Item = (ActorId, &'a ProviderName, &'a Actor)>,
        identities: &[(StudentId, Identity)],
    ) -> Self {
        let known = Known::of(identities);
        let who = |(id, host, actor): (ActorId, &ProviderName, &Actor)| {
            let who = match known.student(host, actor) {
                Some(student) => Who::Student(student),
                None if is_bot(actor) => Who::Bot,
                None => Who::Unknown,
            };
            (id, who)
        };
        Self(actors.into_iter().map(who).collect())
    }

    /// Who somebody is.
    pub fn who(&self, id: ActorId) -> Who {
        self.0.get(&id).copied().unwrap_or(Who::Unknown)
    }

    /// Which student somebody is. `None` for programs, and when nobody knows.
    pub fn student(&self, id: ActorId) -> Option<StudentId> {
        match self.who(id) {
            Who::Student(student) => Some(student),
            Who::Bot | Who::Unknown => None,
        }
    }

    /// Two are one and the same person, under one account or two.
    pub fn is_same(&self, one: ActorId, other: ActorId) -> bool {
        let student = self.student(one);
        one == other || student.is_some() && student == self.student(other)
    }
}

/// What students go by: kind, host or nothing, value in lower case.
struct Known<'a>(BTreeMap<(IdentityKind, &'a str, String), StudentId>);

impl<'a> Known<'a> {
    fn of(identities: &'a [(StudentId, Identity)]) -> Self {
        let host = |it: &'a Identity| it.host.as_ref().map_or("", ProviderName::as_str);
        let of =
            |(student, it): &'a (StudentId, Identity)| ((it.kind, host(it), it.key()), *student);
        Self(identities.iter().map(of).collect())
    }

    fn find(&self, kind: IdentityKind, host: &'a str, value: Option<&str>) -> Option<StudentId> {
        self.0.get(&(kind, host, value?.to_lowercase())).copied()
    }

    fn student(&self, host: &'a ProviderName, actor: &Actor) -> Option<StudentId> {
        let email = actor.email.as_deref();
        let private = email.and_then(|it| private_account(host, it));
        self.account(host, actor.host_user.as_deref(), actor.username.as_deref())
            .or_else(|| self.find(IdentityKind::Email, "", email))
            .or_else(|| private.and_then(|(user, name)| self.account(host, user, Some(name))))
    }

    fn account(
        &self,
        host: &'a ProviderName,
        user: Option<&str>,
        name: Option<&str>,
    ) -> Option<StudentId> {
        self.find(IdentityKind::HostUser, host.as_str(), user)
            .or_else(|| self.find(IdentityKind::Username, host.as_str(), name))
            .or_else(|| self.find(IdentityKind::Username, "", name))
    }
}

/// The id, where there is one, and the name of the account that an address
/// stands for, which this host may have given to somebody who keeps theirs
/// private. `None` for every other address.
pub fn private_account<'a>(
    host: &ProviderName,
    email: &'a str,
) -> Option<(Option<&'a str>, &'a str)> {
    private_address(email).filter(|_| may_be_given_by(host, email))
}

/// Accounts of another kind of host, and of a folder, which has none, are other
/// accounts. Hosts are named freely where they are set up, and programmers bring
/// their addresses of github.com everywhere: those are of a host that is called so.
fn may_be_given_by(host: &ProviderName, email: &str) -> bool {
    let is_called = |kind: &str| host.as_str().starts_with(kind);
    if email.to_ascii_lowercase().ends_with("@users.noreply.github.com") {
        return is_called("github");
    }
    !["github", "local", "bitbucket", "azure", "gitea"].into_iter().any(is_called)
}

/// The id, where there is one, and the name of the account that stand in an
/// address which a host gives to those who keep theirs private:
/// `17+ada@users.noreply.github.com`, `17-ada@users.noreply.gitlab.com`.
///
/// Source: <https://docs.github.com/en/account-and-profile/reference/email-addresses-reference>,
/// <https://docs.gitlab.com/user/profile/#use-an-automatically-generated-private-commit-email>.
fn private_address(email: &str) -> Option<(Option<&str>, &str)> {
    let (account, host) = email.split_once('@')?;
    if !host.to_ascii_lowercase().starts_with("users.noreply.") {
        return None;
    }
    let is_id = |it: &&str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    match account.split_once(['+', '-']) {
        Some((id, name)) if is_id(&id) => Some((Some(id), name)),
        _ => Some((None, account)),
    }
}

/// Accounts that hosts run themselves, or that stand for nobody.
const PROGRAMS: &[&str] = &[
    "ghost",
    "web-flow",
    "github-actions",
    "copilot",
    "dependabot",
    "dependabot-preview",
    "renovate",
    "renovate-bot",
    "gitlab-bot",
    "support-bot",
    "alert-bot",
    "migration-bot",
    "security-bot",
    "automation-bot",
    "gitlabduo",
];

/// It is a program, by its name: hosts do not tell otherwise. GitHub's apps end
/// in `[bot]`; the tokens of GitLab's projects and groups act as
/// `project_17_bot_4ff0…`, its service accounts as `service_account_group_17_4ff0…`.
///
/// Source: <https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects>.
pub fn is_bot(actor: &Actor) -> bool {
    let private = actor.email.as_deref().and_then(private_address);
    let named = [actor.username.as_deref(), private.map(|it| it.1), actor.name.as_deref()];
    let [username, private, name] = named.map(|it| it.unwrap_or_default().to_ascii_lowercase());
    let is_program = |it: &String| {
        let token = it.strip_prefix("project_").or_else(|| it.strip_prefix("group_"));
        let after = token.map(|it| it.trim_start_matches(|it: char| it.is_ascii_digit()));
        it.ends_with("[bot]")
            || it.starts_with("service_account_")
            || PROGRAMS.contains(&it.as_str())
            || token != after && after.is_some_and(|it| it == "_bot" || it.starts_with("_bot_"))
    };
    is_program(&username) || is_program(&private) || name.ends_with("[bot]")
}

#[cfg(test)]
mod tests {
    use lodge_kernel::Digest;

    use super::*;

    const ADA: StudentId = StudentId::nil();

    fn actor(user: &str, username: &str, email: &str) -> Actor {
        let some = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
        Actor { host_user: some(user), username: some(username), email: some(email), name: None }
    }

    fn goes_by(kind: IdentityKind, host: Option<&str>, value: &str) -> Identity {
        let host = host.map(|it| ProviderName::parse(it).unwrap());
        Identity::new(kind, host, value).unwrap()
    }

    fn student(n: u128) -> StudentId {
        StudentId::earliest(lodge_kernel::Timestamp::from_seconds(i64::try_from(n).unwrap()))
    }

    fn who_is(identities: &[(StudentId, Identity)], host: &str, actor: &Actor) -> Who {
        let (id, host) = (ActorId(Digest([1; 32])), ProviderName::parse(host).unwrap());
        People::of([(id, &host, actor)], identities).who(id)
    }

    #[test]
    fn an_account_counts_before_a_name_and_a_name_before_an_address() {
        let identities = [
            (student(1), goes_by(IdentityKind::HostUser, Some("gitlab"), "17")),
            (student(2), goes_by(IdentityKind::Username, Some("gitlab"), "Ada")),
            (student(3), goes_by(IdentityKind::Username, None, "ada")),
            (student(4), goes_by(IdentityKind::Email, None, "ada@college.example")),
            (student(5), goes_by(IdentityKind::Email, None, "17-zoe@users.noreply.gitlab.com")),
        ];
        for (host, it, expected) in [
            ("gitlab", actor("17", "ada", "ada@college.example"), Who::Student(student(1))),
            ("gitlab", actor("18", "ADA", "ada@college.example"), Who::Student(student(2))),
            ("github", actor("17", "ada", "ada@college.example"), Who::Student(student(3))),
            ("github", actor("17", "eve", "Ada@College.example"), Who::Student(student(4))),
            ("gitlab", actor("", "", "17-old@users.noreply.gitlab.com"), Who::Student(student(1))),
            ("github", actor("", "", "9+ada@users.noreply.github.com"), Who::Student(student(3))),
            ("github", actor("", "", "ada@users.noreply.github.com"), Who::Student(student(3))),
            ("gitlab", actor("18", "eve", "eve@college.example"), Who::Unknown),
            // Accounts of one host are not those of another.
            ("gitlab", actor("", "", "17+eve@users.noreply.github.com"), Who::Unknown),
            ("github", actor("", "", "17-eve@users.noreply.gitlab.com"), Who::Unknown),
            ("local", actor("", "", "9+ada@users.noreply.github.com"), Who::Unknown),
            ("bitbucket", actor("", "", "ada@users.noreply.github.com"), Who::Unknown),
            // The address that a student has is theirs, whatever it stands for.
            ("gitlab", actor("", "", "17-zoe@users.noreply.gitlab.com"), Who::Student(student(5))),
            ("gitlab", Actor::default(), Who::Unknown),
        ] {
            assert_eq!(who_is(&identities, host, &it), expected, "{host} {it:?}");
        }
    }

    #[test]
    fn a_private_address_is_an_account_of_a_host_whatever_it_is_called() {
        for (name, email) in [
            ("school", "17-old@users.noreply.gitlab.school.example"),
            ("github-school", "17+old@Users.noreply.github.com"),
            ("gitlab-school", "17-old@users.noreply.gitlab.school.example"),
        ] {
            let user = goes_by(IdentityKind::HostUser, Some(name), "17");
            let found = who_is(&[(ADA, user)], name, &actor("", "", email));
            assert_eq!(found, Who::Student(ADA), "{name} {email}");
        }
        let host = ProviderName::parse("school").unwrap();
        assert_eq!(private_account(&host, "17-ada@college.example"), None);
        assert_eq!(private_account(&host, "17+ada@Users.noreply.github.com"), None);
        assert_eq!(private_account(&host, "ada@users.noreply.a.example"), Some((None, "ada")));
    }

    #[test]
    fn programs_are_known_by_their_names() {
        for it in [
            actor("", "dependabot[bot]", ""),
            actor("9", "project_17_bot", ""),
            actor("9", "group_17_bot_4ff0", ""),
            actor("9", "service_account_group_7_1f2e3d", ""),
            actor("", "Ghost", ""),
            actor("", "Copilot", ""),
            actor("", "", "49699333+dependabot[bot]@users.noreply.github.com"),
            Actor { name: Some("renovate[bot]".to_owned()), ..Actor::default() },
        ] {
            assert_eq!(who_is(&[], "gitlab", &it), Who::Bot, "{it:?}");
        }
        for it in [
            actor("", "project_bot", ""),
            actor("", "project_17_botany", ""),
            actor("", "robot", ""),
            actor("", "abbot", ""),
        ] {
            assert_eq!(who_is(&[], "gitlab", &it), Who::Unknown, "{it:?}");
        }
        let named = [(ADA, goes_by(IdentityKind::Username, None, "ghost"))];
        assert_eq!(who_is(&named, "gitlab", &actor("", "ghost", "")), Who::Student(ADA));
    }

    #[test]
    fn a_student_with_two_accounts_is_one_person() {
        let host = ProviderName::parse("gitlab").unwrap();
        let (one, other) = (actor("", "ada", ""), actor("", "", "ada@college.example"));
        let stranger = actor("", "eve", "");
        let identities = [
            (ADA, goes_by(IdentityKind::Username, None, "ada")),
            (ADA, goes_by(IdentityKind::Email, None, "ada@college.example")),
        ];
        let [a, b, c, d] = [1, 2, 3, 4].map(|n| ActorId(Digest([n; 32])));
        let told = [(a, &host, &one), (b, &host, &other), (c, &host, &stranger)];
        let people = People::of(told, &identities);
        assert!(people.is_same(a, b) && people.is_same(c, c));
        assert!(!people.is_same(a, c) && !people.is_same(c, d));
        assert_eq!(people.student(d), None);
    }
}
