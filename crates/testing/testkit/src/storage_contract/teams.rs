//! Cases about teams, students, and projects.

use lodge_forge::ProviderName;
use lodge_storage::{Listing, ProjectFilter, StorageError, TeamFilter};
use lodge_teams::{
    Identity, IdentityKind, Origin, OriginState, Project, Student, StudentState, Team,
};

use super::{Fresh, Outcome, courses::open_school};
use crate::builders::{
    NOW, a_course, a_project, a_student, a_team, course_id, local, project_id, student_id, team_id,
    tenant_id, user_id,
};

fn from_host(remote_id: &str) -> Origin {
    let web_url = Some("https://git.college.example/blue".to_owned());
    Origin { host: local(), remote_id: remote_id.to_owned(), web_url }
}

fn is_taken<T>(answer: &Result<T, StorageError>) -> bool {
    matches!(answer, Err(StorageError::Duplicate { .. }))
}

fn is_orphan<T>(answer: &Result<T, StorageError>) -> bool {
    matches!(answer, Err(StorageError::Orphan { .. }))
}

/// Every field of a team is kept; name and place are its own in the course.
pub async fn a_team_comes_back_and_its_name_and_place_are_its_own(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let tenant = tenant_id(1);
    let mut work = storage.begin().await?;
    work.courses().add(&a_course(2)).await?;
    let (plain, hosted) = (a_team(1), Team { origin: Some(from_host("7")), ..a_team(2) });
    work.teams().add(&plain).await?;
    work.teams().add(&hosted).await?;
    let same_name = Team { name: "TEAM 1".to_owned(), ..a_team(3) };
    assert!(is_taken(&work.teams().add(&same_name).await));
    let same_place = Team { origin: Some(from_host("7")), ..a_team(3) };
    assert!(is_taken(&work.teams().add(&same_place).await));
    work.teams().add(&Team { course: course_id(2), ..same_place }).await?;
    work.commit().await?;

    let gone = Team { locked: true, origin: None, state: OriginState::Gone, ..hosted.clone() };
    let gone = gone.changed(NOW);
    let mut work = storage.begin().await?;
    assert_eq!(work.teams().find(tenant, hosted.id).await?, Some(hosted));
    assert!(work.teams().update(&gone).await?);
    assert!(!work.teams().update(&gone).await?);
    let course = course_id(1);
    assert_eq!(work.teams().all(tenant, course).await?, [plain.clone(), gone.clone()]);
    let lost = TeamFilter { state: Some(OriginState::Gone), ..TeamFilter::default() };
    let all = Listing::first(9);
    assert_eq!(work.teams().list(tenant, course, lost, &all).await?, [gone]);
    assert_eq!(work.teams().list(tenant_id(2), course, lost, &all).await?, []);
    assert!(!work.teams().remove(tenant_id(2), plain.id, 1).await?);
    assert!(!work.teams().remove(tenant, plain.id, 2).await?);
    assert!(work.teams().remove(tenant, plain.id, 1).await?);
    assert_eq!(work.teams().find(tenant, plain.id).await?, None);
    let orphan = Team { course: course_id(9), ..a_team(4) };
    assert!(is_orphan(&work.teams().add(&orphan).await));
    Ok(())
}

/// `TeamRepository::join` MUST refuse a student of another course.
pub async fn members_join_and_leave_within_their_course(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let tenant = tenant_id(1);
    let mut work = storage.begin().await?;
    work.courses().add(&a_course(2)).await?;
    work.teams().add(&a_team(1)).await?;
    work.teams().add(&a_team(2)).await?;
    for n in [1, 2] {
        work.students().add(&a_student(n)).await?;
    }
    work.students().add(&Student { course: course_id(2), ..a_student(3) }).await?;
    work.commit().await?;
    let mut work = storage.begin().await?;
    assert!(is_orphan(&work.teams().join(&a_team(1), student_id(3), NOW).await));
    drop(work);
    let mut work = storage.begin().await?;
    for n in [2, 1] {
        assert!(work.teams().join(&a_team(1), student_id(n), NOW).await?);
    }
    assert!(!work.teams().join(&a_team(1), student_id(1), NOW).await?);
    let members = [a_student(1), a_student(2)];
    assert_eq!(work.teams().members(tenant, team_id(1)).await?, members);
    let pairs = [(team_id(1), student_id(1)), (team_id(1), student_id(2))];
    assert_eq!(work.teams().memberships(tenant, course_id(1)).await?, pairs);
    let of = |n| TeamFilter { member: Some(student_id(n)), state: None };
    let all = Listing::first(9);
    assert_eq!(work.teams().list(tenant, course_id(1), of(1), &all).await?, [a_team(1)]);
    assert!(!work.teams().leave(tenant_id(2), team_id(1), student_id(1)).await?);
    assert!(work.teams().leave(tenant, team_id(1), student_id(1)).await?);
    assert!(!work.teams().leave(tenant, team_id(1), student_id(1)).await?);
    assert_eq!(work.teams().list(tenant, course_id(1), of(1), &all).await?, []);
    Ok(())
}

/// Every field of a student is kept; number, address and person are their own
/// in the course.
pub async fn a_student_comes_back_and_is_one_in_the_course(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let mut work = storage.begin().await?;
    let one = Student { user: Some(user_id(1)), ..a_student(1) };
    work.students().add(&one).await?;
    for same in [
        Student { number: one.number.clone(), ..a_student(2) },
        Student { email: one.email.clone(), ..a_student(2) },
        Student { user: one.user, ..a_student(2) },
    ] {
        assert!(is_taken(&work.students().add(&same).await));
    }
    for n in [2, 3] {
        work.students().add(&Student { number: None, email: None, ..a_student(n) }).await?;
    }
    work.commit().await?;
    let mut work = storage.begin().await?;
    assert_eq!(work.students().find(tenant, one.id).await?, Some(one.clone()));
    let person = work.students().find_by_user(tenant, course, user_id(1)).await?;
    assert_eq!(person, Some(one.clone()));
    assert_eq!(work.students().find_by_user(tenant_id(2), course, user_id(1)).await?, None);
    let erased = one.erased(NOW);
    assert!(work.students().update(&erased).await?);
    assert!(!work.students().update(&erased).await?);
    assert_eq!(work.students().find_by_user(tenant, course, user_id(1)).await?, None);
    let gone = Some(StudentState::Erased);
    let all = Listing::first(9);
    assert_eq!(work.students().list(tenant, course, gone, &all).await?, [erased]);
    let linked = Student { number: None, email: None, user: Some(user_id(2)), ..a_student(2) };
    assert!(work.students().update(&linked.clone().changed(NOW)).await?);
    assert_eq!(work.students().unlink(tenant_id(2), user_id(2), NOW).await?, 0);
    assert_eq!(work.students().unlink(tenant, user_id(2), NOW).await?, 1);
    let nobody = Student { user: None, revision: 3, ..linked };
    assert_eq!(work.students().find(tenant, student_id(2)).await?, Some(nobody));
    let search = Listing { search: Some("student 2".to_owned()), ..Listing::first(9) };
    assert_eq!(work.students().list(tenant, course, None, &search).await?.len(), 1);
    assert_eq!(work.students().all(tenant, course).await?.len(), 3);
    Ok(())
}

/// `StudentRepository::identify` MUST refuse what another student goes by.
pub async fn what_a_student_goes_by_is_theirs_and_is_forgotten(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let of = |kind, host: Option<&str>, value: &str| Identity {
        kind,
        host: host.and_then(|it| ProviderName::parse(it).ok()),
        value: value.to_owned(),
    };
    let email = of(IdentityKind::Email, None, "ada@example.org");
    let name = of(IdentityKind::Username, None, "Ada");
    let there = of(IdentityKind::Username, Some("gitlab"), "Ada");
    let mut work = storage.begin().await?;
    for n in [1, 2] {
        work.students().add(&a_student(n)).await?;
    }
    for it in [&there, &name, &email] {
        work.students().identify(&a_student(1), it).await?;
    }
    let same = of(IdentityKind::Username, None, "ADA");
    assert!(is_taken(&work.students().identify(&a_student(2), &same).await));
    let all = [email.clone(), name.clone(), there.clone()];
    assert_eq!(work.students().identities(tenant, student_id(1)).await?, all);
    assert_eq!(work.students().identities(tenant_id(2), student_id(1)).await?, []);
    let everybody = all.map(|it| (student_id(1), it));
    assert_eq!(work.students().identities_of_course(tenant, course).await?, everybody);
    assert!(!work.students().forget_identity(tenant, student_id(2), &name).await?);
    assert!(work.students().forget_identity(tenant, student_id(1), &same).await?);
    work.students().identify(&a_student(2), &same).await?;
    assert_eq!(work.students().forget_identities(tenant_id(2), student_id(1)).await?, 0);
    assert_eq!(work.students().forget_identities(tenant, student_id(1)).await?, 2);
    assert_eq!(work.students().identities(tenant, student_id(1)).await?, []);
    assert_eq!(work.students().identities(tenant, student_id(2)).await?, [same]);
    Ok(())
}

/// Every field of a project is kept; its place is its own in the course.
pub async fn projects_come_back_in_pages_of_what_is_meant(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let mut work = storage.begin().await?;
    for n in [1, 2] {
        work.teams().add(&a_team(n)).await?;
    }
    work.students().add(&a_student(1)).await?;
    work.teams().join(&a_team(2), student_id(1), NOW).await?;
    let theirs = Project { team: team_id(2), ..a_project(2) };
    work.projects().add(&a_project(1)).await?;
    work.projects().add(&theirs).await?;
    let same = Project { id: project_id(3), ..a_project(1) };
    assert!(is_taken(&work.projects().add(&same).await));
    let orphan = Project { team: team_id(9), ..a_project(3) };
    assert!(is_orphan(&work.projects().add(&orphan).await));
    drop(work);

    let mut work = storage.begin().await?;
    for n in [1, 2] {
        work.teams().add(&a_team(n)).await?;
    }
    work.students().add(&a_student(1)).await?;
    work.teams().join(&a_team(2), student_id(1), NOW).await?;
    work.projects().add(&a_project(1)).await?;
    work.projects().add(&theirs).await?;
    let all = Listing::first(9);
    let any = ProjectFilter::default();
    assert_eq!(work.projects().find(tenant, theirs.id).await?, Some(theirs.clone()));
    let found = work.projects().list(tenant, course, any, &all).await?;
    assert_eq!(found, [a_project(1), theirs.clone()]);
    for one in [
        ProjectFilter { team: Some(team_id(2)), ..any },
        ProjectFilter { member: Some(student_id(1)), ..any },
    ] {
        let found = work.projects().list(tenant, course, one, &all).await?;
        assert_eq!(found, std::slice::from_ref(&theirs));
    }
    let search = Listing { search: Some("example/project-1".to_owned()), ..Listing::first(9) };
    assert_eq!(work.projects().list(tenant, course, any, &search).await?, [a_project(1)]);
    let gone = Project { state: OriginState::Gone, team: team_id(1), ..theirs.clone() };
    let gone = gone.changed(NOW);
    assert!(work.projects().update(&gone).await?);
    assert!(!work.projects().update(&gone).await?);
    let lost = ProjectFilter { state: Some(OriginState::Gone), ..any };
    assert_eq!(work.projects().list(tenant, course, lost, &all).await?, [gone]);
    assert!(!work.projects().remove(tenant_id(2), theirs.id, 2).await?);
    assert!(!work.projects().remove(tenant, theirs.id, 1).await?);
    assert!(work.projects().remove(tenant, theirs.id, 2).await?);
    assert!(!work.projects().remove(tenant, theirs.id, 2).await?);
    Ok(())
}
