//! Requests with an `Idempotency-Key`.

use std::time::Duration;

use lodge_access::SecretKind;
use lodge_courses::{PersonalToken, TokenScopes};
use lodge_intake::{Attempt, Outcome};
use lodge_storage::{IntakeFilter, JobFilter, Storage as _, Turn};
use lodge_testkit::builders::{
    NOW, a_hook, a_personal_token, an_intake, hook_id, intake_id, session_id, student_id,
    tenant_id, user_id,
};
use serde_json::json;

use super::{ASSISTANT, OWNER, TEACHER, a_school, draft, of, send};
use crate::support::{Tested, bearer, secret};

#[actix_web::test]
async fn a_request_with_a_key_has_its_effect_once() -> Tested {
    let house = a_school().await?;
    let make = |key: &str, code: &str| {
        let request = send("POST", "/api/v1/courses/", &draft(code));
        of(TEACHER, request).insert_header(("idempotency-key", key.to_owned()))
    };
    let first = house.send(make("k1", "PV-A")).await?;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""), "{}", first.text);
    let again = house.send(make("k1", "PV-A")).await?;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(house.send(make("k1", "PV-B")).await?.verdict(), (409, "conflict"));
    // Another caller has keys of their own.
    let other = send("POST", "/api/v1/courses/", &draft("PV-A"));
    let other = of(ASSISTANT, other).insert_header(("idempotency-key", "k1"));
    assert_eq!(house.send(other).await?.verdict(), (409, "conflict"));
    // What was refused is corrected with the same key; after a day it is free.
    assert_eq!(house.send(make("k2", "PV A")).await?.status, 422);
    assert_eq!(house.send(make("k2", "PV-C")).await?.status, 201);
    house.clock.advance(Duration::from_hours(25));
    let mut work = house.storage.begin().await?;
    let later = NOW.plus(Duration::from_hours(25));
    work.sessions().seen(session_id(TEACHER), later).await?;
    work.commit().await?;
    let free = house.send(make("k1", "PV-D")).await?;
    assert_eq!(free.status, 201, "{}", free.text);
    Ok(())
}

#[actix_web::test]
async fn a_token_that_may_less_is_not_answered_what_its_person_did() -> Tested {
    let house = a_school().await?;
    let scopes = TokenScopes::parse(["courses:read"])?;
    let token = PersonalToken { user: user_id(TEACHER), scopes, ..a_personal_token(1) };
    let whole = PersonalToken { user: user_id(TEACHER), ..a_personal_token(2) };
    let mut work = house.storage.begin().await?;
    for it in [&token, &whole] {
        work.personal_tokens().add(it).await?;
    }
    work.commit().await?;
    let make = || {
        let request = send("POST", "/api/v1/courses/", &draft("PV-A"));
        request.insert_header(("idempotency-key", "k1"))
    };
    let with = |n| bearer(make(), &secret(SecretKind::PersonalToken, n));
    assert_eq!(house.send(of(TEACHER, make())).await?.status, 201);
    assert_eq!(house.send(with(1)).await?.verdict(), (403, "forbidden"));
    // A token that may as much as a session is another credential, too.
    assert_eq!(house.send(with(2)).await?.verdict(), (409, "conflict"));
    Ok(())
}

#[actix_web::test]
async fn what_a_student_goes_by_is_not_answered_again_after_they_are_erased() -> Tested {
    let house = a_school().await?;
    let student = format!("/api/v1/students/{}", student_id(1));
    let identity = json!({ "kind": "email", "value": "ada@home.example" });
    let add = || {
        let request = send("POST", &format!("{student}/identities"), &identity);
        of(TEACHER, request).insert_header(("idempotency-key", "k1"))
    };
    let added = house.send(add()).await?;
    assert_eq!((added.status, &*added.text), (204, ""));
    let erase = send("DELETE", &format!("{student}/personal-data"), &json!({}));
    assert_eq!(house.send(of(TEACHER, erase)).await?.status, 200);
    let again = house.send(add()).await?;
    assert_eq!((again.status, &*again.text), (204, ""));
    assert_eq!(again.header("idempotency-replayed"), "true");
    Ok(())
}

#[actix_web::test]
async fn a_job_a_trial_and_a_replay_are_begun_once() -> Tested {
    let house = a_school().await?;
    let mut work = house.storage.begin().await?;
    work.hooks().add(&a_hook(1)).await?;
    work.intake().receive(&[(an_intake(1), "sealed".to_owned())]).await?;
    let taken = work.intake().claim(Turn::First, NOW, Duration::from_mins(1), 1).await?;
    for it in taken {
        let (number, outcome) = (it.tries.made, Outcome::Processed);
        let attempt = Attempt { number, began_at: NOW, ended_at: NOW, outcome };
        let ended = it.after(Outcome::Processed, NOW, 128)?;
        work.intake().settle(&[(ended, attempt)]).await?;
    }
    work.commit().await?;
    let replay = format!("/api/v1/events/{}/replay", intake_id(1));
    let hook = json!({ "hook_id": hook_id(1).to_string() });
    for (path, body) in [
        ("/api/v1/jobs/rehearsal", json!({ "steps": 1 })),
        ("/api/v1/webhooks/test", hook),
        (&*replay, json!({})),
    ] {
        let ask = || of(OWNER, send("POST", path, &body)).insert_header(("idempotency-key", path));
        let first = house.send(ask()).await?;
        assert_eq!(
            (first.status, first.header("idempotency-replayed")),
            (202, ""),
            "{path}: {}",
            first.text
        );
        let again = house.send(ask()).await?;
        assert_eq!((again.status, &again.text), (202, &first.text), "{path}");
        assert_eq!(again.header("idempotency-replayed"), "true", "{path}");
        assert_eq!(again.header("location"), first.header("location"), "{path}");
    }
    let mut work = house.storage.read().await?;
    assert_eq!(work.jobs().list(&JobFilter::default(), None, 9).await?.len(), 1);
    // The one that came, and the trial.
    assert_eq!(work.intake().count(tenant_id(1), &IntakeFilter::default(), None).await?, 2);
    Ok(())
}
