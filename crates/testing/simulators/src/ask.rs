//! A request to a simulated host.

use bytes::Bytes;

/// A request to a simulated host.
#[derive(Clone, Debug)]
pub struct Ask {
    /// `GET`, `POST` …
    pub method: String,
    /// The path below the host's name, segment by segment, percent-decoded.
    pub segments: Vec<String>,
    /// The query, in its order, decoded.
    pub query: Vec<(String, String)>,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// The host's address: `http://127.0.0.1:4000/github`.
    pub address: String,
}

impl Ask {
    /// The path, to match on: `["repos", owner, name]`.
    pub fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter that is a whole number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.query(name)?.parse().ok()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A field of a form, or of a JSON object, in the body.
    pub fn field(&self, name: &str) -> Option<String> {
        if let Ok(json) = serde_json::from_slice::<serde_json::Value>(&self.body) {
            return json.get(name)?.as_str().map(str::to_owned);
        }
        let mut pairs = url::form_urlencoded::parse(&self.body);
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// The token in `Authorization: Bearer …` or `token …`, or in one of the
    /// hosts' own headers.
    pub fn token(&self) -> Option<&str> {
        if let Some(private) = self.header("private-token") {
            return Some(private);
        }
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        let known = ["bearer", "token", "basic"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
        known.then_some(token)
    }
}
