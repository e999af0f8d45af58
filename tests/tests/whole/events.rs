//! An app hears what happens at a host, and only what the host really said.

use anyhow::{Context as _, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use end_to_end::{App, Callback, Client, Customer, History, Setup, callback::Call, client::text};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::reading::repositories;

fn hmac(key: &[u8], message: &str) -> anyhow::Result<Vec<u8>> {
    let mut tag = Hmac::<Sha256>::new_from_slice(key)?;
    tag.update(message.as_bytes());
    Ok(tag.finalize().into_bytes().to_vec())
}

/// As GitHub signs: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
fn signed_by_host(secret: &str, body: &str) -> anyhow::Result<String> {
    let tag = hmac(secret.as_bytes(), body)?;
    Ok(tag.iter().fold("sha256=".to_owned(), |text, byte| text + &format!("{byte:02x}")))
}

/// As Standard Webhooks says, which is what an app checks.
fn is_signed_for_app(secret: &str, call: &Call) -> anyhow::Result<bool> {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_"))?;
    let (id, at) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    let tag = hmac(&key, &format!("{id}.{at}.{}", call.body))?;
    Ok(call.header("webhook-signature") == format!("v1,{}", STANDARD.encode(tag)))
}

fn deliver(
    to: &mut Client,
    url: &str,
    (id, signature): (&str, &str),
    body: &str,
) -> anyhow::Result<u16> {
    let headers = [
        ("content-type", "application/json"),
        ("x-github-event", "push"),
        ("x-github-delivery", id),
        ("x-hub-signature-256", signature),
    ];
    Ok(to.send("POST", url, &headers, Some(body))?.status)
}

#[test]
fn a_push_reaches_the_app_and_one_with_a_changed_byte_is_refused() -> anyhow::Result<()> {
    let (shelf, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
    History::with_merges(12).write(&shelf.path().join("team/tea.git"))?;
    let mut server = Setup::new(data.path())?
        .repositories(shelf.path())
        .with("--demo")
        .with("--simulate=github")
        .start()?;
    let mut orders = Client::new(&server.wait_for_line("simulated hosts on ")?);
    let app = App::register_in(&server, data.path())?;
    let mut customer = Customer::arrive(&server, &app.invite(&server)?)?;
    customer.connect("github")?;
    customer.form.tick_every("repository");
    let code = customer.approve(&server, &[])?;
    let mut reader = server.client().bearing(&app.exchange(&server, &code)?.token);
    let paths = repositories(&mut reader)?;
    let path = paths.iter().find(|(_, it)| it.contains("/github/"));
    let (_, path) = path.context("not at GitHub")?;

    let callback = Callback::listen()?;
    let wish = json!({ "callbackUrl": callback.url, "events": ["push"] });
    let subscribed = reader.post(&format!("{path}/events/subscribe"), &wish)?;
    ensure!(subscribed.status == 201, "answered {}: {}", subscribed.status, subscribed.body);
    let secret = subscribed.json()?;
    let secret = secret.pointer("/data/secret").and_then(Value::as_str).context("no secret")?;
    let hooks = orders.get("/_simulation/github/webhooks")?.json()?;
    let hook = hooks.get(0).context("no webhook was made at the host")?;
    let (url, proof) = (text(hook, "url")?, text(hook, "secret")?);

    let repository = path.rsplit('/').next().context("the path has no id")?;
    let push = json!({
        "repository": { "id": repository.parse::<u64>()?, "full_name": "team/tea" },
        "ref": "refs/heads/main",
        "before": "0".repeat(40),
        "after": "a".repeat(40),
        "commits": [{ "id": "a".repeat(40), "message": "Steep for four minutes" }],
    });
    let push = push.to_string();
    let signature = signed_by_host(proof, &push)?;
    let mut host = Client::new(&server.url);
    let forged = push.replace("four", "fOur");
    ensure!(deliver(&mut host, url, ("1", &signature), &forged)? == 401);
    ensure!(deliver(&mut host, url, ("1", &signature.replace('a', "b")), &push)? == 401);
    ensure!(deliver(&mut host, url, ("1", ""), &push)? == 401);
    ensure!(deliver(&mut host, url, ("2", &signature), &push)? == 202);

    let call = callback.next()?;
    assert!(is_signed_for_app(secret, &call)?, "{:?}", call.headers);
    let told: Value = serde_json::from_str(&call.body)?;
    assert_eq!(told["type"], "push");
    assert_eq!(told["data"]["push"]["commits"][0]["message"], "Steep for four minutes");
    server.stop()?;
    Ok(())
}
