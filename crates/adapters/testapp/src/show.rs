//! `GET /testapp`

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Query},
};
use askama::Template;
use serde::Deserialize;

use crate::{answer, session::Session, state::TestApp};

/// The sandbox.
#[derive(Template)]
#[template(path = "testapp.html")]
pub(crate) struct SandboxPage {
    /// Where the app must say that codes may be sent.
    pub(crate) redirect_uri: String,
    /// The app, as it was typed in before.
    pub(crate) client_id: String,
    pub(crate) connected: bool,
    pub(crate) repositories: Vec<Listed>,
    /// What went wrong.
    pub(crate) problem: Option<String>,
    /// What went well.
    pub(crate) news: Option<&'static str>,
}

/// A repository that the token reads.
pub(crate) struct Listed {
    name: String,
    provider: String,
    /// The address of its diagnostics.
    scenario: String,
}

/// How the flow went, in a word of ours.
#[derive(Deserialize)]
pub(crate) struct Told {
    went: Option<String>,
}

impl SandboxPage {
    /// As who has not begun sees it.
    pub(crate) fn empty(app: &TestApp) -> Self {
        Self {
            redirect_uri: app.redirect_uri(),
            client_id: String::new(),
            connected: false,
            repositories: Vec::new(),
            problem: None,
            news: None,
        }
    }
}

#[tracing::instrument(name = "testapp.show", skip_all)]
pub(crate) async fn handler(
    request: HttpRequest,
    app: Data<TestApp>,
    told: Query<Told>,
) -> HttpResponse {
    let mut page = SandboxPage::empty(&app);
    // The address is anybody's: only the words that stand here are shown.
    match told.went.as_deref() {
        Some("connected") => page.news = Some("The customer approved, and the code was exchanged."),
        Some("disconnected") => {
            page.news = Some("The token was revoked, and this browser forgot it.");
        }
        Some("denied") => page.problem = Some("The customer said no.".to_owned()),
        Some("lost") => {
            let text = "The answer does not belong to a consent that began in this browser.";
            page.problem = Some(text.to_owned());
        }
        _ => {}
    }
    let Some(session) = Session::of(&app, &request) else {
        return answer::page(StatusCode::OK, &page);
    };
    page.client_id = session.client_id;
    if let Some(token) = session.token {
        let list = app.read(&token, "/v1/repositories?limit=100").await;
        page.connected = list.is_good();
        if !page.connected {
            page.problem = Some(list.problem());
        }
        page.repositories = list.items().iter().filter_map(Listed::read).collect();
    }
    answer::page(StatusCode::OK, &page)
}

impl Listed {
    fn read(item: &serde_json::Value) -> Option<Self> {
        let text = |name: &str| item.get(name)?.as_str().map(str::to_owned);
        let (provider, id) = (text("provider")?, text("id")?);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("provider", &provider).append_pair("repoId", &id);
        let scenario = format!("/testapp/live/repository-scenario?{}", query.finish());
        Some(Self { name: text("full_name")?, provider, scenario })
    }
}
