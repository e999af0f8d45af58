//! The words that tell a placeholder, a sentence or a name from a secret.

use super::lexicon::Lexicon;

/// Types, states and words that stand for a value.
#[rustfmt::skip]
pub(super) static WORDS: Lexicon = Lexicon::new(&[
    "any", "array", "bearer", "bool", "boolean", "byte[]", "bytes", "char", "character", "credentials",
    "default", "disabled", "empty", "enabled", "false", "filtered", "hidden", "integer", "masked",
    "missing", "none", "null", "nullptr", "number", "object", "optional", "redacted", "required",
    "secretstr", "secretstring", "self", "str", "string", "string?", "symbol", "text", "todo", "true",
    "type", "undefined", "unknown", "unset", "value", "varchar", "void", "yes", "zeroizing",
]);

/// Words that only sentences have.
#[rustfmt::skip]
pub(super) static PROSE: Lexicon = Lexicon::new(&[
    "a", "an", "and", "are", "at", "be", "by", "can", "cannot", "contain", "does", "enter", "field", "for",
    "forgot", "from", "has", "have", "in", "incorrect", "invalid", "is", "it", "length", "match", "minimum",
    "missing", "must", "new", "no", "not", "of", "on", "or", "password", "passwords", "please", "required",
    "reset", "secret", "should", "that", "the", "this", "to", "token", "tokens", "use", "used", "was",
    "when", "with", "wrong", "you", "your",
]);

/// Parts of a name that say what it names.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "pass", "pwd", "secret", "token", "credential", "key", "auth",
];

/// How an address or a path begins: where a secret is, not the secret.
#[rustfmt::skip]
pub(super) const PLACES: &[&str] = &[
    "http://", "https://", "file://", "arn:aws", "op://", "vault:", "env:", "ssm:", "projects/", "/run/",
    "/etc/", "/var/", "/home/", "/usr/", "/tmp/", "/opt/", "/secrets/", "./", "../", "~/", "C:\\",
];
