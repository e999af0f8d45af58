//! What the browser's cookie holds, sealed: nobody else can read or make it.

use actix_web::{HttpRequest, cookie::Cookie};
use serde::{Deserialize, Serialize};

use crate::state::TestApp;

/// What the text is sealed beside, so that nothing else opens as a session.
const CONTEXT: &[u8] = b"testapp|session";
/// Whole seconds that the browser keeps it.
const LIFETIME: i64 = 8 * 3_600;

/// One browser's sandbox. It has no `Debug`: it holds secrets.
#[derive(Serialize, Deserialize)]
pub(crate) struct Session {
    /// Tells browsers apart.
    pub(crate) browser: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// A consent that was begun and has not come back.
    pub(crate) pending: Option<Pending>,
    /// The access token.
    pub(crate) token: Option<String>,
}

/// What must come back with the code.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) state: String,
    pub(crate) verifier: String,
}

impl Session {
    /// The one that came with a request. `None` where there is none that we made.
    pub(crate) fn of(app: &TestApp, request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(name(app))?;
        let text = app.keys.open(CONTEXT, cookie.value())?;
        serde_json::from_slice(&text).ok()
    }

    /// The cookie that keeps it. `Lax`, since the consent page of this gateway
    /// leads back here, and a form of another site must not have it.
    pub(crate) fn keep(&self, app: &TestApp) -> Option<Cookie<'static>> {
        let text = serde_json::to_vec(self).ok()?;
        Some(cookie(app, app.keys.seal(CONTEXT, &text), LIFETIME))
    }

    /// The cookie that forgets it.
    pub(crate) fn forget(app: &TestApp) -> Cookie<'static> {
        cookie(app, String::new(), 0)
    }
}

fn cookie(app: &TestApp, value: String, seconds: i64) -> Cookie<'static> {
    Cookie::build(name(app), value)
        .path("/")
        .max_age(actix_web::cookie::time::Duration::seconds(seconds))
        .http_only(true)
        .same_site(actix_web::cookie::SameSite::Lax)
        .secure(app.secure)
        .finish()
}

const fn name(app: &TestApp) -> &'static str {
    if app.secure { "__Host-lodge-testapp" } else { "lodge-testapp" }
}
