//! A repository's id: `organisation~id`, since the host's own id is unique in
//! its organisation only, and no path does without the organisation.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_forge::RepositoryId;
use lodge_provider::{Account, ProviderError, RepositoryRef};

/// Where a repository is, and through whom it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) account: Account,
    pub(crate) organization: String,
    /// The repository's GUID.
    pub(crate) repository: String,
}

impl Place {
    /// Reads an id that [`id`] wrote. Any other id is that of no repository.
    pub(crate) fn of(repository: &RepositoryRef) -> Result<Self, ProviderError> {
        let (organization, guid) = repository
            .id
            .as_str()
            .rsplit_once('~')
            .filter(|(_, guid)| is_guid(guid))
            .ok_or(ProviderError::RepositoryNotFound)?;
        let organization = match organization.strip_prefix('{') {
            None => Some(organization.to_owned()),
            Some(encoded) => encoded
                .strip_suffix('}')
                .and_then(|it| URL_SAFE_NO_PAD.decode(it).ok())
                .and_then(|it| String::from_utf8(it).ok()),
        };
        let organization = organization.filter(|it| !it.is_empty());
        Ok(Self {
            account: repository.account,
            organization: organization.ok_or(ProviderError::RepositoryNotFound)?,
            repository: guid.to_owned(),
        })
    }
}

/// The id of the repository `guid`. A collection of a server may have a name
/// that cannot stand in an id: it stands encoded in braces. `None` for what is
/// no repository's GUID.
pub(crate) fn id(organization: &str, guid: &str) -> Option<RepositoryId> {
    if !is_guid(guid) {
        return None;
    }
    // Neither has letters whose case matters, and events may spell them
    // otherwise than lists do.
    let (organization, guid) = (organization.to_lowercase(), guid.to_ascii_lowercase());
    let plain = organization.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._".contains(&it));
    let organization =
        if plain { organization } else { format!("{{{}}}", URL_SAFE_NO_PAD.encode(organization)) };
    RepositoryId::parse(&format!("{organization}~{guid}")).ok()
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
}

#[cfg(test)]
mod tests {
    use lodge_kernel::{ConnectionId, TenantId};
    use uuid::Uuid;

    use super::*;

    fn place(id: &str) -> Result<Place, ProviderError> {
        let account = Account {
            tenant: TenantId::from_uuid(Uuid::nil()),
            connection: ConnectionId::from_uuid(Uuid::nil()),
        };
        Place::of(&RepositoryRef { account, id: RepositoryId::parse(id).unwrap() })
    }

    #[test]
    fn an_id_leads_back_to_its_organization() {
        let guid = "5febef5a-833d-4e14-b9c0-14cb638f91e6";
        for organization in ["fabrikam", "my collection", "a~b", "größe", "{x}"] {
            let id = id(organization, guid).unwrap();
            let place = place(id.as_str()).unwrap();
            assert_eq!(
                (place.organization.as_str(), place.repository.as_str()),
                (organization, guid)
            );
        }
    }

    #[test]
    fn an_id_is_spelled_in_one_way() {
        let upper = id("Fabrikam", "5FEBEF5A-833D-4E14-B9C0-14CB638F91E6");
        assert_eq!(upper, id("fabrikam", "5febef5a-833d-4e14-b9c0-14cb638f91e6"));
    }

    #[test]
    fn an_id_of_another_kind_is_that_of_no_repository() {
        for wrong in [
            "7",
            "fabrikam~7",
            "~5febef5a-833d-4e14-b9c0-14cb638f91e6",
            "{a~5febef5a-833d-4e14-b9c0-14cb638f91e6",
        ] {
            assert!(matches!(place(wrong), Err(ProviderError::RepositoryNotFound)), "{wrong}");
        }
        assert_eq!(id("fabrikam", "../x"), None);
    }
}
