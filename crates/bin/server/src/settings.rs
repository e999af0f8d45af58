//! From the command line to settings that can be used. Everything that is
//! wrong is said at once, with an example.

use std::{fmt, net::SocketAddr, num::NonZeroU32};

use lodge_firewall::Rules;
use lodge_http_api::Network;
use lodge_kernel::SecretString;
use lodge_provider_kit::KitConfig;
use url::Url;

use crate::{
    cli::{ServeOptions, SignUps},
    courses::CourseSettings,
    hosts::{self, HostEntry},
};

/// Settings that can be used.
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    pub(crate) admin_listen: SocketAddr,
    pub(crate) public_url: Option<Url>,
    pub(crate) rate_limit: Option<NonZeroU32>,
    pub(crate) oauth_rate_limit: Option<NonZeroU32>,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) rules: Rules,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) metrics_token: Option<String>,
    /// The operator's own admin key.
    pub(crate) admin_key: Option<SecretString>,
    pub(crate) admin_only: bool,
    pub(crate) courses: CourseSettings,
    /// The operator's own token at the host `gitlab`.
    pub(crate) gitlab_token: Option<SecretString>,
    pub(crate) policies: bool,
    /// Strangers may open accounts.
    pub(crate) sign_up: bool,
    pub(crate) hosts: Vec<HostEntry>,
    pub(crate) kit: KitConfig,
}

/// One option that cannot be used.
#[derive(Debug)]
struct Wrong {
    option: &'static str,
    problem: String,
    example: &'static str,
}

/// Options that cannot be used.
#[derive(Debug)]
pub(crate) struct SettingsError(Vec<Wrong>);

impl SettingsError {
    /// Each option with what is wrong, and an example of what would be right.
    pub(crate) fn problems(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.0.iter().map(|it| {
            let variable = it.option.trim_start_matches('-').replace('-', "_").to_uppercase();
            // The variables whose names others chose.
            let house = match &*variable {
                "ADMIN_API_KEY" => "SGG_",
                "TEACHER_API_TOKEN" | "GITLAB_TOKEN" | "GITLAB_URL" => "",
                _ => "GITLODGE_",
            };
            (format!("{} ({house}{variable}): {}", it.option, it.problem), it.example)
        })
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings cannot be used:")?;
        for (problem, example) in self.problems() {
            write!(f, "\n  {problem}; for example {example}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// Reads every option.
    pub(crate) fn read(options: &ServeOptions) -> Result<Self, SettingsError> {
        let mut wrong = Vec::new();
        let mut say = |option, problem: String, example| {
            wrong.push(Wrong { option, problem, example });
        };
        let listen: Option<SocketAddr> = match options.listen.parse() {
            Ok(address) => Some(address),
            Err(error) => {
                say("--listen", format!("`{}`: {error}", options.listen), "127.0.0.1:8080");
                None
            }
        };
        let admin_listen = match options.admin_listen.parse() {
            Ok(address) => Some(address),
            Err(error) => {
                say(
                    "--admin-listen",
                    format!("`{}`: {error}", options.admin_listen),
                    "127.0.0.1:8081",
                );
                None
            }
        };
        let public_url = options.public_url.as_deref().and_then(|text| match public_url(text) {
            Ok(url) => Some(url),
            Err(problem) => {
                say("--public-url", format!("`{text}`: {problem}"), "https://git.example.com");
                None
            }
        });
        let mut limit = |option, text: &str, example| match text.parse::<u32>() {
            Ok(n) => NonZeroU32::new(n),
            Err(error) => {
                say(option, format!("`{text}`: {error}"), example);
                None
            }
        };
        let rate_limit = limit("--rate-limit", &options.rate_limit, "50");
        let oauth_rate_limit = limit("--oauth-rate-limit", &options.oauth_rate_limit, "20");
        let mut trusted_proxies = Vec::new();
        for text in &options.trusted_proxies {
            match Network::parse(text) {
                Ok(network) => trusted_proxies.push(network),
                Err(error) => {
                    say("--trusted-proxies", format!("`{text}`: {error}"), "127.0.0.1,10.0.0.0/8");
                }
            }
        }
        let rules = match Rules::with_blocked_paths(&options.blocked_paths) {
            Ok(rules) => Some(rules),
            Err(error) => {
                say("--blocked-paths", error.to_string(), "*.secret,internal/**");
                None
            }
        };
        for origin in &options.cors_origins {
            let same =
                Url::parse(origin).is_ok_and(|it| it.origin().ascii_serialization() == *origin);
            if !same {
                let problem = format!("`{origin}` is not an origin");
                say("--cors-origins", problem, "https://app.example.com");
            }
        }
        if options.metrics_token.as_ref().is_some_and(|it| it.len() < 32) {
            let problem = "it is shorter than 32 characters".to_owned();
            say("--metrics-token", problem, "the output of `openssl rand -hex 32`");
        }
        if let Some(problem) = options.admin_api_key.as_deref().and_then(weakness) {
            say("--admin-api-key", problem.to_owned(), "the output of `openssl rand -hex 32`");
        }
        if let Some(problem) = options.teacher_api_token.as_deref().and_then(weakness) {
            say("--teacher-api-token", problem.to_owned(), "the output of `openssl rand -hex 32`");
        }
        if options.gitlab_webhook_secret.as_ref().is_some_and(|it| it.len() < 24) {
            let problem = "it is shorter than 24 bytes".to_owned();
            say("--gitlab-webhook-secret", problem, "the output of `openssl rand -hex 32`");
        }
        if options.unsafe_without_policies && listen.is_some_and(|it| !it.ip().is_loopback()) {
            let problem = "it is allowed on loopback addresses only".to_owned();
            say("--unsafe-without-policies", problem, "--listen 127.0.0.1:8080");
        }
        if let Some(path) = options.repositories.as_ref().filter(|it| !it.is_dir()) {
            let problem = format!("`{}` is not a folder", path.display());
            say("--repositories", problem, "/srv/git");
        }
        let environment = |name: &str| std::env::var(name).ok();
        let hosts = options.hosts.as_deref().map(|path| hosts::read(path, &environment));
        let hosts = hosts.unwrap_or_else(|| Ok(Vec::new())).unwrap_or_else(|problems| {
            for it in problems {
                say("--hosts", it.problem, it.example);
            }
            Vec::new()
        });
        let own = options.gitlab_token.is_some() || options.gitlab_url.is_some();
        let hosts = match hosts::with_gitlab(hosts, own, options.gitlab_url.as_deref()) {
            Ok(hosts) => hosts,
            Err(problem) => {
                say("--gitlab-url", problem, "https://gitlab.example.com");
                Vec::new()
            }
        };
        match (listen, admin_listen, rules) {
            (Some(listen), Some(admin_listen), Some(rules)) if wrong.is_empty() => Ok(Self {
                listen,
                admin_listen,
                public_url,
                rate_limit,
                oauth_rate_limit,
                trusted_proxies,
                rules,
                cors_origins: options.cors_origins.clone(),
                metrics_token: options.metrics_token.clone(),
                admin_key: options.admin_api_key.clone().map(SecretString::from),
                admin_only: options.admin_only,
                courses: CourseSettings {
                    teacher_token: options.teacher_api_token.clone().map(SecretString::from),
                    gitlab_webhook_secret: options
                        .gitlab_webhook_secret
                        .clone()
                        .map(SecretString::from),
                },
                gitlab_token: options.gitlab_token.clone().map(SecretString::from),
                policies: !options.unsafe_without_policies,
                sign_up: options.signup.map_or_else(
                    // A proxy in front may let the whole world in.
                    || listen.ip().is_loopback() && options.public_url.is_none(),
                    |it| it == SignUps::Open,
                ),
                hosts,
                kit: KitConfig {
                    revalidate: !options.ask_hosts_every_time,
                    coalesce: !options.ask_hosts_every_time,
                    ..KitConfig::default()
                },
            }),
            _ => Err(SettingsError(wrong)),
        }
    }
}

/// Why a key can be guessed, if it can.
fn weakness(key: &str) -> Option<&'static str> {
    const SAMPLES: [&str; 10] = [
        "changeme",
        "change-me",
        "change_me",
        "replace",
        "example",
        "sample",
        "your-",
        "your_",
        "password",
        "admin-api-key",
    ];
    let lower = key.to_lowercase();
    let distinct = key.bytes().collect::<std::collections::BTreeSet<_>>().len();
    if key.len() < 32 {
        Some("it is shorter than 32 bytes")
    } else if distinct < 10 || SAMPLES.iter().any(|it| lower.contains(it)) {
        Some("it is a sample that others know")
    } else {
        None
    }
}

/// An address without a path: browsers see it, and OAuth calls it the issuer.
fn public_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_not_a_url| "it is not a URL")?;
    if !["http", "https"].contains(&url.scheme()) || url.host().is_none() {
        return Err("it is not http or https");
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if has_user || url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("it has more than scheme, host and port");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

    fn read(arguments: &[&str]) -> Result<Settings, SettingsError> {
        let all = ["gitlodge", "serve"].iter().chain(arguments);
        match Cli::parse_from(all).command {
            Command::Serve(options) => Settings::read(&options),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn strangers_open_accounts_on_this_machine_only_unless_the_operator_says_otherwise() {
        let open = |arguments: &[&str]| read(arguments).map(|it| it.sign_up).unwrap();
        assert!(open(&[]));
        assert!(!open(&["--listen", "0.0.0.0:8080"]));
        assert!(!open(&["--public-url", "https://git.example.com"]));
        assert!(open(&["--listen", "0.0.0.0:8080", "--signup", "open"]));
        assert!(!open(&["--signup", "closed"]));
    }

    #[test]
    fn what_nobody_says_can_be_used() {
        let settings = read(&[]).unwrap();
        assert!(settings.listen.ip().is_loopback());
        assert!(settings.admin_listen.ip().is_loopback());
        assert!(settings.policies);
    }

    #[test]
    fn a_public_address_with_a_user_is_refused() {
        for with_user in ["https://me@git.example.com", "https://me:pw@git.example.com"] {
            let refused = read(&["--public-url", with_user]).err().unwrap().to_string();
            assert!(refused.contains("more than scheme, host and port"), "{refused}");
        }
        assert!(read(&["--public-url", "https://git.example.com:8443"]).is_ok());
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let error = read(&[
            "--listen=nowhere",
            "--public-url=https://git.example.com/sub",
            "--rate-limit=many",
            "--oauth-rate-limit=-1",
            "--trusted-proxies=127.0.0.1,proxy",
            "--metrics-token=short",
            "--repositories=/nowhere/at/all",
        ]);
        let text = error.err().unwrap().to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 8, "{text}");
        assert_eq!(
            lines[1],
            "  --listen (GITLODGE_LISTEN): `nowhere`: invalid socket address syntax; for example \
             127.0.0.1:8080"
        );
    }

    #[test]
    fn an_admin_key_that_can_be_guessed_is_refused() {
        for weak in [
            "tiny",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "changeme-0123456789-0123456789-abcdef",
            "this-is-an-EXAMPLE-key-of-the-documentation",
        ] {
            let error = read(&["--admin-api-key", weak]).err().unwrap().to_string();
            assert!(error.contains("--admin-api-key (SGG_ADMIN_API_KEY): it is"), "{error}");
            assert!(!error.contains(weak), "{error}");
            let error = read(&["--teacher-api-token", weak]).err().unwrap().to_string();
            assert!(error.contains("--teacher-api-token (TEACHER_API_TOKEN): it is"), "{error}");
            assert!(!error.contains(weak), "{error}");
        }
        assert!(read(&["--admin-api-key", "d41f6b02c9a87e3554b0c1d2e3f4a596"]).is_ok());
    }

    #[test]
    fn a_secret_of_hosts_that_can_be_guessed_is_refused() {
        let error = read(&["--gitlab-webhook-secret=small"]).err().unwrap().to_string();
        assert!(error.contains("(GITLODGE_GITLAB_WEBHOOK_SECRET): it is shorter"), "{error}");
    }

    #[test]
    fn an_own_token_makes_the_host_gitlab_unless_the_file_has_it() {
        let names = |arguments: &[&str]| {
            let hosts = read(arguments).unwrap().hosts;
            hosts.into_iter().map(|it| it.config.name.to_string()).collect::<Vec<_>>()
        };
        assert!(names(&[]).is_empty());
        assert_eq!(names(&["--gitlab-token=glpat-0123456789"]), ["gitlab"]);
        assert_eq!(names(&["--gitlab-url=https://gitlab.example.com"]), ["gitlab"]);
        let error = read(&["--gitlab-url=somewhere"]).err().unwrap().to_string();
        assert!(error.contains("--gitlab-url (GITLAB_URL): `somewhere`"), "{error}");
    }

    #[test]
    fn policies_cannot_be_switched_off_where_others_reach() {
        assert!(read(&["--unsafe-without-policies", "--listen=0.0.0.0:8080"]).is_err());
        assert!(!read(&["--unsafe-without-policies"]).unwrap().policies);
    }
}
