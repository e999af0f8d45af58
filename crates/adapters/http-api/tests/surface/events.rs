//! From an app's wish to what it is told, and to the end of it.

use std::{sync::Arc, time::Duration};

use actix_web::test::TestRequest;
use lodge_access::{
    Authorization, Permission, PermissionSet, RepositoryConsent, SecretKind, Token,
};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{NOW, a_consent, a_token, an_admin_key, an_authorization};
use serde_json::{Value, json};

use crate::support::{Answer, House, KnockingHost, ListeningApp, Plan, Tested, bearer, secret};

const SUBSCRIBE: &str = "/v1/repositories/local/web/events/subscribe";
const SECRET: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

struct Scene {
    house: House,
    host: Arc<KnockingHost>,
    app: Arc<ListeningApp>,
}

impl Scene {
    /// A house whose token 5 may subscribe to everything.
    async fn new() -> Tested<Self> {
        let (host, app) = (Arc::new(KnockingHost::default()), Arc::new(ListeningApp::default()));
        let plan =
            Plan { webhooks: Some(host.clone()), callbacks: Some(app.clone()), ..Plan::default() };
        let house = House::built(plan).await?;
        house.admit(&Token { permissions: everything(), ..a_token(5) }).await?;
        let scene = Self { house, host, app };
        scene.approve(approval(everything())).await?;
        Ok(scene)
    }

    /// The customer changes the approval.
    async fn approve(&self, authorization: Authorization) -> Tested {
        let mut work = self.house.storage.begin().await?;
        work.authorizations().update(&authorization).await?;
        work.touch_access().await?;
        work.commit().await?;
        Ok(())
    }

    async fn ask(&self, request: TestRequest) -> Tested<Answer> {
        let token = secret(lodge_access::SecretKind::AccessToken, 5);
        self.house.send(bearer(request, &token)).await
    }

    async fn subscribe(&self, body: Value) -> Tested<Answer> {
        self.ask(TestRequest::post().uri(SUBSCRIBE).set_json(body)).await
    }

    /// The host delivers `body`, proved by `proof`.
    async fn knock(&self, body: &str, proof: &str) -> Tested<Answer> {
        let address = self.host.address();
        let path = address.strip_prefix("https://gate.example").unwrap_or_default();
        let request = TestRequest::post().uri(path);
        let request = request.insert_header(("x-proof", proof.to_owned()));
        self.house.send(request.set_payload(body.to_owned())).await
    }

    /// The value of one gauge of events.
    async fn gauge(&self, name: &str) -> Tested<u64> {
        let metrics = self.house.send_admin(TestRequest::get().uri("/metrics")).await?.text;
        let line = metrics.lines().find_map(|it| it.strip_prefix(&format!("gitlodge_{name} ")));
        Ok(line.ok_or_else(|| format!("no {name} in {metrics}"))?.parse()?)
    }

    /// What waits is understood and delivered; answers how much it was.
    async fn work(&self) -> Tested<(usize, usize)> {
        let understood = self.house.gateway.understand_hooks(50).await?;
        let delivered = self.house.gateway.deliver_events(50).await?;
        Ok((understood, delivered))
    }
}

fn everything() -> PermissionSet {
    Permission::ALL.iter().copied().collect()
}

fn approval(permissions: PermissionSet) -> Authorization {
    let web = RepositoryConsent { permissions, ..a_consent("web") };
    Authorization { repositories: vec![web], ..an_authorization(1) }
}

fn wish() -> Value {
    json!({ "callbackUrl": "https://acme.example/hooks", "events": ["push"] })
}

#[actix_web::test]
async fn an_app_is_told_what_happens_without_what_must_stay_inside() -> Tested {
    let scene = Scene::new().await?;
    let subscribed = scene.subscribe(wish()).await?;
    assert_eq!(subscribed.status, 201, "{}", subscribed.text);
    assert!(subscribed.json["data"]["secret"].as_str().is_some_and(|it| it.starts_with("whsec_")));
    let address = scene.host.address();
    assert!(address.starts_with("https://gate.example/v1/hooks/local/sggwh_"), "{address}");

    let body = format!("d1.Use {SECRET}");
    assert_eq!(scene.knock(&body, &scene.host.proof(&body)).await?.status, 202);
    assert_eq!(scene.knock(&body, &scene.host.proof(&body)).await?.status, 202, "sent again");
    assert_eq!(scene.work().await?, (1, 1));
    let told = scene.app.told();
    assert_eq!(told.len(), 1);
    let event: Value = serde_json::from_str(&told[0].body)?;
    assert_eq!(event["type"], "push");
    assert_eq!(event["data"]["push"]["commits"][0]["added"], json!(["src/main.rs"]));
    assert_eq!(event["firewall"]["masked"], 1);
    assert!(!told[0].body.contains(SECRET) && !told[0].body.contains(".env"), "{}", told[0].body);
    assert_eq!(scene.work().await?, (0, 0), "nothing is left");
    Ok(())
}

#[actix_web::test]
async fn a_webhook_that_is_not_proved_is_turned_away() -> Tested {
    let scene = Scene::new().await?;
    scene.subscribe(wish()).await?;
    let proof = scene.host.proof("d1.hello");
    let changed = scene.knock("d1.hellp", &proof).await?;
    assert_eq!(changed.verdict(), (401, "INVALID_CREDENTIALS"));
    let unsigned = scene.knock("d1.hello", "").await?;
    assert_eq!(unsigned.verdict(), (401, "INVALID_CREDENTIALS"));
    let elsewhere = TestRequest::post().uri("/v1/hooks/local/sggwh_nobody");
    assert_eq!(scene.house.send(elsewhere).await?.verdict(), (404, "RESOURCE_NOT_FOUND"));
    let large = "x".repeat((5 << 20) + 1);
    assert_eq!(scene.knock(&large, &scene.host.proof(&large)).await?.status, 413);
    assert_eq!(scene.work().await?, (0, 0));
    Ok(())
}

#[actix_web::test]
async fn a_callback_must_prove_that_it_wants_to_be_called() -> Tested {
    let scene = Scene::new().await?;
    scene.app.stay_silent();
    let silent = scene.subscribe(wish()).await?;
    assert_eq!(silent.verdict(), (400, "INVALID_REQUEST"));
    assert!(silent.text.contains("challenge"), "{}", silent.text);
    for (field, value) in [
        ("callbackUrl", json!("http://acme.example/hooks")),
        ("secret", json!("short")),
        ("events", json!(["issue.opened"])),
        ("events", json!(["check.updated"])),
        ("colour", json!("red")),
    ] {
        let mut body = wish();
        body[field] = value;
        let refused = scene.subscribe(body).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"), "{field}: {}", refused.text);
        assert!(!refused.text.contains("short\""), "{}", refused.text);
    }
    assert_eq!(scene.host.address(), "", "no webhook was made");
    Ok(())
}

#[actix_web::test]
async fn what_the_approval_no_longer_gives_is_not_told() -> Tested {
    let scene = Scene::new().await?;
    scene.subscribe(wish()).await?;
    let proof = scene.host.proof("d1.one");
    scene.knock("d1.one", &proof).await?;
    let without = everything().iter().filter(|it| *it != Permission::ReadCommits).collect();
    scene.approve(approval(without)).await?;
    assert_eq!(scene.work().await?, (1, 0), "understood, and told to nobody");
    let proof = scene.host.proof("d2.two");
    scene.knock("d2.two", &proof).await?;
    scene.approve(an_authorization(1).revoke(NOW)).await?;
    assert_eq!(scene.work().await?, (1, 0));
    let deleted = scene.host.deleted.lock().map(|it| it.clone()).unwrap_or_default();
    assert_eq!(deleted, ["17"], "its host was told");
    let proof = scene.host.proof("d3.three");
    assert_eq!(scene.knock("d3.three", &proof).await?.status, 410);
    Ok(())
}

#[actix_web::test]
async fn a_delivery_that_fails_is_tried_again_and_can_be_replayed() -> Tested {
    let scene = Scene::new().await?;
    let id = scene.subscribe(wish()).await?.json["data"]["id"].clone();
    let id = id.as_str().unwrap_or_default();
    scene.app.answer(503);
    let proof = scene.host.proof("d1.one");
    scene.knock("d1.one", &proof).await?;
    assert_eq!(scene.work().await?, (1, 1));
    assert_eq!(scene.work().await?, (0, 0), "not at once");
    let deliveries = format!("/v1/subscriptions/{id}/deliveries");
    let listed = scene.ask(TestRequest::get().uri(&deliveries)).await?;
    let first = &listed.json["data"][0];
    assert_eq!(
        (first["state"].as_str(), first["last_status"].as_u64()),
        (Some("waiting"), Some(503))
    );

    scene.house.clock.advance(Duration::from_secs(7));
    scene.app.answer(200);
    assert_eq!(scene.work().await?, (0, 1));
    let told = scene.app.told();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].id, told[1].id, "the same webhook-id");
    let replay = format!("{deliveries}/{}/replay", told[0].id);
    assert_eq!(scene.ask(TestRequest::post().uri(&replay)).await?.status, 202);
    assert_eq!(scene.work().await?, (0, 1));
    assert_eq!(scene.app.told().len(), 3);
    Ok(())
}

#[actix_web::test]
async fn a_subscription_is_listed_paused_and_ended_by_its_own_app() -> Tested {
    let scene = Scene::new().await?;
    let id = scene.subscribe(wish()).await?.json["data"]["id"].clone();
    let one = format!("/v1/subscriptions/{}", id.as_str().unwrap_or_default());
    let listed = scene.ask(TestRequest::get().uri("/v1/subscriptions")).await?;
    assert_eq!(listed.json["data"][0]["id"], id, "{}", listed.text);
    assert!(!listed.text.contains("whsec_") && !listed.text.contains("sggwh_"), "{}", listed.text);
    for query in ["colour=red", "limit=1&limit=2", "limit=0", "cursor=7"] {
        let odd = TestRequest::get().uri(&format!("/v1/subscriptions?{query}"));
        assert_eq!(scene.ask(odd).await?.status, 400, "{query}");
    }
    let paused = TestRequest::patch().uri(&one).set_json(json!({ "active": false }));
    assert_eq!(scene.ask(paused).await?.json["data"]["active"], false);
    let proof = scene.host.proof("d1.one");
    scene.knock("d1.one", &proof).await?;
    assert_eq!(scene.work().await?, (1, 0), "it rests");
    assert_eq!(scene.ask(TestRequest::delete().uri(&one)).await?.status, 204);
    let gone = scene.ask(TestRequest::delete().uri(&one)).await?;
    assert_eq!(gone.verdict(), (404, "RESOURCE_NOT_FOUND"));
    let listed = scene.ask(TestRequest::get().uri("/v1/subscriptions")).await?;
    assert_eq!(listed.json["data"], json!([]));
    Ok(())
}

#[actix_web::test]
async fn the_operator_sees_what_was_given_up_and_lets_it_be_understood_again() -> Tested {
    let scene = Scene::new().await?;
    scene.subscribe(wish()).await?;
    let body = "without a message";
    assert_eq!(scene.knock(body, &scene.host.proof(body)).await?.status, 202);
    assert_eq!(scene.gauge("hooks_waiting").await?, 1);
    // A look that is not kept: the log is where an operator has the id from.
    let mut work = scene.house.storage.begin().await?;
    let hook = work.inbox().claim(NOW, Duration::from_secs(1), 1).await?.remove(0).id;
    drop(work);
    for _try in 0..3 {
        scene.work().await?;
        scene.house.clock.advance(Duration::from_mins(2));
    }
    assert_eq!((scene.gauge("hooks_waiting").await?, scene.gauge("hooks_dead").await?), (0, 1));

    let mut work = scene.house.storage.begin().await?;
    work.admin_keys().add(&an_admin_key(1)).await?;
    work.commit().await?;
    let key = secret(SecretKind::AdminKey, 1).expose().to_owned();
    let knock = |id: &str| TestRequest::post().uri(&format!("/v1/hook-deliveries/{id}/replay"));
    let replay = |id: &str| knock(id).insert_header(("x-admin-api-key", key.clone()));
    let nobody = scene.house.send_admin(knock(&hook.to_string())).await?;
    assert_eq!(nobody.verdict(), (401, "AUTH_REQUIRED"));
    assert_eq!(scene.house.send_admin(replay(&hook.to_string())).await?.status, 202);
    assert_eq!((scene.gauge("hooks_waiting").await?, scene.gauge("hooks_dead").await?), (1, 0));
    for stranger in [hook.to_string(), "hook_none".to_owned()] {
        let again = scene.house.send_admin(replay(&stranger)).await?;
        assert_eq!(again.verdict(), (404, "RESOURCE_NOT_FOUND"), "{stranger}");
    }
    let outside = scene.house.send(replay(&hook.to_string())).await?;
    assert_eq!(outside.verdict(), (404, "RESOURCE_NOT_FOUND"));
    Ok(())
}
