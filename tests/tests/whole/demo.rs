//! `gitlodge serve --demo`: what it prints can be used as it stands.

use anyhow::Context as _;
use end_to_end::{Setup, form::Form};

use crate::reading::{commits, repositories};

#[test]
fn the_lines_of_the_demo_work() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let mut server = Setup::new(data.path())?.with("--demo").start()?;
    server.wait_for_line("Sandbox: ")?;
    let output = server.output();

    let curl = output.lines().find(|it| it.contains("curl -H")).context("no line with curl")?;
    let token = between(curl, "Bearer ", "\"")?;
    let address = between(curl, "\" \"", "\"")?;
    let mut reader = server.client().bearing(token);
    assert_eq!(reader.get(address)?.status, 200);
    let readable = repositories(&mut reader)?;
    let webshop = readable.iter().find(|(name, _)| name == "tea/webshop");
    let (_, webshop) = webshop.with_context(|| format!("no webshop in {readable:?}"))?;
    assert!(commits(&mut reader, webshop, None)?.len() > 5);

    let mut browser = server.client();
    let link = server.wait_for_line(&format!("{}/oauth/authorize", server.url))?;
    let begun = browser.get(&format!("/oauth/authorize{link}"))?;
    let page = browser.get(begun.location()?)?;
    let mut form = Form::of(&page.body, "approve")?;
    form.tick("repository", "tea/webshop")?;
    let approved = browser.submit(&form)?;
    let callback = browser.get(approved.location()?)?;
    assert_eq!(callback.status, 200);
    assert!(callback.body.contains("/oauth/token"), "{}", callback.body);
    server.stop()?;
    Ok(())
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> anyhow::Result<&'a str> {
    let (_, rest) = text.split_once(start).with_context(|| format!("no `{start}` in {text}"))?;
    Ok(rest.split(end).next().unwrap_or_default())
}
