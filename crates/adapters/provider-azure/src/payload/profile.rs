//! `Profile`, from `GET /_apis/profile/profiles/me`; `Account`, from
//! `GET /_apis/accounts`; and `ConnectionData`, from
//! `GET /{organization}/_apis/connectionData`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/profile/profiles/get>,
//! <https://learn.microsoft.com/rest/api/azure/devops/account/accounts/list>,
//! API version 7.1. `ConnectionData` is what every client of the vendor begins
//! with, and is not documented.

use serde::Deserialize;

use super::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfilePayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(borrow)]
    pub(crate) display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) email_address: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountPayload<'a> {
    #[serde(borrow)]
    pub(crate) account_name: Text<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionPayload<'a> {
    #[serde(borrow)]
    pub(crate) authenticated_user: AuthenticatedPayload<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthenticatedPayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(borrow)]
    custom_display_name: Option<Text<'a>>,
    #[serde(borrow)]
    provider_display_name: Option<Text<'a>>,
    #[serde(borrow)]
    properties: Option<PropertiesPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PropertiesPayload<'a> {
    #[serde(borrow, rename = "Account")]
    account: Option<PropertyPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PropertyPayload<'a> {
    #[serde(borrow, rename = "$value")]
    value: Option<Text<'a>>,
}

impl AuthenticatedPayload<'_> {
    /// The name that people see, and the one to log in by.
    pub(crate) fn names(self) -> (Option<String>, Option<String>) {
        let own = self.custom_display_name.and_then(Text::filled);
        let shown = own.or_else(|| self.provider_display_name.and_then(Text::filled));
        let account = self.properties.and_then(|it| it.account?.value?.filled());
        (shown, account)
    }
}
