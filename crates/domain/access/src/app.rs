//! Developers' apps: the OAuth clients.

use lodge_kernel::{ClientId, Digest, TenantId, Timestamp, UserId};
use url::{Host, Url};

use crate::PermissionSet;

/// An app cannot be like that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// No name, or a very long one.
    #[error("`name` has 1 to 100 characters and no control characters")]
    Name,
    /// A very long description.
    #[error("`description` has at most 1,000 characters and no NUL")]
    Description,
    /// Too many redirect URIs, or none.
    #[error("`allowedRedirectUris` has 1 to 20 entries")]
    RedirectUriCount,
    /// A redirect URI that could leak a code.
    #[error("`{uri}` cannot be a redirect URI: {problem}")]
    RedirectUri {
        /// What was given, cut at 200 characters.
        uri: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// An origin that cannot frame the consent page.
    #[error("`{origin}` is not an origin such as https://app.example.com")]
    EmbedOrigin {
        /// What was given, cut at 200 characters.
        origin: String,
    },
}

/// Where codes may be sent. Compared exactly, character by character
/// (RFC 9700, 2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Takes a URI that a code can safely be sent to.
    ///
    /// # Errors
    ///
    /// [`AppError::RedirectUri`] for anything but `https` (or `http` on the
    /// own machine, RFC 8252, 7.3), for a fragment, a user name, and for the
    /// parameters that we add ourselves.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        let refused =
            |problem| AppError::RedirectUri { uri: text.chars().take(200).collect(), problem };
        if text.len() > 2_000 {
            return Err(refused("it is longer than 2,000 bytes"));
        }
        let url = Url::parse(text).map_err(|_not_a_url| refused("it is not an absolute URL"))?;
        let own_machine = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(refused("it has no host")),
        };
        match url.scheme() {
            "https" => {}
            "http" if own_machine => {}
            _ => return Err(refused("it must be https (or http on localhost)")),
        }
        if url.fragment().is_some() {
            return Err(refused("it has a fragment"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("it has a user name or password"));
        }
        let ours = ["code", "state", "iss", "error", "error_description"];
        if url.query_pairs().any(|(name, _)| ours.contains(&name.as_ref())) {
            return Err(refused("it has a parameter that we add ourselves"));
        }
        if text.contains(|it: char| it.is_control() || it.is_whitespace() || it == '*') {
            return Err(refused("it has a space, a control character or a wildcard"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The URI, as it was registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its scheme, host and port, which may frame the consent page.
    pub fn origin(&self) -> Option<String> {
        Url::parse(&self.0).ok().map(|url| url.origin().ascii_serialization())
    }
}

/// One secret of an app. Two may live beside each other while one is rotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    /// SHA-256 of the secret.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops; `None` for the current one.
    pub expires_at: Option<Timestamp>,
}

/// One developer's app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// The `client_id` of OAuth.
    pub id: ClientId,
    /// The organisation it belongs to.
    pub tenant: TenantId,
    /// Who made it.
    pub owner: UserId,
    /// What customers see.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Where codes may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Who may frame the consent page; the origins of the redirect URIs when
    /// empty.
    pub embed_origins: Vec<String>,
    /// What is asked for when the authorize URL names no scope.
    pub default_permissions: PermissionSet,
    /// PKCE must be used. On unless the developer switches it off.
    pub require_pkce: bool,
    /// Its secrets.
    pub secrets: Vec<ClientSecret>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was deleted. It is kept so that the journal can name it.
    pub deleted_at: Option<Timestamp>,
}

impl App {
    /// Checks what a developer chose.
    ///
    /// # Errors
    ///
    /// The first rule that is broken.
    pub fn validate(self) -> Result<Self, AppError> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.contains(char::is_control) {
            return Err(AppError::Name);
        }
        let odd = |it: &String| it.chars().count() > 1_000 || it.contains('\0');
        if self.description.as_ref().is_some_and(odd) {
            return Err(AppError::Description);
        }
        if self.redirect_uris.is_empty() || self.redirect_uris.len() > 20 {
            return Err(AppError::RedirectUriCount);
        }
        if self.embed_origins.len() > 20 {
            return Err(AppError::EmbedOrigin { origin: "more than 20 origins".to_owned() });
        }
        for origin in &self.embed_origins {
            let same =
                Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin);
            // What could end a directive of a policy, or stand for many origins.
            let odd = origin.contains(['*', ';', ',', '\'', '"']);
            let web = origin.starts_with("https://") || origin.starts_with("http://");
            if !same || odd || !web {
                let origin = origin.chars().take(200).collect();
                return Err(AppError::EmbedOrigin { origin });
            }
        }
        Ok(Self { name: name.to_owned(), ..self })
    }

    /// It has not been deleted.
    pub const fn is_active(&self) -> bool {
        self.deleted_at.is_none()
    }

    /// The digests of the secrets that work at `now`.
    pub fn secrets_at(&self, now: Timestamp) -> impl Iterator<Item = &Digest> {
        let works = move |it: &&ClientSecret| it.expires_at.is_none_or(|end| now < end);
        self.secrets.iter().filter(works).map(|it| &it.digest)
    }

    /// `digest` is that of a secret that works at `now`.
    pub fn has_secret(&self, digest: Digest, now: Timestamp) -> bool {
        self.secrets_at(now).any(|it| *it == digest)
    }

    /// The registered redirect URI that is exactly `text`.
    pub fn redirect_uri(&self, text: &str) -> Option<&RedirectUri> {
        self.redirect_uris.iter().find(|it| it.as_str() == text)
    }

    /// The origins that may frame the consent page.
    pub fn frame_ancestors(&self) -> Vec<String> {
        if self.embed_origins.is_empty() {
            self.redirect_uris.iter().filter_map(RedirectUri::origin).collect()
        } else {
            self.embed_origins.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_uri_that_could_leak_a_code_is_refused() {
        let wrong = [
            "http://acme.example/callback",
            "https://acme.example/callback#here",
            "https://user@acme.example/callback",
            "https://acme.example/callback?code=1",
            "https://*.acme.example/callback",
            "javascript:alert(1)",
            "/callback",
            "https://",
            "",
        ];
        for uri in wrong {
            assert!(RedirectUri::parse(uri).is_err(), "{uri} was taken");
        }
        for uri in
            ["https://acme.example/callback", "http://127.0.0.1:9999/cb", "http://localhost/"]
        {
            assert!(RedirectUri::parse(uri).is_ok(), "{uri} was refused");
        }
    }
}
