//! From an empty server to a token that reads every repository, the way any app goes.

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    form::fill_in,
    http::{Answer, Client, text_at},
};

const REDIRECT_URI: &str = "http://localhost:9/callback";

/// A PKCE verifier (RFC 7636); it protects nothing here.
const VERIFIER: &str = "a-benchmark-has-no-secrets-but-must-have-a-verifier";

/// What an app asks for.
const SCOPE: &str = "read:profile read:repositories read:branches read:commits read:diffs read:authors \
                     read:tags read:releases read:file-tree read:pull-requests read:checks \
                     read:deployments";

/// What the app calls its customer.
const CUSTOMER: &str = "bench";

/// An account that the operator connects by a token before the customer is asked.
pub(super) struct OwnAccount<'a> {
    /// Where the operator reaches the server.
    pub admin: &'a str,
    /// The operator's admin key.
    pub key: &'a str,
    /// The host's name.
    pub provider: &'a str,
}

impl OwnAccount<'_> {
    fn connect(&self, client_id: &str) -> anyhow::Result<()> {
        let draft = json!({
            "provider": self.provider,
            "accessToken": "the-yardstick-checks-none",
            "clientId": client_id,
            "customerRef": CUSTOMER,
        });
        let mut operator = Client::new(self.admin);
        operator.admin_key = Some(self.key.to_owned());
        let answer = operator.post_json("/v1/connections/manual", &draft)?;
        answer.json().context("the account was refused").map(drop)
    }
}

/// Walks the whole flow on the server at `base`, with the session of a developer.
///
/// # Errors
///
/// Which step was refused, and with what answer.
pub(super) fn obtain_token(
    base: &str,
    session: &str,
    account: Option<&OwnAccount<'_>>,
) -> anyhow::Result<String> {
    let mut developer = Client::new(base);
    developer.bearer = Some(session.to_owned());
    let app = developer
        .post_json(
            "/v1/developer/apps",
            &json!({ "name": "Benchmark", "allowedRedirectUris": [REDIRECT_URI] }),
        )?
        .json()
        .context("the app was refused")?;
    let client = app.get("client").or_else(|| app.get("data")?.get("client")).unwrap_or(&app);
    let client_id = text_at(client, "id").context("the new app has no id")?;
    let client_secret = text_at(&app, "clientSecret").context("the new app has no secret")?;
    if let Some(account) = account {
        account.connect(client_id)?;
    }

    let invitation = developer
        .post_json(
            &format!("/v1/developer/apps/{client_id}/connect-sessions"),
            &json!({ "customerRef": CUSTOMER, "customerName": "Bench", "codeChallenge": challenge() }),
        )?
        .json()
        .context("the connect session was refused")?;
    let connect_token =
        text_at(&invitation, "connectToken").context("the connect session has no connectToken")?;

    let code = approve(&mut Client::new(base), client_id, connect_token)?;
    let exchange = json!({
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": client_secret,
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    });
    let token = Client::new(base)
        .post_json("/oauth/token", &exchange)?
        .json()
        .context("the code was refused")?;
    Ok(text_at(&token, "accessToken").context("the answer has no accessToken")?.to_owned())
}

/// Where the page offers to connect an account: only simulated hosts do, and
/// ask nobody.
fn logins(page: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|it| it.split('"').next());
    let links = links.filter(|it| it.contains("/v1/auth/") && it.contains("/start?"));
    links.map(|it| it.replace("&amp;", "&").replace("&#38;", "&")).collect()
}

/// Logs in, and gives the page that stands at the end.
fn connect(browser: &mut Client, start: &str) -> anyhow::Result<Answer> {
    browser.wants_pages = true;
    let mut answer = browser.get(start)?;
    // To the host, back to us, and to the page.
    for _ in 0..3 {
        let next = answer.location.take().context("the login leads nowhere")?;
        answer = browser.get(&next)?;
    }
    Ok(answer)
}

/// The S256 challenge of [`VERIFIER`].
fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// What the customer does in the browser; gives the code.
fn approve(browser: &mut Client, client_id: &str, connect_token: &str) -> anyhow::Result<String> {
    let challenge = challenge();
    let request = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", REDIRECT_URI),
        ("scope", SCOPE),
        ("state", "bench"),
        ("connect_token", connect_token),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(request).finish();
    let mut page = browser.get(&format!("/oauth/authorize?{query}"))?;
    // The visit has a page of its own; it is one hop away.
    if let Some(visit) = page.location.take() {
        page = browser.get(&visit)?;
    }
    for start in logins(&page.body) {
        page = connect(browser, &start)?;
    }
    // `less` are the boxes that leave something out.
    let Some(form) = fill_in(&page.body, "approve", "less") else {
        bail!("the consent page has no form to approve: {} {}", page.status, page.body);
    };
    let answer = browser.post_form(&form.action, &form.fields)?;
    let location = answer
        .location
        .with_context(|| format!("the approval was refused: {} {}", answer.status, answer.body))?;
    let (_, query) = location.split_once('?').context("the approval leads nowhere")?;
    let code = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
    Ok(code.with_context(|| format!("the approval gave no code: {location}"))?.1.into_owned())
}
