//! Where one answer ends and the next begins, in the bytes of a connection.

use std::ops::Range;

use actix_web::http::StatusCode;

/// Reads the answers of one connection, byte after byte.
#[derive(Debug)]
pub(super) struct Answers {
    at: At,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Head,
    /// So many bytes of a body, or of a chunk and its line break.
    Body {
        left: u64,
        chunked: bool,
    },
    /// A body of so many bytes, or, rightly, the next head: an answer to `HEAD`.
    /// actix-http sends the body where requests come in a row.
    Perhaps(u64),
    /// The size of a chunk, as far as it was read.
    ChunkSize(u64),
    /// The line break behind the last chunk.
    LastLine,
    /// A body that ends with the connection.
    Rest,
}

/// An answer that no handler gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bare {
    /// Where it stands in the bytes that were read.
    pub(super) place: Range<usize>,
    pub(super) status: StatusCode,
}

impl Answers {
    pub(super) const fn new() -> Self {
        Self { at: At::Head }
    }

    /// Reads on. Stops at an answer without a request id, which is none of
    /// ours. `to_head` says whether the next answer of ours is one to `HEAD`,
    /// which tells the length of a body that does not come.
    ///
    /// A head stands whole in `bytes`, as the server library writes it.
    pub(super) fn read(&mut self, bytes: &[u8], mut to_head: impl FnMut() -> bool) -> Option<Bare> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            at += match self.at {
                At::Head => {
                    let Some(head) = Head::of(rest) else {
                        self.at = At::Rest;
                        return None;
                    };
                    if !head.ours && head.status != 100 {
                        let status = StatusCode::from_u16(head.status).ok()?;
                        return Some(Bare { place: at..at + head.len, status });
                    }
                    self.at = head.body(head.status != 100 && to_head());
                    head.len
                }
                At::Perhaps(left) => {
                    let next = rest.starts_with(b"HTTP/1.");
                    self.at = if next { At::Head } else { At::Body { left, chunked: false } };
                    0
                }
                At::Body { left, chunked } => {
                    let read = left.min(u64::try_from(rest.len()).unwrap_or(u64::MAX));
                    self.at = match (left - read, chunked) {
                        (0, true) => At::ChunkSize(0),
                        (0, false) => At::Head,
                        (left, _) => At::Body { left, chunked },
                    };
                    usize::try_from(read).unwrap_or(rest.len())
                }
                At::ChunkSize(size) => {
                    let byte = rest.first().copied().unwrap_or_default();
                    let digit = char::from(byte).to_digit(16);
                    self.at = match (byte, size) {
                        (b'\n', 0) => At::LastLine,
                        (b'\n', size) => At::Body { left: size + 2, chunked: true },
                        _ => At::ChunkSize(digit.map_or(size, |it| size * 16 + u64::from(it))),
                    };
                    1
                }
                At::LastLine => {
                    if rest.first() == Some(&b'\n') {
                        self.at = At::Head;
                    }
                    1
                }
                At::Rest => return None,
            };
        }
        None
    }
}

/// What the head of an answer tells.
struct Head {
    status: u16,
    /// It has a request id, as all of ours have.
    ours: bool,
    chunked: bool,
    length: Option<u64>,
    /// Its own length.
    len: usize,
}

impl Head {
    fn of(bytes: &[u8]) -> Option<Self> {
        let len = bytes.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(bytes.get(..len)?).ok()?;
        let mut lines = text.split("\r\n");
        let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
        let mut head = Self { status, ours: false, chunked: false, length: None, len };
        for (name, value) in lines.filter_map(|it| it.split_once(':')) {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            head.ours |= is("x-request-id");
            if is("content-length") {
                head.length = value.trim().parse().ok();
            }
            head.chunked |= is("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked");
        }
        Some(head)
    }

    /// What follows: <https://www.rfc-editor.org/rfc/rfc9112#section-6.3>.
    fn body(&self, to_head: bool) -> At {
        match self.length {
            _ if matches!(self.status, 100..=199 | 204 | 304) => At::Head,
            _ if self.chunked => At::ChunkSize(0),
            None => At::Rest,
            Some(0) => At::Head,
            Some(left) if to_head => At::Perhaps(left),
            Some(left) => At::Body { left, chunked: false },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str =
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-request-id: gf_req_1\r\n\r\nhello";
    const BARE: &str = "HTTP/1.1 431 Too Large\r\ncontent-length: 0\r\n\r\n";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nX-Request-Id: 1\r\n\r\n\
        1B\r\nHTTP/1.1 400 No\r\na: b\r\n\r\n01\r\n3\r\nabc\r\n0\r\n\r\n";

    /// Where the first bare answer begins, if the bytes come in these pieces.
    fn bare_at(text: &str, cut: usize, to_head: bool) -> Option<usize> {
        let mut answers = Answers::new();
        let (one, two) = text.split_at(cut);
        let first = answers.read(one.as_bytes(), || to_head).map(|it| it.place.start);
        let second = || answers.read(two.as_bytes(), || to_head).map(|it| cut + it.place.start);
        first.or_else(second)
    }

    #[test]
    fn a_bare_answer_is_found_behind_answers_of_ours() {
        for before in ["", OURS, CHUNKED, &OURS.repeat(3), &format!("{CHUNKED}{OURS}")] {
            let text = format!("{before}{BARE}");
            assert_eq!(bare_at(&text, 0, false), Some(before.len()), "{before}");
        }
        let answers = Answers::new().read(BARE.as_bytes(), || false).unwrap();
        assert_eq!(
            answers,
            Bare { place: 0..BARE.len(), status: StatusCode::from_u16(431).unwrap() }
        );
    }

    #[test]
    fn a_body_may_come_in_any_pieces() {
        let first = OURS.split("hello").next().unwrap();
        for cut in first.len()..=OURS.len() {
            assert_eq!(bare_at(&format!("{OURS}{BARE}"), cut, false), Some(OURS.len()), "{cut}");
        }
        let first = CHUNKED.find("1B").unwrap();
        for cut in first..=CHUNKED.len() {
            assert_eq!(
                bare_at(&format!("{CHUNKED}{BARE}"), cut, false),
                Some(CHUNKED.len()),
                "{cut}"
            );
        }
    }

    #[test]
    fn an_answer_inside_a_body_is_text() {
        let len = BARE.len();
        let text =
            format!("HTTP/1.1 200 OK\r\nx-request-id: 1\r\ncontent-length: {len}\r\n\r\n{BARE}");
        assert_eq!(bare_at(&text, 0, false), None);
        assert_eq!(
            bare_at(&format!("HTTP/1.1 200 OK\r\nx-request-id: 1\r\n\r\n{BARE}"), 0, false),
            None
        );
    }

    #[test]
    fn answers_without_a_body_are_over_with_their_head() {
        let no_body = |status: &str| format!("HTTP/1.1 {status}\r\nx-request-id: 1\r\n\r\n");
        for status in ["204 No Content", "304 Not Modified"] {
            let text = format!("{}{BARE}", no_body(status));
            assert_eq!(bare_at(&text, 0, false), Some(no_body(status).len()), "{status}");
        }
        let head = OURS.strip_suffix("hello").unwrap();
        for cut in [0, head.len()] {
            assert_eq!(bare_at(&format!("{head}{BARE}"), cut, true), Some(head.len()), "{cut}");
        }
        assert_eq!(bare_at(&format!("{OURS}{BARE}"), head.len(), true), Some(OURS.len()));
        let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        assert_eq!(
            bare_at(&format!("{go_on}{OURS}{BARE}"), 0, false),
            Some(go_on.len() + OURS.len())
        );
    }
}
