//! From an empty gateway to a token, the way every integrator goes.

use std::{collections::BTreeMap, path::Path, time::SystemTime};

use anyhow::{Context as _, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::{
    binary,
    client::{Answer, Client, text},
    form::Form,
    server::Server,
};

/// Where the app receives codes. Nobody is there: redirects are not followed.
pub const REDIRECT_URI: &str = "http://localhost:9/callback";

/// The secret half of PKCE (RFC 7636): 43 characters or more.
pub const VERIFIER: &str = "the-verifier-of-the-tests-is-long-enough-for-rfc-7636";

/// What the app wants to see again at its redirect URI.
const STATE: &str = "as it was & unchanged";

/// What the app asks for.
const PERMISSIONS: [&str; 13] = [
    "read:profile",
    "read:repositories",
    "read:branches",
    "read:commits",
    "read:pull-requests",
    "read:diffs",
    "read:authors",
    "read:tags",
    "read:releases",
    "read:checks",
    "read:deployments",
    "read:file-tree",
    "events:subscribe",
];

/// A developer's app.
#[derive(Clone, Debug)]
pub struct App {
    /// The session of its developer.
    pub session: String,
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

/// An invitation of a customer.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The connect token.
    pub token: String,
    /// The page to open, with the token in it.
    pub url: String,
}

/// A person in front of the consent page.
#[derive(Clone, Debug)]
pub struct Customer {
    /// What the person uses.
    pub browser: Client,
    /// What the person fills in.
    pub form: Form,
}

/// A token and what came with it.
#[derive(Clone, Debug)]
pub struct Access {
    /// The access token.
    pub token: String,
    /// The refresh token.
    pub refresh: String,
}

impl Access {
    /// Both spellings of the contract must say the same.
    fn read(answer: &Answer) -> anyhow::Result<Self> {
        let issued = answer.json()?;
        let (token, refresh) = (text(&issued, "accessToken")?, text(&issued, "refreshToken")?);
        ensure!(text(&issued, "access_token")? == token, "the token has two values");
        ensure!(text(&issued, "refresh_token")? == refresh, "the refresh token has two values");
        Ok(Self { token: token.to_owned(), refresh: refresh.to_owned() })
    }
}

impl App {
    /// Registers an app with a developer of its own. `store` are the options
    /// of `gitlodge admin` that lead to the gateway's data.
    ///
    /// # Errors
    ///
    /// Which step was refused, and how.
    pub fn register(server: &Server, store: &[&str]) -> anyhow::Result<Self> {
        Self::register_for(server, store, "ada@example.com", "College")
    }

    /// The same, for the developer with this address, of this organisation.
    ///
    /// # Errors
    ///
    /// Which step was refused, and how.
    pub fn register_for(
        server: &Server,
        store: &[&str],
        email: &str,
        tenant: &str,
    ) -> anyhow::Result<Self> {
        let (email, tenant) = (format!("--email={email}"), format!("--tenant={tenant}"));
        let arguments = ["admin", "create", email.as_str(), tenant.as_str()];
        let created = binary::run(&[&arguments, store].concat())?;
        ensure!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
        let developer: Value = serde_json::from_slice(&created.stdout)?;
        let session = text(&developer, "sessionToken")?.to_owned();
        let app = json!({ "name": "Tea Insights", "allowedRedirectUris": [REDIRECT_URI] });
        let app = server.client().bearing(&session).post("/v1/developer/apps", &app)?.json()?;
        let client = app.get("client").context("there is no client")?;
        let (id, secret) = (text(client, "id")?.to_owned(), text(&app, "clientSecret")?.to_owned());
        Ok(Self { session, id, secret })
    }

    /// The same, over the embedded store in the folder `data`.
    ///
    /// # Errors
    ///
    /// Which step was refused, and how.
    pub fn register_in(server: &Server, data: &Path) -> anyhow::Result<Self> {
        Self::register(server, &["--data", data.to_str().context("the folder is not text")?])
    }

    /// Invites a customer.
    ///
    /// # Errors
    ///
    /// How it was refused.
    pub fn invite(&self, server: &Server) -> anyhow::Result<Invitation> {
        let invitation = json!({
            "customerRef": "customer-7",
            "customerName": "The library",
            "purpose": "To count commits.",
            "permissions": PERMISSIONS,
            "state": STATE,
            "codeChallenge": URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER)),
        });
        let path = format!("/v1/developer/apps/{}/connect-sessions", self.id);
        let made = server.client().bearing(&self.session).post(&path, &invitation)?.json()?;
        let (token, url) =
            (text(&made, "connectToken")?.to_owned(), text(&made, "url")?.to_owned());
        Ok(Invitation { token, url })
    }

    /// A link to the consent page of the customer `customer-7`, signed as
    /// `docs/signed-customers.md` says, and good for so many seconds.
    ///
    /// # Errors
    ///
    /// When the clock or the address cannot be used.
    pub fn sign_link(&self, server: &Server, seconds: i64) -> anyhow::Result<String> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let expires = i64::try_from(now.as_secs())? + seconds;
        let nonce = format!("nonce-of-{}", now.as_nanos());
        let lines = ["gitlodge.customer_sig.v1", &self.id, "customer-7", "The library"];
        let message = format!("{}\n{expires}\n{nonce}", lines.join("\n"));
        let mut tag = Hmac::<Sha256>::new_from_slice(&Sha256::digest(&self.secret))?;
        tag.update(message.as_bytes());
        let tag = tag.finalize().into_bytes();
        let tag = tag.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let mut link = Url::parse(&format!("{}/oauth/authorize", server.url))?;
        link.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.id)
            .append_pair("redirect_uri", REDIRECT_URI)
            .append_pair("scope", &PERMISSIONS.join(" "))
            .append_pair("customer_ref", "customer-7")
            .append_pair("customer_name", "The library")
            .append_pair("customer_sig", &format!("v1.{expires}.{nonce}.{tag}"))
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER)))
            .append_pair("code_challenge_method", "S256");
        Ok(link.into())
    }

    /// Exchanges a code; gives the answer, whatever it is.
    ///
    /// # Errors
    ///
    /// When there is no answer.
    pub fn try_exchange(&self, server: &Server, code: &str) -> anyhow::Result<Answer> {
        let exchange = json!({
            "grant_type": "authorization_code",
            "client_id": self.id,
            "client_secret": self.secret,
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
        });
        server.client().post("/oauth/token", &exchange)
    }

    /// Exchanges a code for a token.
    ///
    /// # Errors
    ///
    /// How it was refused.
    pub fn exchange(&self, server: &Server, code: &str) -> anyhow::Result<Access> {
        Access::read(&self.try_exchange(server, code)?)
    }

    /// Exchanges a refresh token for a new one.
    ///
    /// # Errors
    ///
    /// How it was refused.
    pub fn refresh(&self, server: &Server, access: &Access) -> anyhow::Result<Access> {
        let exchange = json!({
            "grant_type": "refresh_token",
            "client_id": self.id,
            "client_secret": self.secret,
            "refresh_token": access.refresh,
        });
        Access::read(&server.client().post("/oauth/token", &exchange)?)
    }

    /// Takes a token back.
    ///
    /// # Errors
    ///
    /// How it was refused.
    pub fn revoke(&self, server: &Server, token: &str) -> anyhow::Result<()> {
        let revocation =
            json!({ "client_id": self.id, "client_secret": self.secret, "token": token });
        let answer = server.client().post("/oauth/revoke", &revocation)?;
        ensure!(answer.status == 200, "answered {}: {}", answer.status, answer.body);
        Ok(())
    }

    /// All at once: a token for the repositories of these names.
    ///
    /// # Errors
    ///
    /// Which step was refused, and how.
    pub fn obtain_access(&self, server: &Server, names: &[&str]) -> anyhow::Result<Access> {
        let mut customer = Customer::arrive(server, &self.invite(server)?)?;
        self.exchange(server, &customer.approve(server, names)?)
    }
}

impl Customer {
    /// Follows an invitation to the consent page.
    ///
    /// # Errors
    ///
    /// When there is no page with a form.
    pub fn arrive(server: &Server, invitation: &Invitation) -> anyhow::Result<Self> {
        let mut browser = server.client().wanting_pages();
        let begun = browser.get(&invitation.url)?;
        ensure!(begun.status == 303, "answered {}: {}", begun.status, begun.body);
        let place = begun.location()?;
        ensure!(!place.contains(&invitation.token), "the page's address has the connect token");
        let page = browser.get(place)?;
        ensure!(page.status == 200, "answered {}: {}", page.status, page.body);
        Ok(Self { browser, form: Form::of(&page.body, "/oauth/authorize/approve")? })
    }

    /// Connects an account at `provider` by a login there, which asks nobody.
    ///
    /// # Errors
    ///
    /// Which step did not lead on.
    pub fn connect(&mut self, provider: &str) -> anyhow::Result<()> {
        let transaction = self.form.hidden("transaction").context("the form has no visit")?;
        let start = format!("/v1/auth/{provider}/start?redirect=1&transaction={transaction}");
        let login = self.browser.get(&start)?;
        let back = self.browser.get(login.location()?)?;
        let done = self.browser.get(back.location()?)?;
        let page = self.browser.get(done.location()?)?;
        ensure!(page.body.contains("is connected."), "answered {}: {}", page.status, page.body);
        self.form = Form::of(&page.body, "/oauth/authorize/approve")?;
        Ok(())
    }

    /// Ticks the repositories of these names and approves; gives the code.
    ///
    /// # Errors
    ///
    /// When the app is not sent a code the way that it asked for.
    pub fn approve(&mut self, server: &Server, names: &[&str]) -> anyhow::Result<String> {
        for name in names {
            self.form.tick("repository", name)?;
        }
        let answer = self.browser.submit(&self.form)?;
        ensure!(answer.status == 303, "answered {}: {}", answer.status, answer.body);
        let place = Url::parse(answer.location()?)?;
        ensure!(place.as_str().starts_with(&format!("{REDIRECT_URI}?")), "it leads to {place}");
        let mut told: BTreeMap<_, _> = place.query_pairs().into_owned().collect();
        ensure!(told.get("state").is_some_and(|it| it == STATE), "another state: {place}");
        ensure!(told.get("iss") == Some(&server.url), "another issuer: {place}");
        told.remove("code").with_context(|| format!("no code in {place}"))
    }
}
