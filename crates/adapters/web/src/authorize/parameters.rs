//! The query of the authorization endpoint.

use std::collections::BTreeMap;

use lodge_gateway::oauth::AuthorizeRequest;
use url::form_urlencoded;

/// What we know. Others are ignored (RFC 6749, 3.1).
const KNOWN: [&str; 16] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "customer_ref",
    "customer_name",
    "customer_sig",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    "connect_token",
    "request_uri",
    "transaction",
    // How a login at a host went, and at which.
    "login",
    "provider",
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

    /// Says which app it is about: the path does, whatever the query says.
    pub(crate) fn name_app(&mut self, client_id: &str) {
        self.0.insert("client_id", client_id.to_owned());
    }

    /// The parameters that an app's server sent ahead, for the app that the
    /// browser names: they need not repeat it.
    pub(crate) fn pushed(text: &str, client_id: &str) -> Result<Self, Repeated> {
        let mut pushed = Self::parse(text)?;
        pushed.0.remove("request_uri");
        pushed.0.insert("client_id", client_id.to_owned());
        Ok(pushed)
    }

    pub(crate) fn into_request(mut self, pushed: bool) -> AuthorizeRequest {
        AuthorizeRequest {
            response_type: self.0.remove("response_type"),
            client_id: self.0.remove("client_id"),
            redirect_uri: self.0.remove("redirect_uri"),
            scope: self.0.remove("scope"),
            state: self.0.remove("state"),
            customer_ref: self.0.remove("customer_ref"),
            customer_name: self.0.remove("customer_name"),
            customer_sig: self.0.remove("customer_sig"),
            code_challenge: self.0.remove("code_challenge"),
            code_challenge_method: self.0.remove("code_challenge_method"),
            response_mode: self.0.remove("response_mode"),
            connect_token: self.0.remove("connect_token"),
            request_uri: self.0.remove("request_uri"),
            pushed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_parameter_comes_once_and_an_unknown_one_is_ignored() {
        assert_eq!(Parameters::parse("state=a&state=b"), Err(Repeated("state")));
        assert_eq!(Parameters::parse("state=&state="), Err(Repeated("state")));
        let parameters = Parameters::parse("utm=1&utm=2&state=&scope=read%3Acommits").unwrap();
        assert_eq!(parameters.get("state"), None);
        assert_eq!(parameters.get("scope"), Some("read:commits"));
    }
}
