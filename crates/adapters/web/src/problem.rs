//! The page of everything that cannot be done.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use askama::Template;
use lodge_storage::StorageError;

use crate::answer::{self, Framing, Head};

/// Something that a person is told on a page of its own.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    title: &'static str,
    /// What was wrong.
    text: String,
    /// What to do.
    advice: &'static str,
    framing: Framing,
    aside: Option<Aside>,
}

/// What the head says beside the page.
#[derive(Debug)]
enum Aside {
    /// The methods that are answered.
    Allow(String),
    /// When to come back, in seconds.
    RetryAfter(u64),
}

const ASK_AGAIN: &str = "Go back to the app that sent you here and begin again.";
const TRY_LATER: &str = "Wait a moment, then reload the page.";

impl Problem {
    fn new(
        status: StatusCode,
        title: &'static str,
        text: impl Into<String>,
        advice: &'static str,
    ) -> Self {
        let framing = Framing::Nobody;
        let text = sentence(text.into());
        Self { status, title, text, advice, framing, aside: None }
    }

    /// The link that led here is wrong.
    pub(crate) fn link(text: impl Into<String>) -> Self {
        let advice = "Nothing was shared. Go back to the app that sent you here and begin again. \
                      If it happens again, tell the app’s developers what stands above.";
        Self::new(StatusCode::BAD_REQUEST, "This link does not work", text, advice)
    }

    /// A filter that means nothing.
    pub(crate) fn query(what: &str) -> Self {
        let text = format!("{what} cannot be read in the address");
        let advice = "Go back and choose again.";
        Self::new(StatusCode::BAD_REQUEST, "This link does not work", text, advice)
    }

    /// A form that our page did not make.
    pub(crate) fn unreadable(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "The form cannot be read", text, ASK_AGAIN)
    }

    /// A form with too much in it.
    pub(crate) fn too_large(text: impl Into<String>) -> Self {
        let advice = "Go back, tick fewer repositories and try again.";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large", text, advice)
    }

    /// A form that took too long to arrive.
    pub(crate) fn too_slow(text: impl Into<String>) -> Self {
        let advice = "Go back and send it again.";
        Self::new(StatusCode::REQUEST_TIMEOUT, "The form came too slowly", text, advice)
    }

    /// Not a form at all.
    pub(crate) fn not_a_form() -> Self {
        let text = "this address takes application/x-www-form-urlencoded only";
        let title = "The form cannot be read";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, title, text, ASK_AGAIN)
    }

    /// Another site speaks for the person.
    pub(crate) fn forged(text: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Nothing was changed", text, ASK_AGAIN)
    }

    /// A form of a page of ours that another site, or another session, sent.
    pub(crate) fn forged_form(text: impl Into<String>) -> Self {
        let advice = "Go back, reload the page and send the form again.";
        Self::new(StatusCode::FORBIDDEN, "Nothing was changed", text, advice)
    }

    /// What was asked for is not there, or not theirs to see.
    pub(crate) fn nothing_here(text: impl Into<String>) -> Self {
        let advice = "Check the address, or go back to where you came from.";
        Self::new(StatusCode::NOT_FOUND, "There is nothing here", text, advice)
    }

    /// The role does not reach so far.
    pub(crate) fn not_allowed(text: impl Into<String>) -> Self {
        let advice = "Ask an owner or administrator of your organisation.";
        Self::new(StatusCode::FORBIDDEN, "You may not do that", text, advice)
    }

    /// Strangers cannot open accounts.
    pub(crate) fn closed_sign_up(text: impl Into<String>) -> Self {
        let advice = "If you have an account, sign in at /app/login. If you run this gateway, set \
                      GITLODGE_SIGNUP=open, or add people with `gitlodge admin create`.";
        Self::new(StatusCode::FORBIDDEN, "Accounts are opened by invitation", text, advice)
    }

    /// A page that was given up.
    pub(crate) fn retired() -> Self {
        let text = "customers have no accounts here: what you share is managed on the page that \
                    the app itself opens for you";
        let advice = "Go back to the app. If you make apps, sign in at /app/login.";
        Self::new(StatusCode::GONE, "This page is no longer here", text, advice)
    }

    /// A link that is good once.
    pub(crate) fn spent_link(text: impl Into<String>) -> Self {
        let advice = "If it was you who used it, sign in at /app/login.";
        Self::new(StatusCode::GONE, "This link is no longer good", text, advice)
    }

    /// Something that must not happen. The cause goes to the log.
    pub(crate) fn broken(cause: &dyn std::error::Error) -> Self {
        tracing::error!(error = %cause, "a page cannot be made");
        let text = "something went wrong on our side";
        let title = "This page cannot be shown";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, title, text, TRY_LATER)
    }

    /// No such visit in this browser.
    pub(crate) fn unknown_visit(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "This page is not yours to see", text, ASK_AGAIN)
    }

    /// Nobody is known here: the app must bring the person.
    pub(crate) fn no_session(text: impl Into<String>) -> Self {
        let advice = "The app that you share repositories with has a link to this page. It proves \
                      who you are, so that nobody else can look or change anything here.";
        Self::new(StatusCode::UNAUTHORIZED, "Open this page from the app", text, advice)
    }

    /// Something that is not there, or is somebody else's.
    pub(crate) fn not_there(text: impl Into<String>) -> Self {
        let advice = "Nothing was changed. Go back and reload the page.";
        Self::new(StatusCode::NOT_FOUND, "That is not here", text, advice)
    }

    /// The visit is over.
    pub(crate) fn ended_visit(text: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE, "This request is closed", text, ASK_AGAIN)
    }

    /// The customer has answered, and answers again.
    pub(crate) fn answered_visit(text: impl Into<String>, approved: bool) -> Self {
        let advice = if approved {
            "There is nothing more to do here: close this page and go on in the app. If the app \
             does not know of it, begin again there. To see or take back what you share, open your \
             access page from the app."
        } else {
            "There is nothing more to do here: close this page. If you have changed your mind, go \
             back to the app and begin again."
        };
        Self::new(StatusCode::GONE, "You have answered already", text, advice)
    }

    /// Too many requests from one address.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let text = "your network asks more often than this gateway allows";
        let advice = "Wait a few seconds, then go back and try again.";
        let title = "Please wait a moment";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, title, text, advice);
        Self { aside: Some(Aside::RetryAfter(seconds)), ..problem }
    }

    /// The path is there, the method is not.
    pub(crate) fn method_not_allowed(allowed: &str) -> Self {
        let text = format!("this address answers {allowed}");
        let title = "That cannot be done here";
        let problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, title, text, ASK_AGAIN);
        Self { aside: Some(Aside::Allow(allowed.to_owned())), ..problem }
    }

    /// The same problem, on a page that `framing` allows to be framed.
    pub(crate) fn framed(self, framing: Framing) -> Self {
        Self { framing, ..self }
    }
}

/// Our own failure: the log is told what, the person only that it is ours.
impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        tracing::error!(error = %error, "the database did not answer a page");
        let text = "something on our side does not answer at the moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Please try again", text, TRY_LATER)
    }
}

/// A message of the inner rings as a sentence: they begin in lower case and
/// have no full stop. The name of a parameter stays as it is written.
fn sentence(mut text: String) -> String {
    let is_name = text.split(' ').next().is_some_and(|it| it.contains('_') || it.contains('`'));
    if !is_name && let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    title: &'a str,
    text: &'a str,
    advice: &'a str,
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let head = Head { framing: self.framing.clone(), ..Head::default() };
        let view = ProblemPage { title: self.title, text: &self.text, advice: self.advice };
        let mut response = answer::page(self.status, &head, &view);
        let (name, value) = match &self.aside {
            None => return response,
            Some(Aside::Allow(methods)) => (header::ALLOW, methods.parse().ok()),
            Some(Aside::RetryAfter(seconds)) => (header::RETRY_AFTER, Some((*seconds).into())),
        };
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("this link is old".to_owned()), "This link is old.");
        assert_eq!(sentence("client_id is missing".to_owned()), "client_id is missing.");
        assert_eq!(sentence("ähnlich".to_owned()), "ähnlich.");
        assert_eq!(sentence(String::new()), ".");
    }
}
