//! Whether a value is a secret, or a placeholder, a type, a reference, prose.

use super::{
    keys::Class,
    values::Form,
    words::{NAMES, PLACES, PROSE, WORDS},
};

/// Longer values are never harmless: they are not read to the end.
const LONGEST_HARMLESS: usize = 200;
/// Shorter values are no secret worth the name.
const SHORTEST: usize = 4;

/// What a value is made of.
#[derive(Default)]
struct Make {
    digits: usize,
    small: usize,
    capitals: usize,
    /// `-`, `_`, `.`, `/` and `:`, which join words.
    joints: usize,
    spaces: usize,
    /// Everything else.
    others: usize,
}

impl Make {
    fn of(value: &str) -> Self {
        let mut make = Self::default();
        for byte in value.bytes() {
            let kind = match byte {
                b'0'..=b'9' => &mut make.digits,
                b'a'..=b'z' => &mut make.small,
                b'A'..=b'Z' => &mut make.capitals,
                b'-' | b'_' | b'.' | b'/' | b':' => &mut make.joints,
                b' ' | b'\t' => &mut make.spaces,
                _ => &mut make.others,
            };
            *kind += 1;
        }
        make
    }

    fn letters(&self) -> usize {
        self.small + self.capitals
    }

    /// Letters, digits and joints only.
    fn is_plain(&self) -> bool {
        self.others == 0 && self.spaces == 0
    }
}

/// Whether `value`, assigned to a name of `class`, is a secret.
pub(super) fn is_secret(class: Class, value: &str, form: Form) -> bool {
    let value = value.trim();
    if value.len() < SHORTEST {
        return false;
    }
    if value.len() > LONGEST_HARMLESS {
        return true;
    }
    if is_placeholder(value, form) || is_place(value) || is_version(value) {
        return false;
    }
    let make = Make::of(value);
    if make.spaces > 0 {
        return match class {
            Class::Password | Class::Secret => !is_prose(value),
            Class::Token | Class::Authorization => value.split_whitespace().any(is_drawn),
        };
    }
    match (class, form) {
        (Class::Authorization, _) => value.len() >= 8,
        (Class::Password, Form::Quoted) => true,
        (Class::Password, Form::Line) => !is_reference(value, &make),
        (Class::Password, Form::Code) => is_chosen(value, &make),
        (Class::Secret, Form::Quoted | Form::Line) => is_made(value, &make, 8),
        (Class::Token, Form::Quoted | Form::Line) => {
            let long = make.joints == 0 && value.len() >= 20;
            make.letters() > 0 && (make.digits > 0 || long) && is_made(value, &make, 8)
                || make.digits == value.len() && value.len() >= 12
        }
        (Class::Secret | Class::Token, Form::Code) => {
            let path = value.contains("::") || value.contains("->") || value.contains('.');
            let drawn =
                make.digits >= 2 || value.len() >= 30 && make.capitals > 0 && make.small > 0;
            value.len() >= 12 && drawn && make.letters() >= 2 && !path && !is_sigil(value)
        }
    }
}

/// `${NAME}`, `<your-token>`, `xxxx`, `string` …: something that a value will
/// take the place of. Words that could be a password, such as `changeme`, are
/// none.
fn is_placeholder(value: &str, form: Form) -> bool {
    let filler = |byte: u8| matches!(byte, b'*' | b'x' | b'X' | b'.' | b'_' | b'-' | b'#' | b'?');
    let plain = value.trim_matches(['"', '\'', '[', ']', '(', ')']);
    let begins = |word: &str| starts(plain, word);
    let ends = |word: &str| {
        let at = plain.len().checked_sub(word.len());
        at.and_then(|at| plain.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(word))
    };
    let name = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && (form == Form::Code || text.bytes().all(|byte| !byte.is_ascii_lowercase()))
    };
    value.bytes().all(filler)
        || value.chars().all(|c| matches!(c, '•' | '●' | '…' | '*'))
        || WORDS.has(plain)
        || ["your", "replace", "insert"].into_iter().any(begins)
        || ["_here", "-here"].into_iter().any(ends)
        || value.strip_prefix('$').is_some_and(name)
        || (value.starts_with('<') && value.ends_with('>'))
        || (value.starts_with('%') && value.ends_with('%'))
        || literal_len(value) < SHORTEST
}

/// How many characters are left without `${…}`, `#{…}`, `{…}`, `$(…)`, `%s`.
fn literal_len(value: &str) -> usize {
    let mut rest = value;
    let mut len = 0;
    let opens = |byte: &u8| matches!(byte, b'{' | b'%' | b'(');
    while let Some(open) = rest.as_bytes().iter().position(opens) {
        let before = rest.get(..open).unwrap_or_default();
        let tail = rest.get(open..).unwrap_or_default();
        let close = match tail.as_bytes() {
            [b'{', ..] => tail.find('}'),
            [b'(', ..] if before.ends_with('$') => tail.find(')'),
            [b'%', b's' | b'd' | b'v' | b'@' | b'q', ..] => Some(1),
            [b'%', b'(', ..] => tail.find(')').map(|at| at + 1),
            _ => None,
        };
        len += before.trim_end_matches(['$', '#', '{', ' ']).len();
        let Some(close) = close else { return len + tail.len() };
        rest = tail.get(close + 1..).unwrap_or_default().trim_start_matches('}');
    }
    len + rest.len()
}

/// An address or a path without credentials: where a secret is, not the secret.
fn is_place(value: &str) -> bool {
    PLACES.iter().any(|start| {
        value.as_bytes().first() == start.as_bytes().first() && value.starts_with(start)
    })
}

/// Whether `text` begins with `word`, in any case.
fn starts(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|front| front.eq_ignore_ascii_case(word))
}

/// Whether one of [`NAMES`] is part of `value`, in any case.
fn is_called(value: &str) -> bool {
    (0..value.len())
        .any(|at| value.get(at..).is_some_and(|rest| NAMES.iter().any(|name| starts(rest, name))))
}

/// `^8.5.1`, `>=2.0`, `v1.2.3-rc.1`.
fn is_version(value: &str) -> bool {
    if !matches!(
        value.as_bytes(),
        [b'0'..=b'9' | b'^' | b'~' | b'=' | b'<' | b'>' | b'v' | b' ', ..]
    ) {
        return false;
    }
    let number = value.trim_start_matches(['^', '~', '=', '<', '>', 'v', ' ']);
    let mut parts = number.splitn(3, '.');
    let digits = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let tail_fits = number.len() <= 24
        && number
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'*'));
    digits(parts.next()) && (digits(parts.next()) || number.contains(".x")) && tail_fits
}

/// A sentence rather than a passphrase.
fn is_prose(value: &str) -> bool {
    value.split(|c: char| !c.is_alphanumeric()).any(|word| PROSE.has(word))
}

/// Whether a word looks drawn by chance rather than written.
fn is_drawn(word: &str) -> bool {
    let make = Make::of(word);
    word.len() >= 16 && make.digits >= 2 && make.letters() >= 2
}

/// `userPassword`, `db_password`: a name of another variable.
fn is_reference(value: &str, make: &Make) -> bool {
    let humps = make.capitals > 0 && make.small > 0;
    let bare = || {
        let words = ["password", "passwd", "pwd", "pass"];
        words.iter().any(|word| value.eq_ignore_ascii_case(word))
    };
    if is_sigil(value) {
        // `*alias`, `&anchor` and `!tag` of YAML.
        return make.digits == 0 && make.others == 1;
    }
    make.digits == 0
        && make.is_plain()
        && (bare() || ((humps || make.joints > 0) && is_called(value)))
}

/// Whether a bare word amid code is a password that somebody chose.
fn is_chosen(value: &str, make: &Make) -> bool {
    let path = value.contains('.') || value.contains("::") || value.contains("->");
    let plain_enough = if make.others == 0 { value.len() >= 6 } else { value.len() >= 8 };
    let number = make.digits == value.len();
    (number || (make.digits > 0 && make.letters() > 0 && plain_enough)) && !path && !is_sigil(value)
}

/// `@name`, `&name`, `*name` …: how languages mark a variable.
fn is_sigil(value: &str) -> bool {
    value.starts_with(['@', '&', '*', '!', '~', '-', '$', '%', '+', '|', '#'])
}

/// Whether a program, rather than a person who names things, made the value.
fn is_made(value: &str, make: &Make, shortest: usize) -> bool {
    let humps = make.capitals > 0 && make.small > 0;
    let joined = make.joints > 0 && make.digits <= 2;
    let called = make.digits == 0 && humps && is_called(value);
    // `my-app-secret`, `SECRET_NAME`, `apiKeyAuth` are names.
    let name = make.is_plain() && (joined && value.len() < 40 || called);
    let strong = make.digits > 0 || make.others > 0;
    !name
        && value.len() >= if strong { shortest.min(6) } else { shortest }
        && (make.letters() > 0 || value.len() >= 6)
}
