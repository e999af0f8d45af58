//! From an invitation to a code, on the paths that the pages take.

use std::future::pending;

use actix_web::{http::header, test::TestRequest};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use lodge_access::{PermissionSet, SecretKind};
use lodge_gateway::oauth::{AuthorizeRequest, Choice, answer::Approval};
use lodge_kernel::Keyring as _;
use lodge_testkit::{
    PlainKeyring,
    builders::{REDIRECT_URI, a_repository_id, all_reads, client_id},
};
use serde_json::json;

use super::{Answer, House, Tested, secret};

/// What the app proves with that it is the one that asked.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The S256 challenge of `verifier`, in the digests of [`PlainKeyring`].
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(PlainKeyring.digest(verifier.as_bytes()).0)
}

/// An app's credentials.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Client {
    /// App number `n` of the builders.
    pub(crate) fn number(n: u32) -> Self {
        let secret = secret(SecretKind::ClientSecret, n).expose().to_owned();
        Self { id: client_id(n).to_string(), secret }
    }

    /// The header of HTTP Basic.
    pub(crate) fn basic(&self) -> (header::HeaderName, String) {
        let both = STANDARD.encode(format!("{}:{}", self.id, self.secret));
        (header::AUTHORIZATION, format!("Basic {both}"))
    }
}

impl House {
    /// A code for `client`, after a customer approved everything that can be
    /// read of the repository `web`.
    pub(crate) async fn code(&self, client: &Client, verifier: Option<&str>) -> Tested<String> {
        self.code_for(client, verifier, all_reads()).await
    }

    /// A code for `client`, after a customer approved `permissions`.
    pub(crate) async fn code_for(
        &self,
        client: &Client,
        verifier: Option<&str>,
        permissions: PermissionSet,
    ) -> Tested<String> {
        let path = format!("/v1/developer/apps/{}/connect-sessions", client.id);
        let body = json!({
            "customerRef": "customer-9",
            "purpose": "To show what changed.",
            "codeChallenge": verifier.map(challenge),
        });
        let request = TestRequest::post().uri(&path).insert_header(client.basic()).set_json(body);
        let invited = self.send(request).await?;
        assert_eq!(invited.status, 201, "{}", invited.text);
        let asked = AuthorizeRequest {
            response_type: Some("code".to_owned()),
            client_id: Some(client.id.clone()),
            redirect_uri: Some(REDIRECT_URI.to_owned()),
            connect_token: Some(invited.field("connectToken").to_owned()),
            code_challenge: verifier.map(challenge),
            code_challenge_method: verifier.map(|_| "S256".to_owned()),
            ..AuthorizeRequest::default()
        };
        let begun = self.gateway.begin_authorization(&asked).await?;
        let (visit, cookie) = (begun.transaction.to_string(), Some(begun.browser.expose()));
        let page = self.gateway.consent_page(&visit, cookie).await?;
        let choices = page.accounts.iter().map(|it| Choice {
            connection: it.connection.id,
            repository: a_repository_id("web"),
            permissions,
        });
        let approval = Approval {
            choices: choices.collect(),
            csrf: page.csrf,
            account_permissions: permissions,
            days: Some(30),
        };
        let redirect = self.gateway.approve_consent(&visit, cookie, &approval, pending()).await?;
        let code = redirect.parameters.into_iter().find(|(name, _)| *name == "code");
        Ok(code.ok_or("the app got no code")?.1)
    }
}

impl House {
    /// Sends a form to the token endpoint.
    pub(crate) async fn exchange(
        &self,
        client: &Client,
        fields: &[(&str, &str)],
    ) -> Tested<Answer> {
        let request = TestRequest::post().uri("/oauth/token").insert_header(client.basic());
        self.send(request.set_form(fields)).await
    }

    /// Exchanges a code.
    pub(crate) async fn redeem(
        &self,
        client: &Client,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Tested<Answer> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
        ];
        fields.extend(verifier.map(|it| ("code_verifier", it)));
        self.exchange(client, &fields).await
    }

    /// Exchanges a refresh token.
    pub(crate) async fn refresh(&self, client: &Client, token: &str) -> Tested<Answer> {
        self.exchange(client, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// New tokens of `client`, after a customer approved.
    pub(crate) async fn tokens(&self, client: &Client) -> Tested<Answer> {
        let code = self.code(client, Some(VERIFIER)).await?;
        let issued = self.redeem(client, &code, REDIRECT_URI, Some(VERIFIER)).await?;
        assert_eq!(issued.status, 200, "{}", issued.text);
        Ok(issued)
    }
}
