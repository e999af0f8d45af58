//! Lower-case hexadecimal text of bytes.

use std::fmt::Write as _;

/// `bytes` as lower-case hexadecimal, two characters a byte.
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
