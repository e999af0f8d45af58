//! Lower-case hexadecimal text of bytes, and back.

use std::fmt::Write as _;

/// `bytes` as lower-case hexadecimal, two characters a byte.
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The 32 bytes that `text` writes in lower-case hexadecimal. `None` for any
/// other text, so that the same bytes have one text only.
pub fn decode(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes?.try_into().ok().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_else_is() {
        let bytes: [u8; 32] = std::array::from_fn(|n| u8::try_from(n * 8).unwrap());
        let text = encode(&bytes);
        assert_eq!(decode(&text), Some(bytes));
        for wrong in ["", "00", &text.to_uppercase(), &text.replace('0', "g"), &text[1..]] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
        assert_eq!(decode(&format!("{text}0")), None);
        assert_eq!(decode(&format!("{text}00")), None);
    }
}
