//! What stands at an address that somebody copied from a browser.

use lodge_forge::Resource;
use lodge_provider::{Account, Located, ProviderError};
use lodge_provider_kit::{Base, Call};

use crate::{
    api::Api,
    payload::course::place::{GroupPayload, ProjectPayload},
};

/// The longest address that is looked at, in bytes. A path of GitLab's has at
/// most 20 groups of 255 bytes, and nobody has that.
const LONGEST: usize = 2_048;

pub(super) async fn find(
    api: &Api,
    host: &Base,
    account: Account,
    address: &str,
) -> Result<Located, ProviderError> {
    let path = path(host, address)?;
    // A project always lies in something.
    if path.contains('/') {
        match project(api, account, &path).await {
            Err(error) if matches!(error.cause(), ProviderError::RepositoryNotFound) => {}
            found => return found,
        }
    }
    let call = Call::get(&api.base, ["groups", &path]).query("with_projects", "false");
    let answer = api.client.send(account, call).await?;
    let group: GroupPayload<'_> = answer.json(Resource::Repositories)?;
    let group = group.into_group();
    // GitLab takes a number for an id, which nobody sees in an address.
    let is_number = path.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && group.path != path {
        return Err(ProviderError::RepositoryNotFound);
    }
    Ok(Located::Group(group))
}

async fn project(api: &Api, account: Account, path: &str) -> Result<Located, ProviderError> {
    let answer = api.client.send(account, Call::get(&api.base, ["projects", path])).await?;
    let project: ProjectPayload<'_> = answer.json(Resource::Repositories)?;
    project.into_project().map(Located::Project).ok_or(ProviderError::RepositoryNotFound)
}

/// The path of the group or project at `address`, which is a page or a clone
/// address of `host`, or such a path.
fn path(host: &Base, address: &str) -> Result<String, ProviderError> {
    let address = address.trim();
    if address.len() > LONGEST {
        return Err(wrong("the address is too long"));
    }
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let address = address.get(..end).unwrap_or_default();
    let inner = if address.contains("://") {
        inside(host, address)?
    } else {
        let name = host.url().host_str().unwrap_or_default();
        let rest = address.strip_prefix(name).filter(|it| it.starts_with('/'));
        rest.unwrap_or(address).to_owned()
    };
    let parts = inner.split('/').filter(|it| !it.is_empty());
    // Behind `/-/` are the pages of a project; `/groups/` is before some of a
    // group's.
    let mut parts: Vec<&str> = parts.take_while(|it| *it != "-").collect();
    if parts.first() == Some(&"groups") {
        parts.remove(0);
    }
    if let Some(last) = parts.last_mut() {
        *last = last.strip_suffix(".git").unwrap_or(last);
    }
    if parts.is_empty() {
        return Err(wrong("the address names neither a group nor a project"));
    }
    if !parts.iter().all(|it| is_name(it)) {
        return Err(wrong("the address has a part that no group or project is called"));
    }
    Ok(parts.join("/"))
}

/// The path of a page of `host`, below the host's own.
fn inside(host: &Base, address: &str) -> Result<String, ProviderError> {
    let page = Base::parse(address).map_err(|error| {
        wrong(format!("the address is not one of a page of this host: {error}"))
    })?;
    let (page, host) = (page.url(), host.url());
    // Who wrote `http` where it is `https` meant no other host.
    let same = page.port() == host.port() && page.host_str() == host.host_str();
    if !same {
        let known = host.host_str().unwrap_or_default();
        return Err(wrong(format!("the address is not one of {known}")));
    }
    let above = host.path().trim_end_matches('/');
    let below = page.path().strip_prefix(above).filter(|it| it.is_empty() || it.starts_with('/'));
    let below = below.ok_or_else(|| wrong(format!("the address is not below {host}")))?;
    Ok(below.to_owned())
}

/// <https://docs.gitlab.com/user/reserved_names/#rules-for-usernames-project-and-group-names-and-slugs>.
fn is_name(part: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    (1..=255).contains(&part.len())
        && part.bytes().all(plain)
        && !part.starts_with(['-', '.'])
        // In these letters alone it is a feed.
        && !part.as_bytes().ends_with(b".atom")
}

fn wrong(problem: impl Into<String>) -> ProviderError {
    ProviderError::Invalid { problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn host() -> Base {
        Base::parse("https://git.example.com/lab").unwrap()
    }

    #[test]
    fn what_people_copy_leads_to_a_path() {
        for address in [
            "https://git.example.com/lab/zsi-2026/team-1",
            "http://git.example.com/lab/zsi-2026/team-1/",
            " https://git.example.com/lab/zsi-2026/team-1.git ",
            "https://git.example.com/lab/zsi-2026/team-1/-/merge_requests/7?tab=notes#note_9",
            "https://git.example.com/lab/groups/zsi-2026/team-1/-/group_members",
            "zsi-2026/team-1",
            "/zsi-2026/team-1.git",
        ] {
            assert_eq!(path(&host(), address).unwrap(), "zsi-2026/team-1", "{address}");
        }
        let plain = Base::parse("https://git.example.com").unwrap();
        assert_eq!(path(&plain, "git.example.com/zsi-2026").unwrap(), "zsi-2026");
        assert_eq!(path(&plain, "zsi-2026?x=1").unwrap(), "zsi-2026");
    }

    #[test]
    fn what_is_not_of_the_host_is_refused_and_said_so() {
        let problem = |address: &str| match path(&host(), address) {
            Err(ProviderError::Invalid { problem }) => problem,
            other => panic!("{address}: {other:?}"),
        };
        insta::assert_snapshot!(
            [
                "https://other.example.com/lab/a/b",
                "https://git.example.com:8443/lab/a/b",
                "https://git.example.com/a/b",
                "https://git.example.com/labs/a",
                "https://git.example.com/lab/",
                "https://git.example.com/lab/-/profile",
                "https://me:secret@git.example.com/lab/a/b",
                "ssh://git@git.example.com/a/b",
                "git@git.example.com:a/b.git",
                "",
                "a/../b",
                "a/b%2Fc",
                "a b/c",
                "a/é",
                &"a".repeat(3_000),
            ]
            .map(problem)
            .join("\n"),
            @r"
            the address is not one of git.example.com
            the address is not one of git.example.com
            the address is not below https://git.example.com/lab
            the address is not below https://git.example.com/lab
            the address names neither a group nor a project
            the address names neither a group nor a project
            the address is not one of a page of this host: it has more than scheme, host, port and path
            the address is not one of a page of this host: it is neither https nor http
            the address has a part that no group or project is called
            the address names neither a group nor a project
            the address has a part that no group or project is called
            the address has a part that no group or project is called
            the address has a part that no group or project is called
            the address has a part that no group or project is called
            the address is too long
            "
        );
    }

    proptest! {
        #[test]
        fn no_address_makes_the_reader_panic(address in "\\PC{0,60}|(https://git.example.com)?[/a-z.%@:#?-]{0,30}") {
            if let Ok(path) = path(&host(), &address) {
                prop_assert!(path.split('/').all(is_name));
            }
        }
    }
}
