//! What a roster changes.

use std::collections::{BTreeMap, BTreeSet};

use lodge_courses::{Fault, Faults};
use lodge_kernel::{StudentId, TeamId};

use super::{Line, Roster};
use crate::{Identity, IdentityKind, Student, StudentState, Team, student::MOST_IDENTITIES};

/// A student who is there, with what they go by and the teams they are in.
#[derive(Clone, Debug)]
pub struct Known {
    /// The student.
    pub student: Student,
    /// What they go by.
    pub identities: Vec<Identity>,
    /// Their teams.
    pub teams: Vec<TeamId>,
}

/// What is there before.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// The students.
    pub students: Vec<Known>,
    /// The teams.
    pub teams: Vec<Team>,
}

/// The team that a line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamChoice {
    /// One that is there.
    Known(TeamId),
    /// One to be made; its name in lower case.
    New(String),
}

/// What one line changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who it is; `None` for somebody new.
    pub student: Option<StudentId>,
    /// Number, name and address afterwards.
    pub number: Option<String>,
    /// The name.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// Number, name, address or state become others.
    pub rewritten: bool,
    /// Names at hosts that are new.
    pub usernames: Vec<String>,
    /// The team to join.
    pub join: Option<TeamChoice>,
    /// The teams to leave.
    pub leave: Vec<TeamId>,
}

/// How many students a roster changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Students who are new.
    pub created: usize,
    /// Students who become others.
    pub updated: usize,
    /// Students who stay as they are.
    pub unchanged: usize,
    /// Students who are missing in the file and are marked as dropped.
    pub dropped: usize,
    /// Teams who are new.
    pub teams_created: usize,
}

/// What a roster changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Lines that change something.
    pub rows: Vec<Row>,
    /// Teams to be made: the names, by their lower case.
    pub teams: BTreeMap<String, String>,
    /// Students to be marked as dropped.
    pub dropped: Vec<StudentId>,
    /// How many.
    pub summary: Summary,
}

/// Works out what `roster` changes of what is there.
///
/// A student is found again by number, or else by address. What a line does
/// not say stays; usernames are added, and the team is the one of the line
/// alone. Who is missing is dropped only when `drop_missing` is said.
///
/// # Errors
///
/// Every line that does not fit what is there.
pub fn plan(roster: &Roster, present: &Present, drop_missing: bool) -> Result<Plan, Vec<Fault>> {
    let found = Finder::new(present);
    let mut faults = Faults::default();
    let mut plan = Plan::default();
    let mut there = BTreeSet::new();
    for line in roster.lines() {
        let known = found.student(line, &mut faults);
        if known.is_some_and(|it| !there.insert(it.student.id)) {
            faults.say(place(line), "another line is about the same student");
        }
        found.check_usernames(line, known, &mut faults);
        let row = found.row(line, known, &mut plan.teams, &mut faults);
        match (known.is_some(), row.changes()) {
            (false, _) => plan.summary.created += 1,
            (true, true) => plan.summary.updated += 1,
            (true, false) => plan.summary.unchanged += 1,
        }
        if known.is_none() || row.changes() {
            plan.rows.push(row);
        }
    }
    if drop_missing {
        let active = present.students.iter().filter(|it| it.student.state == StudentState::Active);
        let missing = active.map(|it| it.student.id).filter(|it| !there.contains(it));
        plan.dropped = missing.collect();
    }
    plan.summary.dropped = plan.dropped.len();
    plan.summary.teams_created = plan.teams.len();
    faults.none().map(|()| plan)
}

fn place(line: &Line) -> String {
    format!("line {}", line.line)
}

impl Row {
    fn changes(&self) -> bool {
        self.rewritten
            || !self.usernames.is_empty()
            || self.join.is_some()
            || !self.leave.is_empty()
    }
}

/// Finds what is there.
struct Finder<'a> {
    numbers: BTreeMap<&'a str, &'a Known>,
    emails: BTreeMap<&'a str, &'a Known>,
    usernames: BTreeMap<String, StudentId>,
    teams: BTreeMap<String, &'a Team>,
    locked: BTreeMap<TeamId, &'a Team>,
}

impl<'a> Finder<'a> {
    fn new(present: &'a Present) -> Self {
        let students = || present.students.iter();
        let named = |it: &'a Known| {
            let hostless = |it: &&Identity| it.kind == IdentityKind::Username && it.host.is_none();
            let names = it.identities.iter().filter(hostless);
            names.map(|name| (name.key(), it.student.id))
        };
        Self {
            numbers: students()
                .filter_map(|it| Some((it.student.number.as_deref()?, it)))
                .collect(),
            emails: students().filter_map(|it| Some((it.student.email.as_deref()?, it))).collect(),
            usernames: students().flat_map(named).collect(),
            teams: present.teams.iter().map(|it| (it.name_key(), it)).collect(),
            locked: present.teams.iter().filter(|it| it.locked).map(|it| (it.id, it)).collect(),
        }
    }

    fn student(&self, line: &Line, faults: &mut Faults) -> Option<&'a Known> {
        let by_number = line.number.as_deref().and_then(|it| self.numbers.get(it)).copied();
        let by_email = line.email.as_deref().and_then(|it| self.emails.get(it)).copied();
        match (by_number, by_email) {
            (Some(one), Some(other)) if one.student.id != other.student.id => {
                faults.say(place(line), "the address belongs to a student with another number");
                Some(one)
            }
            (None, Some(known)) if line.number.is_some() && known.student.number.is_some() => {
                faults.say(place(line), "the address belongs to a student with another number");
                None
            }
            (one, other) => one.or(other),
        }
    }

    fn check_usernames(&self, line: &Line, known: Option<&Known>, faults: &mut Faults) {
        let whose = |name: &String| self.usernames.get(&name.to_lowercase());
        for name in &line.usernames {
            if whose(name).is_some_and(|id| known.is_none_or(|it| it.student.id != *id)) {
                faults.say(place(line), format!("another student goes by `{name}`"));
            }
        }
    }

    fn row(
        &self,
        line: &Line,
        known: Option<&Known>,
        new_teams: &mut BTreeMap<String, String>,
        faults: &mut Faults,
    ) -> Row {
        let before = known.map(|it| &it.student);
        let or = |new: &Option<String>, old: Option<&Option<String>>| {
            new.clone().or_else(|| old.cloned().flatten())
        };
        let number = or(&line.number, before.map(|it| &it.number));
        let email = or(&line.email, before.map(|it| &it.email));
        let rewritten = before.is_some_and(|it| {
            it.number != number
                || it.email != email
                || it.name != line.name
                || it.state != StudentState::Active
        });
        let has = |name: &&String| !self.usernames.contains_key(&name.to_lowercase());
        let usernames: Vec<_> = line.usernames.iter().filter(has).cloned().collect();
        let n_known = known.map_or(0, |it| it.identities.len());
        if !usernames.is_empty() && n_known + usernames.len() > MOST_IDENTITIES {
            let problem = format!(
                "a student goes by at most {MOST_IDENTITIES} names and addresses, and this one \
                 goes by {n_known} already"
            );
            faults.say(place(line), problem);
        }
        let teams = known.map(|it| it.teams.as_slice()).unwrap_or_default();
        let (mut join, mut leave) = (None, Vec::new());
        if let Some(name) = &line.team {
            let key = name.to_lowercase();
            let chosen = self.teams.get(&key).map(|it| it.id);
            leave = teams.iter().copied().filter(|it| Some(*it) != chosen).collect();
            join = match chosen {
                Some(id) if teams.contains(&id) => None,
                Some(id) => Some(TeamChoice::Known(id)),
                None => {
                    new_teams.entry(key.clone()).or_insert_with(|| name.clone());
                    Some(TeamChoice::New(key))
                }
            };
            let joined = match &join {
                Some(TeamChoice::Known(id)) => Some(*id),
                _ => None,
            };
            for id in leave.iter().copied().chain(joined) {
                if let Some(team) = self.locked.get(&id) {
                    let problem = format!("the team `{}` is locked: unlock it first", team.name);
                    faults.say(place(line), problem);
                }
            }
        }
        let student = before.map(|it| it.id);
        Row { student, number, name: line.name.clone(), email, rewritten, usernames, join, leave }
    }
}

#[cfg(test)]
mod tests {
    use lodge_kernel::{CourseId, TenantId, Timestamp};
    use uuid::Uuid;

    use super::*;
    use crate::OriginState;

    const NOW: Timestamp = Timestamp::from_seconds(0);

    fn student(n: u128) -> Student {
        Student {
            id: StudentId::from_uuid(Uuid::from_u128(n)),
            tenant: TenantId::from_uuid(Uuid::nil()),
            course: CourseId::from_uuid(Uuid::nil()),
            number: Some(n.to_string()),
            name: format!("Student {n}"),
            email: Some(format!("s{n}@example.org")),
            user: None,
            state: StudentState::Active,
            revision: 1,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    fn team(n: u128, locked: bool) -> Team {
        Team {
            id: TeamId::from_uuid(Uuid::from_u128(n)),
            tenant: TenantId::from_uuid(Uuid::nil()),
            course: CourseId::from_uuid(Uuid::nil()),
            name: format!("Team {n}"),
            locked,
            origin: None,
            state: OriginState::Active,
            revision: 1,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    fn line(n: u64, team: Option<&str>) -> Line {
        Line {
            line: n + 1,
            number: Some(n.to_string()),
            name: format!("Student {n}"),
            email: Some(format!("s{n}@example.org")),
            team: team.map(ToOwned::to_owned),
            usernames: Vec::new(),
        }
    }

    fn roster(lines: &[Line]) -> Roster {
        use super::super::{Cell, Column, RawLine};
        let raw = lines.iter().map(|it| {
            let texts = [
                it.number.clone(),
                Some(it.name.clone()),
                it.email.clone(),
                it.team.clone(),
                Some(it.usernames.join(" ")),
            ];
            let cells = Column::ALL.into_iter().zip(1..).zip(texts);
            let cells = cells.map(|((column, place), text)| Cell {
                column,
                place,
                text: text.unwrap_or_default(),
            });
            RawLine { line: it.line, cells: cells.collect() }
        });
        Roster::checked(&raw.collect::<Vec<_>>()).unwrap()
    }

    fn present() -> Present {
        let known = |n, teams| Known { student: student(n), identities: Vec::new(), teams };
        Present {
            students: vec![known(1, vec![team(1, false).id]), known(2, Vec::new())],
            teams: vec![team(1, false), team(2, true)],
        }
    }

    #[test]
    fn what_is_there_stays_and_who_is_missing_is_dropped_only_when_that_is_said() {
        let same = roster(&[line(1, Some("team 1"))]);
        let plan = |drop| super::plan(&same, &present(), drop).unwrap();
        assert_eq!(plan(false).summary, Summary { unchanged: 1, ..Summary::default() });
        assert_eq!(plan(false).rows, []);
        assert_eq!(plan(true).dropped, [student(2).id]);
    }

    #[test]
    fn a_team_is_made_once_and_is_the_only_one_of_the_student() {
        let lines = [line(1, Some("Blue")), line(3, Some("BLUE"))];
        let plan = super::plan(&roster(&lines), &present(), false).unwrap();
        assert_eq!(plan.teams.into_iter().collect::<Vec<_>>(), [("blue".into(), "Blue".into())]);
        assert_eq!(plan.rows[0].leave, [team(1, false).id]);
        assert_eq!(plan.summary.created, 1);
    }

    #[test]
    fn names_are_counted_with_those_that_a_student_has() {
        let names =
            |n| Line { usernames: (0..n).map(|n| format!("new{n}")).collect(), ..line(1, None) };
        let mut present = present();
        let known = |n| Identity::new(IdentityKind::Username, None, &format!("old{n}")).unwrap();
        present.students[0].identities = (0..MOST_IDENTITIES - 1).map(known).collect();
        let plan = |n| super::plan(&roster(&[names(n)]), &present, false);
        assert_eq!(plan(1).unwrap().rows[0].usernames, ["new0"]);
        assert_eq!(plan(2).unwrap_err()[0].field, "line 2");
    }

    #[test]
    fn a_line_that_does_not_fit_what_is_there_is_named() {
        let stolen = Line { email: Some("s1@example.org".to_owned()), ..line(2, None) };
        let lines = [stolen, Line { email: None, ..line(1, Some("Team 2")) }];
        let faults = super::plan(&roster(&lines), &present(), false).unwrap_err();
        let places: Vec<_> = faults.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(places, ["line 3", "line 2"]);
    }
}
