//! The numbered rules. `docs/firewall.md` has the same list; a test compares.

use std::fmt;

/// The number of a rule: `F1`, `F2` …
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(u8);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "F{}", self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One rule, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its number.
    pub id: RuleId,
    /// The word in a mask: lower-case letters and hyphens.
    pub kind: &'static str,
    /// What it finds.
    pub finds: &'static str,
}

macro_rules! rules {
    ($($name:ident = $number:literal, $kind:literal, $finds:literal;)+) => {
        impl RuleId {
            $(#[doc = $finds] pub const $name: Self = Self($number);)+
        }

        impl Rule {
            /// Every rule, by number.
            pub const ALL: &'static [Self] = &[
                $(Self { id: RuleId::$name, kind: $kind, finds: $finds },)+
            ];
        }

        impl RuleId {
            /// The word in a mask.
            pub const fn kind(self) -> &'static str {
                match self.0 {
                    $($number => $kind,)+
                    _ => "unknown",
                }
            }
        }
    };
}

rules! {
    BLOCKED_PATH = 1, "blocked-path", "A file whose path is blocked, now or before a rename.";
    PRIVATE_KEY = 2, "private-key", "Private keys in PEM or PGP armour, cut or whole, and their base64.";
    PASSWORD = 3, "password", "Values that are assigned to a password.";
    SECRET = 4, "secret", "Values that are assigned to a secret or a key.";
    TOKEN = 5, "token", "Values that are assigned to a token, and bearer tokens.";
    AUTHORIZATION = 6, "authorization", "Credentials in an authorization header.";
    URL_PASSWORD = 7, "url-password", "Passwords in URLs, database URLs among them.";
    JWT = 8, "jwt", "JSON web tokens.";
    GITLODGE = 9, "gitlodge", "This product's own tokens.";
    AWS = 10, "aws", "Access keys of AWS.";
    GITHUB = 11, "github", "Tokens of GitHub.";
    GITLAB = 12, "gitlab", "Tokens of GitLab.";
    BITBUCKET = 13, "bitbucket", "Tokens of Bitbucket and Atlassian.";
    SLACK = 14, "slack", "Tokens and webhooks of Slack.";
    GOOGLE = 15, "google", "API keys and tokens of Google.";
    STRIPE = 16, "stripe", "Secret keys of Stripe.";
    AZURE = 17, "azure", "Keys and signatures of Azure.";
    REGISTRY = 18, "registry", "Tokens of package registries.";
    MESSAGING = 19, "messaging", "Keys of services that send mail and messages.";
    MODEL = 20, "model", "Keys of language model services.";
    CLOUD = 21, "cloud", "Tokens of other cloud and build services.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_numbered_without_a_gap() {
        let numbers = Rule::ALL.iter().map(|rule| rule.id.to_string());
        let expected = (1..=Rule::ALL.len()).map(|number| format!("F{number}"));
        assert!(numbers.eq(expected));
    }

    #[test]
    fn the_document_lists_exactly_these_rules() {
        let document = include_str!("../../../../docs/firewall.md");
        let listed: Vec<&str> =
            document.lines().filter(|line| line.starts_with("| F")).map(str::trim).collect();
        let known: Vec<String> = Rule::ALL
            .iter()
            .map(|rule| format!("| {} | `{}` | {} |", rule.id, rule.kind, rule.finds))
            .collect();
        assert_eq!(listed, known);
    }

    #[test]
    fn a_kind_is_a_plain_word() {
        for rule in Rule::ALL {
            assert!(rule.kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            assert_eq!(rule.id.kind(), rule.kind);
        }
    }
}
