//! Hashes of Git.

/// `text` is a whole hash: of SHA-1, or of SHA-256.
pub(crate) fn is_whole(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
