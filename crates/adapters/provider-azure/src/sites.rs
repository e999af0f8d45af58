//! Where the parts of Azure DevOps are.

use lodge_provider_kit::{Base, BaseError, OAuthEndpoints};
use url::Url;

/// The sites of one installation. At the vendor's there are four; a server
/// has one, and no login (its collections are what the vendor calls
/// organisations).
#[derive(Clone, Debug)]
pub(crate) struct Sites {
    /// Git, builds and webhooks, below each organisation.
    pub(crate) main: Base,
    /// Classic releases, below each organisation.
    pub(crate) release: Base,
    /// Profiles, and the organisations of an account.
    pub(crate) profile: Base,
    login: Base,
}

impl Sites {
    /// Everything below `address`, or the vendor's sites. Below one address no
    /// two paths of the four sites are the same.
    pub(crate) fn of(address: Option<&Base>) -> Result<Self, BaseError> {
        if let Some(base) = address {
            return Ok(Self {
                main: base.clone(),
                release: base.clone(),
                profile: base.clone(),
                login: base.clone(),
            });
        }
        Ok(Self {
            main: Base::parse("https://dev.azure.com")?,
            release: Base::parse("https://vsrm.dev.azure.com")?,
            profile: Base::parse("https://app.vssps.visualstudio.com")?,
            login: Base::parse("https://login.microsoftonline.com")?,
        })
    }

    /// Microsoft Entra's endpoints for the people of `tenant`:
    /// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>.
    /// It has none for giving a token up.
    pub(crate) fn entra(&self, tenant: &str) -> OAuthEndpoints {
        let endpoint = |name| self.login.below([tenant, "oauth2", "v2.0", name]).url().clone();
        let (authorize, token) = (endpoint("authorize"), endpoint("token"));
        OAuthEndpoints { authorize, token, revoke: None }
    }

    /// The organisation that `url`, told by the host, lies in.
    pub(crate) fn organization_of(&self, url: &str) -> Option<String> {
        let url = Url::parse(url).ok()?;
        // The older spelling of the vendor's addresses.
        let old = url.host_str().and_then(|host| host.strip_suffix(".visualstudio.com"));
        if let Some(organization) = old {
            return Some(organization.to_owned());
        }
        let main = self.main.url();
        let prefix = main.path().trim_end_matches('/');
        let rest = url.path().strip_prefix(prefix).filter(|_| url.origin() == main.origin())?;
        let first = rest.strip_prefix('/')?.split('/').next()?;
        // A query decodes what a path has encoded, but for the plus.
        let pair = format!("x={}", first.replace('+', "%2B"));
        let (_, name) = url::form_urlencoded::parse(pair.as_bytes()).next()?;
        Some(name.into_owned()).filter(|it| !it.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_is_read_from_every_spelling_of_its_addresses() {
        let vendor = Sites::of(None).unwrap();
        let server = Base::parse("https://tfs.example.com/tfs").unwrap();
        let server = Sites::of(Some(&server)).unwrap();
        for (sites, url, organization) in [
            (&vendor, "https://dev.azure.com/fabrikam/_apis/git", Some("fabrikam")),
            (&vendor, "https://fabrikam.visualstudio.com/_apis/git", Some("fabrikam")),
            (&vendor, "https://dev.azure.com/", None),
            (&vendor, "https://evil.example/fabrikam/_apis/git", None),
            (&server, "https://tfs.example.com/tfs/My%20Collection/x", Some("My Collection")),
            (&server, "not a url", None),
        ] {
            assert_eq!(sites.organization_of(url).as_deref(), organization, "{url}");
        }
    }
}
