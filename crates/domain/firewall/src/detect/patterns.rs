//! The one pass: where a secret may begin. Every pattern is ASCII, so that the
//! automaton stays small; what is found is judged elsewhere.

use regex_automata::PatternID;

use super::{armour::ENCODED, shapes};

/// What a pattern has found the beginning of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// A name such as `password`, and a sign that a value follows.
    Key,
    /// An option of a command, such as `--password`, and a space.
    Option,
    /// An option that takes a user and a password, such as `-u`, and a user.
    Login,
    /// `://`, and something before an `@` or `:`.
    Url,
    /// `Bearer …`.
    Bearer,
    /// A JSON web token.
    Jwt,
    /// A private key in PEM armour.
    Armour,
    /// Its base64.
    EncodedArmour,
    /// A prefix that only secrets have.
    Shape,
}

impl Trigger {
    const ALL: [Self; 9] = [
        Self::Key,
        Self::Option,
        Self::Login,
        Self::Url,
        Self::Bearer,
        Self::Jwt,
        Self::Armour,
        Self::EncodedArmour,
        Self::Shape,
    ];

    /// What the pattern with this number looks for.
    pub(super) fn of(pattern: PatternID) -> Self {
        Self::ALL.get(pattern.as_usize()).copied().unwrap_or(Self::Shape)
    }
}

/// Names of secrets; `keys` has the same, with what they mean.
const NAME: &str = "(?:pass(?:w(?:or)?d|phrase|code|wort)?|pwd|secret|token|credential|auth(?:orization)?|\
    (?:access|account|admin|api|app|auth|client|consumer|crypt|cookie|deploy|encrypt(?:ion)?|hmac|jwt|licen[cs]e|\
    master|private|project|secret|service|session|shared|sign(?:ing)?|ssh|storage|subscription|webhook)[_.-]?key)";

/// What may stand between a name and its value.
const SIGN: &str = r#"[\w-]*(?:\\*["'`])?[\])?]{0,2}[ \t]*(?:[!:?+|]{0,2}=|:[^:]|>[^\s<]|,[ \t]*\\*["'`]|\([ \t]*\\*["'`]|,?[\s+-]*["']?value["']?[ \t]*[:=])"#;

/// The pattern of each trigger, in the order of their numbers.
pub(super) fn all() -> [(Trigger, String); 9] {
    Trigger::ALL.map(|trigger| {
        let pattern = match trigger {
            Trigger::Key => format!("(?i-u:{NAME}{SIGN})"),
            Trigger::Option => {
                format!(r"(?i-u:--[a-z0-9-]*{NAME}[a-z0-9-]*[ \t]+[^\s-])")
            }
            Trigger::Login => {
                r#"(?-u:[ \t"'](?:-[uU]|--(?:proxy-)?user)[ \t="',]{0,4}[A-Za-z0-9_.@+])"#
                    .to_owned()
            }
            Trigger::Url => r#"(?-u:://[^\s/?\#@:"'<>]*[:@])"#.to_owned(),
            Trigger::Bearer => r"(?i-u:bearer[ \t]+[a-z0-9._~+/=-]{8})".to_owned(),
            Trigger::Jwt => r"(?-u:eyJ[A-Za-z0-9_-]{8})".to_owned(),
            Trigger::Armour => r"(?-u:-----BEGIN [A-Z0-9 ]*PRIVATE KEY)".to_owned(),
            Trigger::EncodedArmour => format!("(?-u:{ENCODED})"),
            Trigger::Shape => format!("(?-u:{})", shapes::pattern()),
        };
        (trigger, pattern)
    })
}
