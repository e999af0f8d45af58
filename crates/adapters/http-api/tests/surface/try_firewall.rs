//! What the firewall would do, asked by a developer.

use actix_web::test::TestRequest;
use lodge_access::SecretKind;
use lodge_storage::Storage as _;
use lodge_testkit::builders::a_session;
use serde_json::{Value, json};

use crate::support::{Answer, House, Tested, bearer, secret};

async fn a_house() -> Tested<House> {
    let house = House::ordinary().await?;
    let mut work = house.storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    work.commit().await?;
    Ok(house)
}

async fn tried(house: &House, body: &Value) -> Tested<Answer> {
    let request = TestRequest::post().uri("/v1/security/firewall/test").set_json(body);
    house.send(bearer(request, &secret(SecretKind::UserSession, 1))).await
}

#[actix_web::test]
async fn a_text_paths_and_files_come_back_as_they_would_leave() -> Tested {
    let house = a_house().await?;
    let answer = tried(
        &house,
        &json!({
            "text": "first\nDB_PASSWORD=hunter2",
            "paths": ["src/main.rs", "certs/server.pem"],
            "files": [
                { "path": "notes.txt", "previous_path": ".env", "patch": "@@ -0,0 +1 @@\n+A=1" },
                { "path": "a.py", "patch": "@@ -0,0 +1 @@\n+password = \"hunter2\"" },
            ],
        }),
    )
    .await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    let data = &answer.json["data"];
    let text = data["text"].as_str().unwrap_or_default();
    assert!(text.starts_with("first\nDB_PASSWORD=‹masked:password:"), "{text}");
    assert_eq!(data["findings"], json!([{ "rule": "F3", "kind": "password", "line": 2 }]));
    assert_eq!(
        data["paths"],
        json!([
            { "path": "src/main.rs", "blocked": false, "rule": null },
            { "path": "certs/server.pem", "blocked": true, "rule": "F1" },
        ])
    );
    let states: Vec<_> = data["files"].as_array().into_iter().flatten().collect();
    assert_eq!(states[0]["patch_state"], "withheld");
    assert!(states[0]["path"].as_str().unwrap_or_default().starts_with("withheld/"));
    assert_eq!((&states[0]["patch"], &states[1]["patch_state"]), (&Value::Null, &json!("masked")));
    assert_eq!(answer.json["firewall"]["masked"], 2);
    assert_eq!(answer.json["firewall"]["withheld"][0]["rule"], "F1");
    assert_eq!(answer.json["request_id"], answer.header("x-request-id"));
    Ok(())
}

#[actix_web::test]
async fn a_mask_seen_elsewhere_cannot_be_guessed_here() -> Tested {
    let house = a_house().await?;
    let body = json!({ "text": "password=hunter2" });
    let (one, two) = (tried(&house, &body).await?, tried(&house, &body).await?);
    assert_ne!(one.json["data"]["text"], two.json["data"]["text"]);
    Ok(())
}

#[actix_web::test]
async fn an_empty_trial_and_a_wrong_one_are_answered() -> Tested {
    let house = a_house().await?;
    let empty = tried(&house, &json!({})).await?;
    assert_eq!((empty.status, &empty.json["data"]["text"]), (200, &Value::Null));
    for wrong in [json!({ "texts": "a" }), json!({ "paths": "a" }), json!([])] {
        assert_eq!(tried(&house, &wrong).await?.verdict(), (400, "INVALID_REQUEST"), "{wrong}");
    }
    Ok(())
}
