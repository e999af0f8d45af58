//! What an authorization request must be like, whether a browser brings it or
//! the app's server sends it ahead.

use lodge_access::{
    AnswerMode, App, CustomerSig, CustomerSigError, PermissionSet, parse_challenge,
};
use lodge_kernel::{Digest, Timestamp};

use crate::{
    Gateway,
    oauth::{AuthorizeRequest, OAuthErrorCode},
};

/// A request that can be used.
pub(super) struct Checked {
    /// What the app asks for.
    pub(super) scope: PermissionSet,
    /// What the verifier's digest must be.
    pub(super) challenge: Option<Digest>,
    /// How the answer comes back.
    pub(super) answer: AnswerMode,
    /// A right signature of the customer's reference. Whether it came before
    /// is not known yet.
    pub(super) signature: Option<CustomerSig>,
}

/// Why a request cannot be used, in the words of the RFC.
#[derive(Debug)]
pub(crate) struct Unusable {
    pub(super) code: OAuthErrorCode,
    pub(crate) description: String,
}

impl Unusable {
    pub(super) fn invalid(description: impl Into<String>) -> Self {
        Self { code: OAuthErrorCode::InvalidRequest, description: description.into() }
    }
}

impl From<CustomerSigError> for Unusable {
    fn from(error: CustomerSigError) -> Self {
        Self::invalid(error.to_string())
    }
}

/// The registered redirect URI that the request names. Without one, nothing is
/// sent anywhere.
pub(super) fn registered(app: &App, request: &AuthorizeRequest) -> Result<String, &'static str> {
    let given = request.redirect_uri.as_deref().ok_or("redirect_uri is missing")?;
    let known = app.redirect_uri(given);
    let known =
        known.ok_or("redirect_uri is not one that the app registered, character by character")?;
    Ok(known.as_str().to_owned())
}

impl Gateway {
    /// Checks everything of a request but its redirect URI.
    pub(super) fn check_request(
        &self,
        app: &App,
        request: &AuthorizeRequest,
    ) -> Result<Checked, Unusable> {
        if request.request_uri.is_some() {
            return Err(Unusable::invalid("a request that is sent ahead has no request_uri"));
        }
        match request.response_type.as_deref() {
            Some("code") => {}
            given => {
                let code = match given {
                    None => OAuthErrorCode::InvalidRequest,
                    Some(_) => OAuthErrorCode::UnsupportedResponseType,
                };
                let description = "response_type must be `code`".to_owned();
                return Err(Unusable { code, description });
            }
        }
        let odd = |it: &String| it.len() > 2_000 || it.contains(char::is_control);
        if request.state.as_ref().is_some_and(odd) {
            let description = "state is longer than 2,000 bytes or has a control character";
            return Err(Unusable::invalid(description));
        }
        check_labels(request)?;
        let (text, method) = (&request.code_challenge, &request.code_challenge_method);
        let challenge = parse_challenge(text.as_deref(), method.as_deref());
        let challenge = challenge.map_err(|error| Unusable::invalid(error.to_string()))?;
        if app.require_pkce && challenge.is_none() {
            let description = "this app must send a code_challenge with code_challenge_method=S256";
            return Err(Unusable::invalid(description));
        }
        let scope = scope(app, request)?;
        let redirect_uri = request.redirect_uri.as_deref().unwrap_or_default();
        let answer = answer_mode(request, redirect_uri)?;
        let signature = self.check_signature(app, request, self.now())?;
        Ok(Checked { scope, challenge, answer, signature })
    }

    /// Checks what a request says of the customer, and nothing else of it.
    pub(crate) fn check_customer(
        &self,
        app: &App,
        request: &AuthorizeRequest,
    ) -> Result<Option<CustomerSig>, Unusable> {
        check_labels(request)?;
        self.check_signature(app, request, self.now())
    }

    /// The signature of the customer's reference, if there is one. It is never
    /// passed over: who signs means to be believed.
    fn check_signature(
        &self,
        app: &App,
        request: &AuthorizeRequest,
        now: Timestamp,
    ) -> Result<Option<CustomerSig>, Unusable> {
        let Some(text) = &request.customer_sig else { return Ok(None) };
        if request.connect_token.is_some() {
            let description = "connect_token names the customer: leave customer_sig out";
            return Err(Unusable::invalid(description));
        }
        if request.pushed {
            let description =
                "a request that is sent ahead vouches for customer_ref: leave customer_sig out";
            return Err(Unusable::invalid(description));
        }
        let Some(reference) = request.reference() else {
            return Err(Unusable::invalid("customer_sig came without a customer_ref"));
        };
        let signature = CustomerSig::parse(text)?;
        let message = signature.message(app.id, reference, request.customer_name.as_deref());
        let fits = |key: &Digest| self.keys.is_tag(key, message.as_bytes(), signature.tag());
        // The tag is checked before the time, so that a stranger's tells nothing.
        if !app.secrets_at(now).any(fits) {
            return Err(CustomerSigError::Tag.into());
        }
        signature.check_time(now)?;
        Ok(Some(signature))
    }
}

/// How the answer comes back. A message goes to an origin, so that a redirect
/// URI without one cannot be told.
pub(super) fn answer_mode(
    request: &AuthorizeRequest,
    redirect_uri: &str,
) -> Result<AnswerMode, Unusable> {
    let is_web = ["https://", "http://"].iter().any(|it| redirect_uri.starts_with(it));
    match request.response_mode.as_deref() {
        None | Some("query") => Ok(AnswerMode::Query),
        Some("web_message") if is_web => Ok(AnswerMode::WebMessage),
        Some("web_message") => {
            Err(Unusable::invalid("web_message needs a redirect_uri with an origin of the web"))
        }
        Some(_) => Err(Unusable::invalid("response_mode is `query` or `web_message`")),
    }
}

fn check_labels(request: &AuthorizeRequest) -> Result<(), Unusable> {
    let labels = [&request.customer_ref, &request.customer_name];
    if labels.into_iter().flatten().any(|it| it.contains(char::is_control)) {
        let description = "customer_ref and customer_name have no control characters";
        return Err(Unusable::invalid(description));
    }
    if request.reference().is_some_and(|it| it.chars().count() > 200) {
        return Err(Unusable::invalid("customer_ref is longer than 200 characters"));
    }
    Ok(())
}

fn scope(app: &App, request: &AuthorizeRequest) -> Result<PermissionSet, Unusable> {
    let refused = |description| Unusable { code: OAuthErrorCode::InvalidScope, description };
    let scope = match request.scope.as_deref().map(str::trim).filter(|it| !it.is_empty()) {
        None => app.default_permissions,
        Some(text) => PermissionSet::parse(text).map_err(|unknown| refused(unknown.to_string()))?,
    };
    if scope.is_empty() {
        return Err(refused("name at least one scope".to_owned()));
    }
    Ok(scope)
}
