//! Where the parts of Azure DevOps are.

use lodge_provider_kit::{Base, BaseError, OAuthEndpoints};
use url::Url;

use crate::payload::repository::RepositoryPayload;

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

    /// The sites that a delivery comes from, as its body has it: `organization` is
    /// the organisation's address, `below` are addresses below it. `None` when
    /// it tells neither the vendor's nor that of a collection of a server.
    pub(crate) fn told_by(organization: Option<&str>, below: &[&str]) -> Option<Self> {
        let mut told = organization.iter().chain(below).filter_map(|it| Url::parse(it).ok());
        if told.any(|it| is_the_vendors(&it)) {
            return Self::of(None).ok();
        }
        // A collection's name is the last part of its address.
        let collection = Url::parse(organization?).ok()?;
        let (above, _) = collection.path().trim_end_matches('/').rsplit_once('/')?;
        let address = format!("{}{above}", collection.origin().ascii_serialization());
        Self::of(Some(&Base::parse(&address).ok()?)).ok()
    }

    /// The page of a repository, for people.
    pub(crate) fn page(
        &self,
        organization: &str,
        repository: &RepositoryPayload<'_>,
    ) -> Option<String> {
        let project = repository.project.as_ref()?.name.as_deref()?;
        let path = [organization, project, "_git", repository.name.as_deref()?];
        Some(self.main.below(path).url().as_str().to_owned())
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

fn is_the_vendors(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "dev.azure.com" || host.ends_with(".visualstudio.com")
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

    #[test]
    fn whose_sites_a_delivery_comes_from_stands_in_its_body() {
        let api = "https://dev.azure.com/fabrikam/_apis/git/repositories/7";
        let elsewhere = "https://tfs.example.com/tfs/Some/_apis/git/repositories/7";
        for (organization, below, main) in [
            (Some("https://dev.azure.com/fabrikam/"), &[api][..], Some("https://dev.azure.com/")),
            (Some("https://fabrikam.visualstudio.com/"), &[], Some("https://dev.azure.com/")),
            // The samples of the documentation do not tell the organisation's.
            (None, &[elsewhere, api], Some("https://dev.azure.com/")),
            (
                Some("https://tfs.example.com/tfs/Some/"),
                &[elsewhere],
                Some("https://tfs.example.com/tfs"),
            ),
            (Some("https://tfs.example.com:8080/Some"), &[], Some("https://tfs.example.com:8080/")),
            (None, &[elsewhere], None),
            (Some("https://tfs.example.com"), &[], None),
            (Some("nothing"), &[], None),
        ] {
            let told = Sites::told_by(organization, below);
            let told = told.as_ref().map(|it| it.main.url().as_str());
            assert_eq!(told, main, "{organization:?} {below:?}");
        }
    }
}
