//! A browser's worth of HTTP: cookies are kept, redirects are shown and not followed.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, bail};
use serde_json::Value;
use ureq::{Agent, http::Response};

/// Speaks to one server.
pub(super) struct Client {
    agent: Agent,
    base: String,
    cookies: BTreeMap<String, String>,
    /// For the `Authorization` header.
    pub bearer: Option<String>,
    /// For the header `x-admin-api-key`.
    pub admin_key: Option<String>,
    /// For the header `X-Forwarded-For`.
    pub address: Option<String>,
    /// Asks for pages, as a browser does.
    pub wants_pages: bool,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub body: String,
}

impl Client {
    /// `base` is scheme, host and port.
    pub(super) fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        let agent = Agent::new_with_config(config);
        Self {
            agent,
            base: base.to_owned(),
            cookies: BTreeMap::new(),
            bearer: None,
            admin_key: None,
            address: None,
            wants_pages: false,
        }
    }

    pub(super) fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let url = self.url(path);
        let mut request = self.agent.get(&url);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        self.receive(request.call().with_context(|| format!("GET {url}"))?)
    }

    pub(super) fn post_json(&mut self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        let url = self.url(path);
        let mut request = self.agent.post(&url);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        self.receive(request.send_json(body).with_context(|| format!("POST {url}"))?)
    }

    pub(super) fn post_form(
        &mut self,
        path: &str,
        fields: &[(String, String)],
    ) -> anyhow::Result<Answer> {
        let url = self.url(path);
        let mut request = self.agent.post(&url);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        // What a browser says about a form of the same page.
        request =
            request.header("Origin", self.base.as_str()).header("Sec-Fetch-Site", "same-origin");
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.receive(request.send_form(fields).with_context(|| format!("POST {url}"))?)
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
        if let Some(key) = &self.admin_key {
            headers.push(("x-admin-api-key", key.clone()));
        }
        if let Some(address) = &self.address {
            headers.push(("X-Forwarded-For", address.clone()));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.push(("Cookie", pairs.join("; ")));
        }
        headers
    }

    fn receive(&mut self, mut response: Response<ureq::Body>) -> anyhow::Result<Answer> {
        for cookie in response.headers().get_all("set-cookie") {
            let text = cookie.to_str().unwrap_or_default();
            if let Some((name, value)) = text.split(';').next().and_then(|it| it.split_once('=')) {
                self.cookies.insert(name.trim().to_owned(), value.to_owned());
            }
        }
        let location =
            response.headers().get("location").and_then(|it| it.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        Ok(Answer { status, location, body: response.body_mut().read_to_string()? })
    }
}

impl Answer {
    /// The body of a success, read as JSON.
    pub(super) fn json(&self) -> anyhow::Result<Value> {
        if !(200..300).contains(&self.status) {
            bail!("the server answered {}: {}", self.status, self.body);
        }
        serde_json::from_str(&self.body).context("the answer is not JSON")
    }
}

/// The first text under the key `name`, however deep.
pub(super) fn text_at<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    match value {
        Value::Object(fields) => fields
            .get(name)
            .and_then(Value::as_str)
            .or_else(|| fields.values().find_map(|it| text_at(it, name))),
        Value::Array(items) => items.iter().find_map(|it| text_at(it, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_found_however_deep() {
        let answer = json!({"data": [{"client": {"id": "app_1", "secret": 7}}]});
        assert_eq!(text_at(&answer, "id"), Some("app_1"));
        assert_eq!(text_at(&answer, "secret"), None);
    }

    #[test]
    fn a_refusal_is_shown_and_not_parsed() {
        let answer = Answer { status: 403, location: None, body: "no".to_owned() };
        assert_eq!(answer.json().unwrap_err().to_string(), "the server answered 403: no");
    }
}
