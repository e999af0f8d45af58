//! How deep JSON is nested, without reading it.

/// `json` is nested deeper than `most` levels. What is no JSON is counted all
/// the same: the reader refuses it afterwards.
pub fn is_deeper(json: &[u8], most: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > most {
                    return true;
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_count_but_not_those_in_texts() {
        assert!(!is_deeper(br#"[{"a":"[[[[\"[["},[],[]]"#, 2));
        assert!(is_deeper(br"[[[]]]", 2));
        assert!(is_deeper(br#"{"\\":[[1]]}"#, 2));
        assert!(!is_deeper("[".repeat(64).as_bytes(), 64));
        assert!(is_deeper("[".repeat(65).as_bytes(), 64));
    }
}
