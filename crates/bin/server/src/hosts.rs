//! The file of Git hosts: which there are, and how this installation is
//! registered there. `docs/hosts.md` explains every line of it.

use std::{collections::BTreeSet, path::Path};

use lodge_forge::ProviderName;
use lodge_kernel::SecretString;
use lodge_provider_kit::{Base, HostConfig, Registration};
use toml::{Table, Value};

use crate::wire::{HostKind, KINDS};

/// One host of the file.
#[derive(Debug)]
pub(crate) struct HostEntry {
    /// What opens it.
    pub(crate) kind: &'static HostKind,
    /// How.
    pub(crate) config: HostConfig,
}

/// One thing that is wrong with the file.
#[derive(Debug)]
pub(crate) struct HostProblem {
    /// What.
    pub(crate) problem: String,
    /// What would be right.
    pub(crate) example: &'static str,
}

/// Where a secret comes from that is not in the file.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads the file at `path`.
pub(crate) fn read(
    path: &Path,
    environment: Environment<'_>,
) -> Result<Vec<HostEntry>, Vec<HostProblem>> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let problem = format!("`{}` cannot be read: {error}", path.display());
        vec![HostProblem { problem, example: "/etc/gitlodge/hosts.toml" }]
    })?;
    parse(&text, environment)
}

/// The name of the host that `GITLAB_TOKEN` is for.
pub(crate) const GITLAB: &str = "gitlab";

/// The same hosts, and `gitlab` at `address` if it is wanted and none of them.
pub(crate) fn with_gitlab(
    mut hosts: Vec<HostEntry>,
    wanted: bool,
    address: Option<&str>,
) -> Result<Vec<HostEntry>, String> {
    let is_there = hosts.iter().any(|it| it.config.name.as_str() == GITLAB);
    let kind = KINDS.iter().find(|it| it.name == GITLAB);
    let Some(kind) = kind.filter(|_| wanted && !is_there) else { return Ok(hosts) };
    let parsed = address.map(|it| Base::parse(it).map_err(|error| format!("`{it}`: {error}")));
    let name = ProviderName::parse(GITLAB).map_err(|error| error.to_string())?;
    let config = HostConfig { address: parsed.transpose()?, ..HostConfig::new(name, kind.label) };
    hosts.push(HostEntry { kind, config });
    Ok(hosts)
}

/// Reads the text of the file; says everything that is wrong with it.
fn parse(text: &str, environment: Environment<'_>) -> Result<Vec<HostEntry>, Vec<HostProblem>> {
    let table = text.parse::<Table>().map_err(|error| {
        // The message alone: the text around it may hold a secret.
        let line = error.span().map_or(0, |it| text.get(..it.start).unwrap_or("").lines().count());
        let problem = format!("line {}: {}", line.max(1), error.message());
        vec![HostProblem { problem, example: "client_id = \"0123456789abcdef\"" }]
    })?;
    let mut problems = Vec::new();
    for key in table.keys().filter(|it| *it != "host") {
        problems.push(HostProblem {
            problem: format!("`{key}` is no table of hosts"),
            example: "[[host]]",
        });
    }
    let mut entries = Vec::new();
    let mut names = BTreeSet::from(["local".to_owned()]);
    let hosts = match table.get("host") {
        None => &[][..],
        Some(Value::Array(hosts)) => hosts.as_slice(),
        Some(_) => {
            let problem = "`host` is not a list of tables".to_owned();
            problems.push(HostProblem { problem, example: "[[host]]" });
            &[][..]
        }
    };
    for (place, host) in hosts.iter().enumerate() {
        let Value::Table(table) = host else {
            let problem = format!("host {} is no table", place + 1);
            problems.push(HostProblem { problem, example: "[[host]]" });
            continue;
        };
        let mut one = OneHost { place: place + 1, table, problems: &mut problems };
        if let Some(entry) = one.read(environment) {
            if names.insert(entry.config.name.to_string()) {
                entries.push(entry);
            } else {
                let problem = format!("another host is called `{}`, too", entry.config.name);
                one.say(problem, "name = \"gitlab-internal\"");
            }
        }
    }
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}

/// One table of the file, and where its mistakes go.
struct OneHost<'a> {
    place: usize,
    table: &'a Table,
    problems: &'a mut Vec<HostProblem>,
}

const KEYS: [&str; 10] = [
    "kind",
    "name",
    "label",
    "address",
    "client_id",
    "client_secret_env",
    "client_secret_file",
    "app",
    "entra_tenant",
    "organizations",
];

impl OneHost<'_> {
    fn say(&mut self, problem: impl std::fmt::Display, example: &'static str) {
        let problem = format!("host {}: {problem}", self.place);
        self.problems.push(HostProblem { problem, example });
    }

    fn text(&mut self, key: &str, example: &'static str) -> Option<String> {
        match self.table.get(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                self.say(format_args!("`{key}` is not a text"), example);
                None
            }
        }
    }

    fn read(&mut self, environment: Environment<'_>) -> Option<HostEntry> {
        let before = self.problems.len();
        let unknown: Vec<_> =
            self.table.keys().filter(|it| !KEYS.contains(&it.as_str())).cloned().collect();
        for key in unknown {
            self.say(
                format_args!("there is no setting `{key}`"),
                "client_id = \"0123456789abcdef\"",
            );
        }
        let kind = self.kind();
        let name = self.text("name", "name = \"gitlab\"");
        let name = name.or_else(|| kind.map(|it| it.name.to_owned()));
        let name = name.and_then(|text| match ProviderName::parse(&text) {
            Ok(name) => Some(name),
            Err(error) => {
                self.say(format_args!("`name`: {error}"), "name = \"gitlab\"");
                None
            }
        });
        let label = self.text("label", "label = \"Our GitLab\"");
        let address = self.address(kind);
        let registration = self.registration(environment);
        let is_app = match self.table.get("app") {
            None => false,
            Some(Value::Boolean(is_app)) => *is_app,
            Some(_) => {
                self.say("`app` is neither true nor false", "app = true");
                false
            }
        };
        let entra_tenant = self.text("entra_tenant", "entra_tenant = \"organizations\"");
        let organizations = self.organizations();
        if self.problems.len() > before {
            return None;
        }
        let (kind, name) = kind.zip(name)?;
        let label = label.unwrap_or_else(|| kind.label.to_owned());
        let config = HostConfig {
            address,
            registration,
            is_app,
            entra_tenant,
            organizations,
            ..HostConfig::new(name, label)
        };
        Some(HostEntry { kind, config })
    }

    fn kind(&mut self) -> Option<&'static HostKind> {
        const EXAMPLE: &str = "kind = \"gitlab\"";
        if !self.table.contains_key("kind") {
            self.say("`kind` is missing", EXAMPLE);
        }
        let text = self.text("kind", EXAMPLE)?;
        let kind = KINDS.iter().find(|it| it.name == text);
        if kind.is_none() {
            let known: Vec<_> = KINDS.iter().map(|it| it.name).collect();
            self.say(format_args!("`kind` is not one of {}", known.join(", ")), EXAMPLE);
        }
        kind
    }

    fn address(&mut self, kind: Option<&HostKind>) -> Option<Base> {
        const EXAMPLE: &str = "address = \"https://git.example.com\"";
        let Some(text) = self.text("address", EXAMPLE) else {
            if kind.is_some_and(|it| it.vendor.is_none()) && !self.table.contains_key("address") {
                self.say(
                    "`address` is missing: hosts of this kind are always somebody's own",
                    EXAMPLE,
                );
            }
            return None;
        };
        match Base::parse(&text) {
            Ok(base) => Some(base),
            Err(error) => {
                self.say(format_args!("`address`: {error}"), EXAMPLE);
                None
            }
        }
    }

    fn registration(&mut self, environment: Environment<'_>) -> Option<Registration> {
        const FROM_ENV: &str = "client_secret_env = \"GITLAB_CLIENT_SECRET\"";
        const FROM_FILE: &str = "client_secret_file = \"/run/secrets/gitlab\"";
        let client_id = self.text("client_id", "client_id = \"0123456789abcdef\"");
        let variable = self.text("client_secret_env", FROM_ENV);
        let file = self.text("client_secret_file", FROM_FILE);
        let secret = match (variable, file) {
            (None, None) => None,
            (Some(_), Some(_)) => {
                self.say("`client_secret_env` and `client_secret_file` are both there", FROM_ENV);
                return None;
            }
            (Some(variable), None) => {
                let secret = environment(&variable).filter(|it| !it.is_empty());
                if secret.is_none() {
                    self.say(format_args!("the variable {variable} is not set"), FROM_ENV);
                    return None;
                }
                secret
            }
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
                Ok(_) => {
                    self.say(format_args!("the file {path} is empty"), FROM_FILE);
                    return None;
                }
                Err(error) => {
                    self.say(format_args!("the file {path} cannot be read: {error}"), FROM_FILE);
                    return None;
                }
            },
        };
        match (client_id, secret) {
            (Some(client_id), Some(secret)) => {
                Some(Registration { client_id, client_secret: SecretString::from(secret) })
            }
            (None, None) => None,
            (Some(_), None) => {
                self.say("`client_id` is there, its secret is not", FROM_ENV);
                None
            }
            (None, Some(_)) => {
                let example = "client_id = \"0123456789abcdef\"";
                self.say("the client's secret is there, `client_id` is not", example);
                None
            }
        }
    }

    fn organizations(&mut self) -> Vec<String> {
        const EXAMPLE: &str = "organizations = [\"contoso\"]";
        let names = match self.table.get("organizations") {
            None => return Vec::new(),
            Some(Value::Array(names)) => {
                names.iter().map(|it| it.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
            }
            Some(_) => None,
        };
        names.unwrap_or_else(|| {
            self.say("`organizations` is not a list of texts", EXAMPLE);
            Vec::new()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        (name == "SECRET").then(|| "the client's secret".to_owned())
    }

    fn problems(text: &str) -> Vec<String> {
        let problems = parse(text, &environment).unwrap_err();
        problems.into_iter().map(|it| it.problem).collect()
    }

    #[test]
    fn a_host_has_what_its_table_says() {
        let text = r#"
            [[host]]
            kind = "bitbucket"

            [[host]]
            kind = "bitbucket"
            name = "mirror"
            label = "Our mirror"
            address = "https://git.example.com/"
            client_id = "id"
            client_secret_env = "SECRET"
            organizations = ["one", "two"]
        "#;
        let entries = parse(text, &environment).unwrap();
        let [plain, mirror] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!(
            (plain.config.name.as_str(), plain.config.label.as_str()),
            ("bitbucket", "Bitbucket")
        );
        assert!(plain.config.registration.is_none() && plain.config.address.is_none());
        assert_eq!(mirror.config.name.as_str(), "mirror");
        assert_eq!(mirror.config.registration.as_ref().unwrap().client_id, "id");
        assert_eq!(mirror.config.organizations, ["one", "two"]);
        assert!(!format!("{entries:?}").contains("the client's secret"));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let text = r#"
            hosts = 1
            [[host]]
            kind = "sourceforge"
            colour = "red"
            address = "git.example.com"
            client_id = "id"
            app = "yes"
            [[host]]
            name = "Not a name"
            client_secret_env = "UNSET"
            organizations = [1]
            [[host]]
            kind = "bitbucket"
            name = "local"
        "#;
        let found = problems(text).join("\n");
        for wrong in [
            "`hosts` is no table of hosts",
            "host 1: there is no setting `colour`",
            "host 1: `kind` is not one of",
            "host 1: `address`: it is not a URL",
            "host 1: `client_id` is there, its secret is not",
            "host 1: `app` is neither true nor false",
            "host 2: `kind` is missing",
            "host 2: `name`:",
            "host 2: the variable UNSET is not set",
            "host 2: `organizations` is not a list of texts",
            "host 3: another host is called `local`, too",
        ] {
            assert!(found.contains(wrong), "{wrong} is not in\n{found}");
        }
        assert_eq!(found.lines().count(), 11, "{found}");
    }

    #[test]
    fn a_file_that_is_no_toml_is_refused_without_its_text() {
        let found = problems("\n[[host]]\nclient_secret = \"hunter2\" hunter2");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("line 3") && !found[0].contains("hunter2"), "{found:?}");
    }

    #[test]
    fn no_text_makes_the_reader_panic() {
        for text in ["", "host = 1", "host = [1]", "[host]", "[[host]]", "\u{feff}", "\0"] {
            let _ = parse(text, &environment);
        }
    }
}
