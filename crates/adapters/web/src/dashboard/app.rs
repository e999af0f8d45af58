//! One app: making it, its page, its secret.

use askama::Template;
use lodge_access::{App, RedirectUri};

use super::{
    form::AppForm,
    frame::Frame,
    told::{day, minute},
};

#[derive(Template)]
#[template(path = "dashboard/app_new.html")]
pub(super) struct NewAppPage {
    pub(super) frame: Frame,
    pub(super) problem: Option<String>,
    pub(super) form: AppForm,
}

#[derive(Template)]
#[template(path = "dashboard/secret.html")]
pub(super) struct SecretPage<'a> {
    pub(super) frame: Frame,
    pub(super) name: &'a str,
    pub(super) id: String,
    pub(super) secret: &'a str,
    /// Until when the one before it works.
    pub(super) old_until: Option<String>,
}

#[derive(Template)]
#[template(path = "dashboard/app.html")]
pub(super) struct AppPage<'a> {
    frame: Frame,
    problem: Option<String>,
    may_manage: bool,
    name: String,
    id: String,
    secrets: Vec<SecretView>,
    redirect_uri: String,
    issuer: &'a str,
    form: AppForm,
}

struct SecretView {
    made: String,
    until: Option<String>,
}

impl<'a> AppPage<'a> {
    /// `form` is what somebody filled in wrongly; the app as it is without.
    pub(super) fn new(
        frame: Frame,
        app: &App,
        may_manage: bool,
        issuer: &'a str,
        wrong: Option<(String, AppForm)>,
    ) -> Self {
        let (problem, form) = match wrong {
            Some((problem, form)) => (Some(problem), form),
            None => (None, AppForm::of(app)),
        };
        let secrets = app
            .secrets
            .iter()
            .map(|it| SecretView { made: day(it.created_at), until: it.expires_at.map(minute) });
        let redirect_uri = app.redirect_uris.first().map_or("", RedirectUri::as_str).to_owned();
        Self {
            frame,
            problem,
            may_manage,
            name: app.name.clone(),
            id: app.id.to_string(),
            secrets: secrets.collect(),
            // It stands between single quotes of a shell.
            redirect_uri: redirect_uri.replace('\'', "%27"),
            issuer,
            form,
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/tried.html")]
pub(super) struct TriedPage<'a> {
    pub(super) frame: Frame,
    pub(super) id: String,
    pub(super) customer: &'a str,
    pub(super) redirect_uri: String,
    pub(super) url: String,
    pub(super) until: String,
    pub(super) issuer: &'a str,
    /// Whose challenge is in the address.
    pub(super) verifier: String,
}
