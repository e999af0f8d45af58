//! Passkeys by JSON, with devices that speak plainly.

use actix_web::test::TestRequest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_kernel::UserId;
use lodge_testkit::SoftDevice;
use serde_json::{Value, json};

use crate::support::{Answer, House, Tested};

const PASSWORD: &str = "seven brown otters";

async fn ask(
    house: &House,
    method: &str,
    path: &str,
    session: Option<&str>,
    body: Option<Value>,
) -> Tested<Answer> {
    let mut request = TestRequest::default().uri(path).method(method.parse()?);
    if let Some(session) = session {
        request = request.insert_header(("authorization", format!("Bearer {session}")));
    }
    house
        .send(match body {
            Some(body) => request.set_json(body),
            None => request,
        })
        .await
}

async fn signed_up(house: &House, email: &str) -> Tested<String> {
    let body = json!({ "email": email, "password": PASSWORD, "organisation": "Engines" });
    let answer = ask(house, "POST", "/v1/account/signup", None, Some(body)).await?;
    assert_eq!(answer.status, 201, "{}", answer.text);
    Ok(answer.json["sessionToken"].as_str().unwrap_or_default().to_owned())
}

fn challenge(options: &Answer) -> Tested<[u8; 32]> {
    let text = options.json["publicKey"]["challenge"].as_str().unwrap_or_default();
    Ok(URL_SAFE_NO_PAD.decode(text)?.try_into().unwrap_or_default())
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

async fn added(house: &House, session: &str, device: &SoftDevice) -> Tested<Answer> {
    let proof = Some(json!({ "password": PASSWORD }));
    let options = ask(house, "POST", "/v1/account/passkeys/options", Some(session), proof).await?;
    assert_eq!(options.status, 200, "{}", options.text);
    let made = device.makes(&challenge(&options)?);
    let body = json!({
        "ticket": options.json["ticket"],
        "name": "Laptop",
        "clientDataJSON": text(&made.client_data),
        "attestationObject": text(&made.attestation),
        "transports": ["internal", "telepathy"],
    });
    ask(house, "POST", "/v1/account/passkeys", Some(session), Some(body)).await
}

async fn entered(house: &House, device: &mut SoftDevice, user: UserId) -> Tested<Answer> {
    let path = "/v1/account/login/passkey";
    let options = ask(house, "POST", &format!("{path}/options"), None, None).await?;
    assert_eq!(options.json["publicKey"]["userVerification"], "required", "{}", options.text);
    let answer = device.answers(&challenge(&options)?);
    let body = json!({
        "ticket": options.json["ticket"],
        "id": text(&device.credential),
        "clientDataJSON": text(&answer.client_data),
        "authenticatorData": text(&answer.authenticator_data),
        "signature": text(&answer.signature),
        "userHandle": text(user.as_uuid().as_bytes()),
    });
    ask(house, "POST", path, None, Some(body)).await
}

#[actix_web::test]
async fn a_passkey_is_added_named_used_and_removed() -> Tested {
    let house = House::ordinary().await?;
    let session = signed_up(&house, "ada@example.org").await?;
    let me = ask(&house, "GET", "/v1/account/me", Some(&session), None).await?;
    let user: UserId = me.json["user"]["id"].as_str().unwrap_or_default().parse()?;
    let mut device = SoftDevice::new(1, house.gateway.relying_party()?);

    let path = "/v1/account/passkeys";
    let wrong = Some(json!({ "password": "wrong" }));
    let wrong = ask(&house, "POST", &format!("{path}/options"), Some(&session), wrong).await?;
    assert_eq!(wrong.verdict(), (401, "INVALID_CREDENTIALS"), "{}", wrong.text);
    let made = added(&house, &session, &device).await?;
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"), "{}", made.text);
    assert_eq!(made.json["recoveryCodes"].as_array().map(Vec::len), Some(10));
    assert_eq!(made.json["passkey"]["transports"], json!(["internal"]));
    let again = added(&house, &session, &device).await?;
    assert_eq!(again.verdict(), (400, "INVALID_REQUEST"), "{}", again.text);

    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    let alone = ask(&house, "POST", "/v1/account/login", None, Some(body)).await?;
    assert_eq!(alone.verdict(), (401, "AUTH_REQUIRED"), "{}", alone.text);
    let opened = entered(&house, &mut device, user).await?;
    assert_eq!(opened.status, 200, "{}", opened.text);
    assert_eq!(opened.json["user"]["email"], "ada@example.org");

    let id = made.json["passkey"]["id"].as_str().unwrap_or_default();
    let one = format!("{path}/{id}");
    let name = Some(json!({ "name": "Key" }));
    let renamed = ask(&house, "PATCH", &one, Some(&session), name.clone()).await?;
    assert_eq!(renamed.status, 204, "{}", renamed.text);
    let all = ask(&house, "GET", path, Some(&session), None).await?;
    assert_eq!(all.json["data"][0]["name"], "Key", "{}", all.text);
    assert!(all.json["data"][0]["lastUsedAt"].is_string(), "{}", all.text);

    let other = signed_up(&house, "bob@example.org").await?;
    let theirs = ask(&house, "PATCH", &one, Some(&other), name).await?;
    assert_eq!(theirs.verdict(), (404, "RESOURCE_NOT_FOUND"), "{}", theirs.text);
    let proof = Some(json!({ "password": PASSWORD }));
    let theirs = ask(&house, "POST", &format!("{one}/remove"), Some(&other), proof.clone()).await?;
    assert_eq!(theirs.verdict(), (404, "RESOURCE_NOT_FOUND"), "{}", theirs.text);
    let removed = ask(&house, "POST", &format!("{one}/remove"), Some(&session), proof).await?;
    assert_eq!((removed.status, &removed.json["lastSecondFactor"]), (200, &json!(true)));
    let gone = entered(&house, &mut device, user).await?;
    assert_eq!(gone.verdict(), (401, "INVALID_CREDENTIALS"), "{}", gone.text);
    Ok(())
}

#[actix_web::test]
async fn whatever_is_wrong_with_a_passkey_is_refused_in_the_same_words() -> Tested {
    let house = House::ordinary().await?;
    let session = signed_up(&house, "ada@example.org").await?;
    let me = ask(&house, "GET", "/v1/account/me", Some(&session), None).await?;
    let user: UserId = me.json["user"]["id"].as_str().unwrap_or_default().parse()?;
    let device = SoftDevice::new(1, house.gateway.relying_party()?);
    assert_eq!(added(&house, &session, &device).await?.status, 201);

    let mut words = Vec::new();
    let origin = "https://evil.example".to_owned();
    for mut wrong in [
        SoftDevice { origin, ..device.clone() },
        SoftDevice { verified: false, ..device.clone() },
        SoftDevice { counter: 0, ..device.clone() },
        SoftDevice { credential: vec![9; 16], ..device.clone() },
    ] {
        let refused = entered(&house, &mut wrong, user).await?;
        assert_eq!(refused.verdict(), (401, "INVALID_CREDENTIALS"), "{}", refused.text);
        words.push(refused.json["error"]["message"].clone());
    }
    words.dedup();
    assert_eq!(words.len(), 1, "{words:?}");

    for (field, value) in [("id", ""), ("id", "=="), ("signature", "a b"), ("userHandle", "ü")] {
        let mut body = json!({
            "ticket": "x", "id": "AQ", "clientDataJSON": "", "authenticatorData": "", "signature": "",
        });
        body[field] = value.into();
        let path = "/v1/account/login/passkey";
        let refused = ask(&house, "POST", path, None, Some(body)).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"), "{field}: {}", refused.text);
    }
    Ok(())
}
