//! A browser's worth of HTTP: cookies are kept, redirects are shown and not
//! followed.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use ureq::{
    Agent, Body,
    http::{HeaderMap, Request, Response},
};

use crate::form::Form;

/// Speaks to one server.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    cookies: BTreeMap<String, String>,
    bearer: Option<String>,
    wants_pages: bool,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as text.
    pub body: String,
    /// The body, as it came.
    pub bytes: Vec<u8>,
}

impl Client {
    /// `base` is scheme, host and port.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        let agent = Agent::new_with_config(config);
        Self {
            agent,
            base: base.to_owned(),
            cookies: BTreeMap::new(),
            bearer: None,
            wants_pages: false,
        }
    }

    /// The same, with a token or a session in the `Authorization` header.
    #[must_use]
    pub fn bearing(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    /// The same, for a person who looks at pages.
    #[must_use]
    pub fn wanting_pages(mut self) -> Self {
        self.wants_pages = true;
        self
    }

    /// The same, with one more cookie.
    #[must_use]
    pub fn keeping(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The values of all cookies that it keeps.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.cookies.values().map(String::as_str)
    }

    /// `GET`; `path` may also be a whole address.
    ///
    /// # Errors
    ///
    /// When there is no answer. A refusal is one.
    pub fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let url = self.url(path);
        let mut request = self.agent.get(&url);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        self.receive(request.call().with_context(|| format!("GET {url}"))?)
    }

    /// `POST` of JSON.
    ///
    /// # Errors
    ///
    /// When there is no answer. A refusal is one.
    pub fn post(&mut self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        let url = self.url(path);
        let mut request = self.agent.post(&url);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        self.receive(request.send_json(body).with_context(|| format!("POST {url}"))?)
    }

    /// Any method, with any further headers; a body goes as it is.
    ///
    /// # Errors
    ///
    /// When there is no answer. A refusal is one.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> anyhow::Result<Answer> {
        let url = self.url(path);
        let mut request = Request::builder().method(method).uri(&url);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => self.agent.run(request.body(body.to_owned())?),
            None => self.agent.run(request.body(())?),
        };
        self.receive(answer.with_context(|| format!("{method} {url}"))?)
    }

    /// What a browser sends when a person presses a button of `form`.
    ///
    /// # Errors
    ///
    /// When there is no answer. A refusal is one.
    pub fn submit(&mut self, form: &Form) -> anyhow::Result<Answer> {
        let url = self.url(&form.action);
        let mut request = self.agent.post(&url);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        let request = request
            .header("Origin", self.base.as_str())
            .header("Sec-Fetch-Site", "same-origin")
            .send_form(form.fields());
        self.receive(request.with_context(|| format!("POST {url}"))?)
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if self.wants_pages {
            headers.push(("Accept", "text/html,*/*;q=0.8".to_owned()));
        }
        if let Some(bearer) = &self.bearer {
            headers.push(("Authorization", format!("Bearer {bearer}")));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> =
                self.cookies.iter().map(|(it, value)| format!("{it}={value}")).collect();
            headers.push(("Cookie", pairs.join("; ")));
        }
        headers
    }

    fn receive(&mut self, mut response: Response<Body>) -> anyhow::Result<Answer> {
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str()?.split(';').next().and_then(|it| it.split_once('='));
            match pair {
                // The server lets the browser forget it.
                Some((name, "")) => drop(self.cookies.remove(name.trim())),
                Some((name, value)) => {
                    self.cookies.insert(name.trim().to_owned(), value.to_owned());
                }
                None => {}
            }
        }
        let bytes = response.body_mut().read_to_vec()?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        })
    }
}

impl Answer {
    /// The body of a success, read as JSON.
    ///
    /// # Errors
    ///
    /// When it is a refusal, or not JSON.
    pub fn json(&self) -> anyhow::Result<Value> {
        ensure!((200..300).contains(&self.status), "answered {}: {}", self.status, self.body);
        serde_json::from_str(&self.body).context("the answer is not JSON")
    }

    /// Status and canonical code of a refusal.
    ///
    /// # Errors
    ///
    /// When it is no refusal in the canonical shape, or the request's id in
    /// the body is not the one in the header.
    pub fn refusal(&self) -> anyhow::Result<(u16, String)> {
        let body: Value = serde_json::from_str(&self.body)
            .with_context(|| format!("answered {}: {}", self.status, self.body))?;
        let error = body.get("error").with_context(|| format!("not a refusal: {}", self.body))?;
        let id = text(error, "request_id")?;
        ensure!(self.header("x-request-id") == Some(id), "the request has two ids: {}", self.body);
        Ok((self.status, text(error, "code")?.to_owned()))
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where a redirection leads.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn location(&self) -> anyhow::Result<&str> {
        let location = self.header("location");
        location.with_context(|| format!("no redirection, but {}: {}", self.status, self.body))
    }
}

/// The text in a field of `object`.
///
/// # Errors
///
/// When there is none.
pub fn text<'a>(object: &'a Value, field: &str) -> anyhow::Result<&'a str> {
    let found = object.get(field).and_then(Value::as_str);
    found.with_context(|| format!("there is no text `{field}` in {object}"))
}
