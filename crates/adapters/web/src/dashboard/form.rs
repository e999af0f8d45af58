//! What the forms of an app bring back.

use lodge_access::{App, Permission, PermissionSet, RedirectUri};
use lodge_gateway::developer::{AppChange, AppDraft};

/// Names and values, as they came.
pub(crate) type Fields = Vec<(String, String)>;

/// An app, as somebody filled it in, right or wrong.
#[derive(Debug, Default)]
pub(super) struct AppForm {
    pub(super) name: String,
    pub(super) description: String,
    /// One a line.
    pub(super) redirect_uris: String,
    /// One a line.
    pub(super) embed_origins: String,
    chosen: PermissionSet,
    pub(super) require_pkce: bool,
}

impl AppForm {
    /// For an app that is still to be made.
    pub(super) fn fresh() -> Self {
        let usual = [Permission::ReadRepositories, Permission::ReadCommits];
        Self { chosen: usual.into_iter().collect(), require_pkce: true, ..Self::default() }
    }

    /// An app as it is.
    pub(super) fn of(app: &App) -> Self {
        let uris: Vec<_> = app.redirect_uris.iter().map(RedirectUri::as_str).collect();
        Self {
            name: app.name.clone(),
            description: app.description.clone().unwrap_or_default(),
            redirect_uris: uris.join("\n"),
            embed_origins: app.embed_origins.join("\n"),
            chosen: app.default_permissions,
            require_pkce: app.require_pkce,
        }
    }

    /// What came. A permission that is none is not taken up: no page sends one.
    pub(super) fn read(fields: &Fields) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "name" => value.trim().clone_into(&mut form.name),
                "description" => value.trim().clone_into(&mut form.description),
                "redirect_uris" => form.redirect_uris.clone_from(value),
                "embed_origins" => form.embed_origins.clone_from(value),
                "require_pkce" => form.require_pkce = true,
                "permission" => {
                    let one: PermissionSet = Permission::parse(value).into_iter().collect();
                    form.chosen = form.chosen.union(one);
                }
                _ => {}
            }
        }
        form
    }

    /// Every permission, and whether it is chosen.
    pub(super) fn permissions(&self) -> impl Iterator<Item = (Permission, bool)> {
        Permission::ALL.iter().map(|it| (*it, self.chosen.contains(*it)))
    }

    pub(super) fn draft(&self) -> AppDraft {
        AppDraft {
            name: self.name.clone(),
            description: Some(self.description.clone()).filter(|it| !it.is_empty()),
            redirect_uris: lines(&self.redirect_uris),
            embed_origins: lines(&self.embed_origins),
            default_permissions: self.chosen,
            require_pkce: self.require_pkce,
        }
    }

    /// All of it: a form brings everything that it showed.
    pub(super) fn change(&self) -> AppChange {
        AppChange {
            name: Some(self.name.clone()),
            description: Some(self.description.clone()),
            redirect_uris: Some(lines(&self.redirect_uris)),
            embed_origins: Some(lines(&self.embed_origins)),
            default_permissions: Some(self.chosen),
            require_pkce: Some(self.require_pkce),
        }
    }
}

/// The lines that have something on them.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// The value of a field; empty when it did not come.
pub(super) fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_entries_and_what_is_not_ticked_is_off() {
        let fields = [
            ("name", " Acme "),
            ("redirect_uris", "https://a.example/cb\r\n\r\n  https://b.example/cb\n"),
            ("permission", "read:commits"),
            ("permission", "read:nothing"),
            ("csrf", "x"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let draft = AppForm::read(&fields.into()).draft();
        assert_eq!(draft.name, "Acme");
        assert_eq!(draft.redirect_uris, ["https://a.example/cb", "https://b.example/cb"]);
        assert_eq!(draft.default_permissions.to_string(), "read:commits");
        assert_eq!((draft.require_pkce, draft.description), (false, None));
    }
}
