//! The words that make a name one of a secret, or keep it from being one.

use super::{keys::Class, lexicon::Lexicon};

/// Words, the longer one first where one begins another.
pub(super) const WORDS: &[(&str, Class)] = &[
    ("password", Class::Password),
    ("passwort", Class::Password),
    ("passphrase", Class::Password),
    ("passcode", Class::Password),
    ("passwd", Class::Password),
    ("pass", Class::Password),
    ("pwd", Class::Password),
    ("secret", Class::Secret),
    ("credential", Class::Secret),
    ("token", Class::Token),
    ("authorization", Class::Authorization),
    ("auth", Class::Token),
];

/// What makes a `key` a secret one.
#[rustfmt::skip]
pub(super) static QUALIFIERS: Lexicon = Lexicon::new(&[
    "access", "account", "admin", "api", "app", "auth", "client", "consumer", "cookie", "crypt", "deploy",
    "encryption", "encrypt", "hmac", "jwt", "licence", "license", "master", "private", "project", "secret",
    "service", "session", "shared", "signing", "sign", "ssh", "storage", "subscription", "webhook",
]);

/// Letters before `pass` that make it another word.
#[rustfmt::skip]
pub(super) static NOT_PASS: Lexicon = Lexicon::new(&[
    "by", "com", "encom", "over", "sur", "tres", "under",
]);

/// Letters that may follow a word without a border: `secretkey`, `tokenvalue`.
#[rustfmt::skip]
pub(super) static GOES_ON: Lexicon = Lexicon::new(&[
    "hash", "key", "s", "salt", "store", "str", "string", "text", "val", "value", "values",
]);

/// Last words of names that do not hold the secret itself.
#[rustfmt::skip]
pub(super) static DESCRIBES: Lexicon = Lexicon::new(&[
    "action", "age", "algorithm", "arn", "at", "attempts", "attribute", "audience", "backend", "bucket",
    "budget", "button", "callback", "changed", "check", "class", "cls", "column", "config", "confirmation",
    "context", "cost", "count", "counts", "created", "date", "days", "delay", "description", "dir",
    "directory", "disabled", "enabled", "encoder", "endpoint", "env", "error", "errors", "event", "exists",
    "expiration", "expired", "expires", "expiry", "field", "file", "filename", "files", "filter", "folder",
    "form", "format", "func", "function", "grant", "handler", "header", "help", "hint", "icon", "id", "ids",
    "index", "info", "input", "interval", "issuer", "kind", "label", "length", "level", "lifetime", "limit",
    "link", "list", "location", "manager", "max", "message", "metadata", "min", "missing", "mode", "module",
    "name", "names", "namespace", "null", "only", "optional", "options", "param", "parameter", "params",
    "path", "paths", "pattern", "placeholder", "policy", "port", "prefix", "prompt", "protection",
    "provider", "ref", "refs", "regex", "request", "required", "reset", "resolver", "resource", "response",
    "route", "rule", "rules", "scheme", "schema", "scope", "scopes", "selector", "size", "span", "state",
    "status", "strategy", "strength", "suffix", "time", "timeout", "timestamp", "title", "total", "ttl",
    "type", "types", "uri", "url", "urls", "usage", "username", "valid", "validation", "validator",
    "validity", "version", "visible", "vocab", "window",
]);
