//! A course, and all that its routes tell of what happened in it, in words that
//! two servers have in common.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use end_to_end::{Client, Server, client::text};
use serde_json::{Value, json};

use super::deliveries::{Person, Project};
use crate::{
    teaching_import::{TEAMS, result, wish},
    teaching_intake::teacher,
};

/// What a project lists of what happened.
const LISTS: [&str; 4] = ["commits", "merge-requests", "issues", "pipelines"];

/// What is told at each path, with names in place of ids.
pub(super) type State = BTreeMap<String, Value>;

/// A course that was brought in from the imitated GitLab.
pub(super) struct Course {
    id: String,
    /// Teams, students and projects by their ids; each name is of one.
    names: BTreeMap<String, String>,
    teams: Vec<String>,
    students: Vec<String>,
    /// By team.
    projects: Vec<(String, Project)>,
}

impl Course {
    /// Brings it in, and says what addresses its students write commits by.
    pub(super) fn bring_in(server: &mut Server) -> anyhow::Result<Self> {
        let simulated = server.wait_for_line("simulated hosts on ")?;
        let mut teacher = teacher(server);
        let mut wish = wish(&format!("{simulated}/gitlab/pv"));
        wish["host"] = json!("gitlab");
        let made = teacher.post("/api/v1/courses/import/gitlab", &wish)?;
        let id = text(&made.json()?["data"]["course"], "id")?.to_owned();
        let done = result(&mut teacher, made.location()?)?;
        ensure!(done["projects"]["created"] == TEAMS, "{done}");
        ensure!(done["projects"]["failures"] == 0, "{done}");
        let mut course = Self {
            names: BTreeMap::from([(id.clone(), "course".to_owned())]),
            id,
            teams: Vec::new(),
            students: Vec::new(),
            projects: Vec::new(),
        };
        let people = course.read_students(&mut teacher)?;
        course.read_projects(&mut teacher, &people)?;
        Ok(course)
    }

    fn read_students(&mut self, teacher: &mut Client) -> anyhow::Result<Vec<Person>> {
        let mut people = Vec::new();
        for student in everything(teacher, &format!("/api/v1/courses/{}/students", self.id))? {
            let (id, name) = (text(&student, "id")?.to_owned(), text(&student, "name")?.to_owned());
            let path = format!("/api/v1/students/{id}/identities");
            let known = told(teacher, &path)?;
            let of = |kind: &str| {
                let all = known.as_array().into_iter().flatten();
                let found = all.filter(|it| it["kind"] == kind).find_map(|it| it["value"].as_str());
                found.with_context(|| format!("{name} has no {kind}: {known}"))
            };
            let (user, login) = (of("host_user")?.parse::<u64>()?, of("username")?.to_owned());
            let address = json!({ "kind": "email", "value": format!("{login}@example.com") });
            let kept = teacher.post(&path, &address)?.status;
            ensure!(kept == 204, "{name} cannot have an address: {kept}");
            self.names.insert(id.clone(), format!("student {name}"));
            self.students.push(id);
            people.push(Person { id: user, login, name });
        }
        Ok(people)
    }

    fn read_projects(&mut self, teacher: &mut Client, people: &[Person]) -> anyhow::Result<()> {
        let mut teams = BTreeMap::new();
        for team in everything(teacher, &format!("/api/v1/courses/{}/teams", self.id))? {
            let (id, name) = (text(&team, "id")?.to_owned(), text(&team, "name")?);
            let number = name.rsplit('-').next().and_then(|it| it.parse::<u64>().ok());
            teams.insert(id.clone(), number.with_context(|| format!("no number in {name}"))?);
            self.names.insert(id.clone(), format!("team {name}"));
            self.teams.push(id);
        }
        for project in everything(teacher, &format!("/api/v1/courses/{}/projects", self.id))? {
            let id = text(&project, "id")?.to_owned();
            let remote = text(&project["origin"], "remote_id")?.parse::<u64>()?;
            let team = *teams.get(text(&project, "team_id")?).context("it is of no team")?;
            let person = |letter: char| {
                let login = login(team, letter);
                let found = people.iter().find(|it| it.login == login).cloned();
                found.with_context(|| format!("{login} is no student"))
            };
            let people = [person('a')?, person('b')?];
            self.names.insert(id.clone(), format!("project {remote}"));
            self.projects.push((id, Project { remote, team, people }));
        }
        ensure!(self.projects.len() == self.teams.len(), "a team has not one project");
        self.projects.sort_by_key(|(_, it)| it.team);
        Ok(())
    }

    /// Its projects, by team.
    pub(super) fn projects(&self) -> impl Iterator<Item = &Project> {
        self.projects.iter().map(|(_, it)| it)
    }

    /// Asks the host for what deliveries left open, and does not wait until that
    /// is done by itself.
    pub(super) fn sync(&self, server: &Server) -> anyhow::Result<()> {
        let mut teacher = teacher(server);
        let path = format!("/api/v1/courses/{}/sync-all", self.id);
        let asked = teacher.post(&path, &json!({}))?;
        let done = result(&mut teacher, asked.location()?)?;
        ensure!(done["projects"]["failures"] == 0, "{done}");
        Ok(())
    }

    /// All that its routes tell. What is of a server, or of when it was told
    /// something, is left out.
    pub(super) fn state(&self, server: &Server) -> anyhow::Result<State> {
        let mut teacher = teacher(server);
        let mut state = State::new();
        let mut summary = told(&mut teacher, &format!("/api/v1/courses/{}/summary", self.id))?;
        leave_out(&mut summary, &["last_activity_at", "last_sync_at"]);
        for source in summary["sources"].as_array_mut().into_iter().flatten() {
            leave_out(source, &["created_at", "synced_at", "tried_at"]);
        }
        state.insert("course/summary".to_owned(), summary);
        for (id, project) in &self.projects {
            let (path, name) = (format!("/api/v1/projects/{id}"), self.name(id));
            let mut kept_up = told(&mut teacher, &path)?;
            leave_out(&mut kept_up, &["created_at", "updated_at", "revision", "synced_at"]);
            if project.has_tags() {
                leave_out(&mut kept_up, &["last_activity_at"]);
            }
            state.insert(name.to_owned(), kept_up);
            for list in LISTS {
                let all = everything(&mut teacher, &format!("{path}/{list}"))?;
                state.insert(format!("{name}/{list}"), Value::Array(all));
            }
        }
        for id in &self.teams {
            for what in ["timeline", "contributions", "metrics", "compliance"] {
                let mut told = told(&mut teacher, &format!("/api/v1/teams/{id}/{what}"))?;
                if what == "compliance" {
                    leave_out(&mut told, &["evaluated_at"]);
                }
                state.insert(format!("{}/{what}", self.name(id)), told);
            }
        }
        for id in &self.students {
            for what in ["activity", "contributions"] {
                let mut told = told(&mut teacher, &format!("/api/v1/students/{id}/{what}"))?;
                if what == "activity" {
                    let all = told.as_array_mut().into_iter().flatten();
                    for it in all.filter(|it| it["kind"] == "milestone") {
                        leave_out(it, &["at"]);
                    }
                }
                state.insert(format!("{}/{what}", self.name(id)), told);
            }
        }
        for (path, told) in &mut state {
            self.rename(told);
            // These are in the order of ids, or of what was left out.
            if path.ends_with("/activity") {
                sort(told);
            }
            if path.ends_with("/contributions") {
                sort(&mut told["students"]);
            }
            if path.ends_with("/compliance") {
                for team in told["teams"].as_array_mut().into_iter().flatten() {
                    sort(&mut team["students"]);
                }
            }
        }
        Ok(state)
    }

    fn name(&self, id: &str) -> &str {
        self.names.get(id).map_or("nothing", String::as_str)
    }

    /// Names in place of ids, and no port of an imitated host.
    fn rename(&self, told: &mut Value) {
        match told {
            Value::String(it) => {
                if let Some(name) = self.names.get(it.as_str()) {
                    it.clone_from(name);
                } else if let Some(rest) = it.strip_prefix("http://127.0.0.1:") {
                    let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
                    *it = format!("http://simulated{rest}");
                }
            }
            Value::Array(all) => all.iter_mut().for_each(|it| self.rename(it)),
            Value::Object(fields) => fields.values_mut().for_each(|it| self.rename(it)),
            _ => {}
        }
    }
}

/// What one of the two students of a team is called at the host.
pub(super) fn login(team: u64, letter: char) -> String {
    format!("s{team:02}{letter}")
}

fn told(teacher: &mut Client, path: &str) -> anyhow::Result<Value> {
    let mut body = teacher.get(path)?.json().with_context(|| path.to_owned())?;
    Ok(body["data"].take())
}

/// Every page of a list.
fn everything(teacher: &mut Client, path: &str) -> anyhow::Result<Vec<Value>> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = teacher.get(&format!("{path}?limit=100{after}"))?;
        let mut page = page.json().with_context(|| path.to_owned())?;
        match page["data"].take() {
            Value::Array(some) => all.extend(some),
            other => bail!("{path} is no list: {other}"),
        }
        match page["page_info"]["next_cursor"].as_str() {
            Some(cursor) => after = format!("&cursor={cursor}"),
            None => return Ok(all),
        }
    }
}

fn leave_out(told: &mut Value, names: &[&str]) {
    if let Some(fields) = told.as_object_mut() {
        for name in names {
            fields.remove(*name);
        }
    }
}

fn sort(told: &mut Value) {
    if let Some(all) = told.as_array_mut() {
        all.sort_by_cached_key(ToString::to_string);
    }
}
