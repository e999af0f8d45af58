//! The query of the authorization endpoint.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_gateway::oauth::AuthorizeRequest;
use lodge_kernel::Digest;
use url::form_urlencoded;

/// What we know. Others are ignored (RFC 6749, 3.1).
const KNOWN: [&str; 12] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "customer_ref",
    "customer_name",
    "code_challenge",
    "code_challenge_method",
    "connect_token",
    "request_uri",
    "transaction",
];

/// A parameter came twice (RFC 6749, 3.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repeated(pub(crate) &'static str);

/// The parameters of one request, each at most once. One without a value is
/// as good as absent (RFC 6749, 3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameters(BTreeMap<&'static str, String>);

impl Parameters {
    pub(crate) fn parse(text: &str) -> Result<Self, Repeated> {
        let mut found = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let Some(name) = KNOWN.into_iter().find(|it| *it == name) else { continue };
            if found.insert(name, value.into_owned()).is_some() {
                return Err(Repeated(name));
            }
        }
        found.retain(|_, value| !value.is_empty());
        Ok(Self(found))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The parameters that an app's server sent ahead, for the app that the
    /// browser names: they need not repeat it.
    pub(crate) fn pushed(text: &str, client_id: &str) -> Result<Self, Repeated> {
        let mut pushed = Self::parse(text)?;
        pushed.0.remove("request_uri");
        pushed.0.insert("client_id", client_id.to_owned());
        Ok(pushed)
    }

    /// The PKCE challenge, decoded (RFC 7636, 4.3).
    pub(crate) fn challenge(&self) -> Result<Option<Digest>, &'static str> {
        let method = self.get("code_challenge_method");
        let Some(text) = self.get("code_challenge") else {
            return match method {
                None => Ok(None),
                Some(_) => Err("code_challenge_method came without a code_challenge"),
            };
        };
        if method != Some("S256") {
            return Err("code_challenge_method must be S256");
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let digest = bytes.and_then(|it| <[u8; 32]>::try_from(it).ok());
        digest.map(|it| Some(Digest(it))).ok_or("code_challenge is not the base64url of a SHA-256")
    }

    pub(crate) fn into_request(
        mut self,
        challenge: Option<Digest>,
        pushed: bool,
    ) -> AuthorizeRequest {
        AuthorizeRequest {
            response_type: self.0.remove("response_type"),
            client_id: self.0.remove("client_id"),
            redirect_uri: self.0.remove("redirect_uri"),
            scope: self.0.remove("scope"),
            state: self.0.remove("state"),
            customer_ref: self.0.remove("customer_ref"),
            customer_name: self.0.remove("customer_name"),
            code_challenge: challenge,
            connect_token: self.0.remove("connect_token"),
            pushed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn challenge(query: &str) -> Result<Option<Digest>, &'static str> {
        Parameters::parse(query).unwrap().challenge()
    }

    #[test]
    fn a_known_parameter_comes_once_and_an_unknown_one_is_ignored() {
        assert_eq!(Parameters::parse("state=a&state=b"), Err(Repeated("state")));
        assert_eq!(Parameters::parse("state=&state="), Err(Repeated("state")));
        let parameters = Parameters::parse("utm=1&utm=2&state=&scope=read%3Acommits").unwrap();
        assert_eq!(parameters.get("state"), None);
        assert_eq!(parameters.get("scope"), Some("read:commits"));
    }

    #[test]
    fn only_a_challenge_of_s256_is_taken() {
        assert!(
            challenge(&format!("code_challenge={CHALLENGE}&code_challenge_method=S256"))
                .is_ok_and(|it| it.is_some())
        );
        assert_eq!(challenge(""), Ok(None));
        for wrong in [
            format!("code_challenge={CHALLENGE}"),
            format!("code_challenge={CHALLENGE}&code_challenge_method=plain"),
            format!("code_challenge={CHALLENGE}%3D&code_challenge_method=S256"),
            "code_challenge=abc&code_challenge_method=S256".to_owned(),
            "code_challenge_method=S256".to_owned(),
        ] {
            assert!(challenge(&wrong).is_err(), "{wrong} was taken");
        }
    }
}
