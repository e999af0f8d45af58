//! Courses: who gets in, who may do what, and what is answered to whom.

mod courses;
mod custom_checks;
mod flags;
mod lists;
mod once;
mod people;
mod reports;
mod results;
mod roles;
mod roster;
mod students;
mod teams;

use actix_web::test::TestRequest;
use lodge_access::{Membership, Role, SecretKind, Session};
use lodge_courses::{Staff, StaffRole};
use lodge_storage::Storage as _;
use lodge_teams::Student;
use lodge_testkit::builders::{
    NOW, a_course, a_membership, a_project, a_session, a_student, a_teacher, a_team, a_tenant,
    a_user, course_id, student_id, tenant_id, user_id,
};
use serde_json::{Value, json};

use crate::support::{Answer, House, Plan, Tested, bearer, secret};

const TOKEN: &str = "d41f6b02c9a87e3554b0c1d2e3f4a596";
/// The person who owns the organisation.
pub(crate) const OWNER: u32 = 1;
/// Who teaches course 1.
pub(crate) const TEACHER: u32 = 2;
/// Who assists in course 1.
pub(crate) const ASSISTANT: u32 = 3;
/// Student 1, a member of team 1.
pub(crate) const STUDENT: u32 = 4;
/// A developer of the organisation who is nothing in course 1.
pub(crate) const COLLEAGUE: u32 = 5;
/// An owner of another organisation.
pub(crate) const STRANGER: u32 = 6;

/// A house with a course, everybody who has to do with it, and a session of
/// each.
pub(crate) async fn a_school() -> Tested<House> {
    let house = House::built(Plan { teacher_token: Some(TOKEN), ..Plan::default() }).await?;
    let mut work = house.storage.begin().await?;
    work.tenants().add(&a_tenant(2)).await?;
    for n in TEACHER..=STRANGER {
        work.users().add(&a_user(n)).await?;
        let tenant = tenant_id(if n == STRANGER { 2 } else { 1 });
        let role = if n == STRANGER { Role::Owner } else { Role::Developer };
        work.memberships().add(&Membership { tenant, role, ..a_membership(n) }).await?;
        let session = Session { user: user_id(n), tenant: Some(tenant), ..a_session(n) };
        work.sessions().add(&session).await?;
    }
    work.sessions().add(&a_session(1)).await?;
    work.courses().add(&a_course(1)).await?;
    work.staff().put(&a_teacher(TEACHER)).await?;
    let role = StaffRole::Assistant;
    work.staff().put(&Staff { role, ..a_teacher(ASSISTANT) }).await?;
    for n in [1, 2] {
        work.teams().add(&a_team(n)).await?;
    }
    work.students().add(&Student { user: Some(user_id(STUDENT)), ..a_student(1) }).await?;
    work.students().add(&a_student(2)).await?;
    work.teams().join(&a_team(1), student_id(1), NOW).await?;
    work.teams().join(&a_team(2), student_id(2), NOW).await?;
    work.projects().add(&a_project(1)).await?;
    work.commit().await?;
    Ok(house)
}

pub(crate) fn of(n: u32, request: TestRequest) -> TestRequest {
    bearer(request, &secret(SecretKind::UserSession, n))
}

pub(crate) fn bootstrap(request: TestRequest) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {TOKEN}")))
}

pub(crate) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

pub(crate) fn send(method: &str, path: &str, body: &Value) -> TestRequest {
    let request = TestRequest::default().uri(path).method(method.parse().unwrap_or_default());
    request.set_json(body)
}

fn csv(path: &str, text: &str) -> TestRequest {
    let request = TestRequest::post().uri(path).insert_header(("content-type", "text/csv"));
    request.set_payload(text.to_owned())
}

fn course(rest: &str) -> String {
    format!("/api/v1/courses/{}{rest}", course_id(1))
}

fn draft(code: &str) -> Value {
    json!({
        "code": code, "name": "Programming", "academic_year": "2026/2027", "semester": "winter",
        "time_zone": "europe/bratislava",
    })
}

fn fields(answer: &Answer) -> Vec<&str> {
    let details = answer.json["error"]["details"].as_array();
    details.into_iter().flatten().filter_map(|it| it["field"].as_str()).collect()
}
