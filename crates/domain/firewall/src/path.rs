//! Paths that are blocked.

use std::borrow::Cow;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use unicode_normalization::UnicodeNormalization as _;

use crate::RulesError;

/// What is always blocked. A pattern without a slash fits a file or a folder
/// anywhere; one with a slash fits a file or a folder and its parents anywhere.
/// `id_rsa*` takes the public half too: nothing is lost, and the rule is plain.
/// A private key under any other name is still found by its content.
#[rustfmt::skip]
pub(crate) const FLOOR: &[&str] = &[
    // Environments.
    ".env*", "*.env",
    // Keys and key stores.
    "*.pem", "*.key", "*.p12", "*.pfx", "*.pkcs12", "*.p8", "*.pk8", "*.ppk", "*.jks", "*.jceks", "*.bks",
    "*.keystore", "*.truststore", "*.kdbx", "*.kdb", "*.keychain", "*.keychain-db", "*.keytab", "*.ovpn",
    "secring.*", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "id_xmss*", ".ssh", ".gnupg",
    // Logins of tools.
    ".npmrc", ".yarnrc.yml", ".netrc", "_netrc", ".pypirc", ".git-credentials", ".gitcookies", ".htpasswd",
    ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".s3cfg", ".boto", ".dockercfg", ".docker/config.json",
    ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".m2/settings.xml",
    ".m2/settings-security.xml", ".composer/auth.json", ".config/gh/hosts.yml", ".config/glab-cli/config.yml",
    ".config/hub", ".terraformrc", "terraform.rc", ".vault-token", ".vault_pass*", ".databrickscfg", ".snowsql/config",
    // Clouds.
    ".aws", ".azure", ".config/gcloud", "application_default_credentials.json", "client_secret*.json",
    "service-account*.json", "service_account*.json", "serviceAccountKey*.json", "gcloud-service-key.json",
    "*.publishsettings", "rootkey.csv", "kubeconfig", "*.kubeconfig", ".kube/config",
    // State that holds secrets in the clear.
    "*.tfstate", "*.tfstate.*", "terraform.tfvars", "terraform.tfvars.json", "*.auto.tfvars", "*.auto.tfvars.json",
];

/// How many patterns an operator may add.
pub(crate) const MOST_PATTERNS: usize = 500;
/// How long each may be, in bytes.
pub(crate) const LONGEST_PATTERN: usize = 256;

/// Blocked paths, compiled.
#[derive(Debug)]
pub(crate) struct BlockedPaths(GlobSet);

impl BlockedPaths {
    /// The floor and `more`.
    pub(crate) fn new(more: &[String]) -> Result<Self, RulesError> {
        if more.len() > MOST_PATTERNS {
            return Err(RulesError::TooMany);
        }
        let mut set = GlobSetBuilder::new();
        for pattern in FLOOR.iter().copied().chain(more.iter().map(String::as_str)) {
            let wrong = || RulesError::Pattern { pattern: pattern.chars().take(64).collect() };
            let shape = pattern.trim_end_matches('/');
            let relative = shape.trim_start_matches('/');
            if relative.is_empty() || pattern.len() > LONGEST_PATTERN || pattern.starts_with('!') {
                return Err(wrong());
            }
            let anywhere = if relative.len() < shape.len() { "" } else { "**/" };
            let normal = normal(relative);
            for glob in [format!("{anywhere}{normal}"), format!("{anywhere}{normal}/**")] {
                let glob = GlobBuilder::new(&glob)
                    .case_insensitive(true)
                    .literal_separator(true)
                    .backslash_escape(true)
                    .build()
                    .map_err(|_no_glob| wrong())?;
                set.add(glob);
            }
        }
        set.build().map(Self).map_err(|_too_large| RulesError::TooMany)
    }

    /// Whether `path` or a folder above it is blocked.
    pub(crate) fn contains(&self, path: &str) -> bool {
        let plain = unquoted(path);
        self.is_match(&plain) || (plain.contains('\\') && self.is_match(&plain.replace('\\', "/")))
    }

    fn is_match(&self, path: &str) -> bool {
        // Windows drops dots and spaces at the end of a name, and so do tools.
        let path = path.trim_end_matches(['.', ' ']);
        self.0.is_match(normal(path).as_ref())
    }
}

/// `text` with equal characters written one way: composed and in lower case,
/// without the invisible characters that some file systems ignore.
fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text); // The glob itself takes either case.
    }
    let invisible = |c: &char| {
        matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
    };
    let lower = text.nfkc().filter(|c| !invisible(c)).flat_map(char::to_lowercase);
    Cow::Owned(lower.nfkc().collect())
}

/// The path inside Git's quotes: `"caf\303\251"` is `café`.
///
/// Source: <https://git-scm.com/docs/git-config#Documentation/git-config.txt-corequotePath>.
fn unquoted(path: &str) -> Cow<'_, str> {
    let Some(inner) = path.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Cow::Borrowed(path);
    };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.as_bytes().iter();
    while let Some(&byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(&digit @ b'0'..=b'7') => {
                let tail = rest.as_slice().get(..2).unwrap_or_default();
                if tail.iter().all(|byte| matches!(byte, b'0'..=b'7')) {
                    let value = tail.iter().fold(digit - b'0', |value, byte| {
                        value.wrapping_mul(8).wrapping_add(byte - b'0')
                    });
                    bytes.push(value);
                    rest.by_ref().take(tail.len()).for_each(drop);
                }
            }
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(&other) => bytes.push(other),
            None => {}
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    fn blocked(path: &str) -> bool {
        static PATHS: LazyLock<BlockedPaths> = LazyLock::new(|| {
            let more = ["geheim/Schlüssel*".to_owned(), "/only/here".to_owned()];
            BlockedPaths::new(&more).unwrap()
        });
        PATHS.contains(path)
    }

    #[test]
    fn these_paths_are_blocked() {
        #[rustfmt::skip]
        let paths = [
            ".env", ".env.production", "a/b/.env", ".ENV", "a/.Env.Local", ".env/nested/file", "prod.env",
            "server.pem", "certs/Server.PEM", "tls/private.key", "id_rsa", "id_rsa.pub", "keys/id_ed25519",
            "ID_RSA.bak", ".npmrc", "packages/web/.npmrc", ".netrc", "_netrc", ".pypirc", ".git-credentials",
            "a.p12", "a.pfx", "a.jks", "debug.keystore", ".htpasswd", "home/.aws/credentials", ".aws/config",
            "kubeconfig", "x/.kube/config", "terraform.tfstate", "terraform.tfstate.backup", "terraform.tfvars",
            "prod.auto.tfvars", ".ssh/config", "infra/.ssh/known_hosts", ".docker/config.json",
            "client_secret_42.json", "config/master.key", ".pgpass",
            // Other ways to write them.
            "\".env\"", "\"caf\\303\\251/.env\"", "\"\\056env\"", "\"a\\\\.env\"", "config\\.env", ".env ", "server.pem.",
            "．ｅｎｖ", ".e\u{200b}nv", ".env\n",
            // The operator's own, composed, decomposed and in capitals.
            "geheim/schlüssel.txt", "a/geheim/schlu\u{308}ssel.txt", "GEHEIM/SCHLÜSSEL", "only/here", "only/here/below",
        ];
        for path in paths {
            assert!(blocked(path), "{path:?} is not blocked");
        }
    }

    #[test]
    fn these_paths_are_not_blocked() {
        #[rustfmt::skip]
        let paths = [
            "", "/", "src/env.rs", "environment.ts", "docs/env/readme.md", "keys.rs", "src/key.c", "monkey", "a.keys",
            "id_generator.rs", "src/id_map.py", "npmrc", "netrc.5", "pem/readme.md", "tfstate.md", "public.pem.md",
            "aws/credentials.rs", "kube/config.go", "settings.xml", "credentials.rs", "x/only/here", "\"", "\"\"", "\\",
        ];
        for path in paths {
            assert!(!blocked(path), "{path:?} is blocked");
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_kept_is_refused() {
        for wrong in ["", "/", "!.env", "[", "{a", &"a".repeat(257)] {
            let error = BlockedPaths::new(&[wrong.to_owned()]).unwrap_err();
            assert!(matches!(error, RulesError::Pattern { .. }), "{wrong} was taken");
        }
        let many = vec!["a".to_owned(); MOST_PATTERNS + 1];
        assert_eq!(BlockedPaths::new(&many).unwrap_err(), RulesError::TooMany);
    }

    proptest! {
        #[test]
        fn a_blocked_name_is_blocked_in_every_folder(folder in "[^\\\\]{0,20}", name in "\\.env[a-z.]{0,8}") {
            let path = format!("{folder}/{name}");
            prop_assert!(blocked(&path));
        }

        #[test]
        fn no_path_makes_the_rules_panic(path: String) {
            let _ = blocked(&path);
            let _ = blocked(&format!("\"{path}\""));
        }
    }
}
