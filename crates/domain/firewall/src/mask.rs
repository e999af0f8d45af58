//! Writing masks in the place of secrets.

use lodge_kernel::Pseudonym;

use crate::detect::Span;

/// How a mask begins. What it looks like: `‹masked:password:9f3a0c5d7e21›`.
pub(crate) const OPENING: &str = "‹masked:";
/// How a mask ends.
pub(crate) const CLOSING: &str = "›";
/// Bytes of a mask without its kind.
const MASK_LEN: usize = OPENING.len() + 1 + 12 + CLOSING.len();

/// `text` with every span replaced by its mask. Spans are in order, lie on
/// character borders and never hold a line break.
pub(crate) fn apply(text: &str, spans: &[Span], pseudonym: impl Fn(&[u8]) -> Pseudonym) -> String {
    let longest_kind = 16;
    let mut out = String::with_capacity(text.len() + spans.len() * (MASK_LEN + longest_kind) / 2);
    let mut done = 0;
    for span in spans {
        let (Some(before), Some(secret)) =
            (text.get(done..span.start), text.get(span.start..span.end))
        else {
            continue;
        };
        out.push_str(before);
        out.push_str(OPENING);
        out.push_str(span.rule.kind());
        out.push(':');
        out.extend(hex_digits(pseudonym(secret.as_bytes())));
        out.push_str(CLOSING);
        done = span.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// The digits of a pseudonym's text, which a million masks write without a
/// million texts in between.
fn hex_digits(pseudonym: Pseudonym) -> impl Iterator<Item = char> {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    pseudonym.0.into_iter().flat_map(move |byte| [digit(byte >> 4), digit(byte & 15)])
}

/// Where the mask that begins at `start` ends. `None` when there is none.
pub(crate) fn mask_at(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?.strip_prefix(OPENING)?;
    let kind = rest.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'-').count();
    let hex = rest.get(kind..)?.strip_prefix(':')?;
    let digits = hex.bytes().take_while(u8::is_ascii_hexdigit).count();
    let tail = hex.get(digits..)?;
    (kind > 0 && digits == 12 && tail.starts_with(CLOSING))
        .then_some(start + OPENING.len() + kind + 1 + digits + CLOSING.len())
}
