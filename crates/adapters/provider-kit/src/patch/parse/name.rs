//! The names of files. One with a quote, a backslash or a byte outside of
//! printable ASCII is quoted as in C: `"a/\303\244.txt"`.

/// The name behind `---`, `+++` or `rename from`, without `prefix`. `None` for
/// the file that is not there.
pub(super) fn of_line(text: &[u8], prefix: &[u8]) -> Option<Vec<u8>> {
    let name = match unquote(text) {
        Some((name, _)) => name,
        // A tab ends a name with spaces.
        None => text.strip_suffix(b"\t").unwrap_or(text).to_vec(),
    };
    if name == b"/dev/null" {
        return None;
    }
    Some(without(name, prefix))
}

/// The one name of `a/name b/name`, where nothing else tells it.
pub(super) fn of_both(names: &[u8]) -> Vec<u8> {
    if let Some((name, _)) = unquote(names) {
        return without(name, b"a/");
    }
    let (left, right) = names.split_at(names.len() / 2);
    let twice = left.strip_prefix(b"a/").zip(right.strip_prefix(b" b/"));
    if let Some((name, _)) = twice.filter(|(one, other)| one == other) {
        return name.to_vec();
    }
    // Not Git's spelling: what is after the last ` b/`, else all of it.
    let last = names.windows(3).rposition(|it| it == b" b/");
    last.and_then(|at| names.get(at + 3..)).unwrap_or(names).to_vec()
}

fn without(name: Vec<u8>, prefix: &[u8]) -> Vec<u8> {
    match name.strip_prefix(prefix) {
        Some(rest) => rest.to_vec(),
        None => name,
    }
}

/// A quoted name, and what stands behind its closing quote.
fn unquote(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut name = Vec::new();
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => return Some((name, rest)),
            b'\\' => {
                let (&escaped, after) = rest.split_first()?;
                rest = after;
                name.push(match escaped {
                    b'a' => 0x07,
                    b'b' => 0x08,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'v' => 0x0b,
                    b'f' => 0x0c,
                    b'r' => b'\r',
                    first @ b'0'..=b'3' => {
                        let ([second, third], after) = rest.split_first_chunk::<2>()?;
                        rest = after;
                        octal(&[first, *second, *third])?
                    }
                    other => other,
                });
            }
            plain => name.push(plain),
        }
    }
}

fn octal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}
