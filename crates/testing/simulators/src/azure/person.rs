//! The person whose account it is.

use serde_json::{Value, json};

use super::{reply, repositories::guid};
use crate::{Ask, Reply, World, WorldRepository};

/// Her GUID.
fn id(world: &World) -> String {
    guid("user", &world.user().login)
}

/// `GET /_apis/profile/profiles/me`
pub(crate) fn profile(world: &World) -> Reply {
    let user = world.user();
    let profile = json!({
        "displayName": user.name,
        "publicAlias": id(world),
        "emailAddress": user.email,
        "coreRevision": 1647,
        "timeStamp": "2026-05-12T22:23:07.727+00:00",
        "id": id(world),
        "revision": 1647,
    });
    Reply::json(200, &profile)
}

/// `GET /_apis/accounts?memberId=`
pub(crate) fn accounts(ask: &Ask, world: &World) -> Reply {
    if ask.query("memberId") != Some(id(world).as_str()) {
        let message = "A required parameter is missing: memberId or ownerId.";
        return reply::error(400, "ArgumentException", message);
    }
    let mut names = world.repositories().iter().map(WorldRepository::namespace).collect::<Vec<_>>();
    names.dedup();
    // Not in the order of their names.
    let accounts = names.into_iter().rev().map(|name| {
        json!({
            "accountId": guid("account", name),
            "accountUri": format!("https://vssps.dev.azure.com/{name}/"),
            "accountName": name,
            "properties": {},
        })
    });
    reply::list(&accounts.collect::<Vec<_>>())
}

/// `GET /{organization}/_apis/connectionData`
pub(crate) fn connection(ask: &Ask, world: &World) -> Reply {
    let user = world.user();
    let person = json!({
        "id": id(world),
        "descriptor": format!("Microsoft.IdentityModel.Claims.ClaimsIdentity;tenant\\{}", user.email),
        "subjectDescriptor": "aad.YWRh",
        "providerDisplayName": user.name,
        "isActive": true,
        "properties": { "Account": { "$type": "System.String", "$value": user.email } },
        "resourceVersion": 2,
        "metaTypeId": 0,
    });
    let data = json!({
        "authenticatedUser": person,
        "authorizedUser": person,
        "instanceId": guid("account", &ask.address),
        "deploymentId": guid("deployment", "1"),
        "deploymentType": "hosted",
        "locationServiceData": {
            "serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7",
            "defaultAccessMappingMoniker": "PublicAccessMapping",
            "lastChangeId": 57_000,
            "lastChangeId64": 57_000,
        },
    });
    Reply::json(200, &data)
}

/// Somebody, as references tell them.
pub(crate) fn identity(world: &World, login: &str) -> Value {
    let user = world.user();
    let (name, email) = if login == user.login {
        (user.name.clone(), user.email.clone())
    } else {
        (login.to_owned(), format!("{login}@example.org"))
    };
    let id = guid("user", login);
    json!({
        "displayName": name,
        "url": format!("https://spsprodeus27.vssps.visualstudio.com/_apis/Identities/{id}"),
        "_links": { "avatar": { "href": format!("https://dev.azure.com/_apis/GraphProfile/MemberAvatars/aad.{login}") } },
        "id": id,
        "uniqueName": email,
        "imageUrl": format!("https://dev.azure.com/_api/_common/identityImage?id={id}"),
        "descriptor": format!("aad.{login}"),
    })
}
