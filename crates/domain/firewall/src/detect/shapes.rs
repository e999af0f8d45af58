//! Secrets that are known by their shape: a prefix that only such secrets have.

use super::Span;
use crate::RuleId;

/// Which characters follow a prefix.
#[derive(Clone, Copy, Debug)]
pub(super) enum Body {
    /// Letters and digits.
    Alnum,
    /// Letters, digits and `_`.
    Word,
    /// Letters, digits, `_` and `-`.
    Url,
    /// As [`Url`](Self::Url), and dots.
    Dotted,
    /// Letters, digits and `+/=_-`: any base64.
    Base64,
    /// Capitals and digits.
    Upper,
    /// Lower-case hexadecimal.
    Hex,
    /// Letters, digits and `/_-`: a path of a URL.
    Path,
    /// Base64, possibly percent-encoded.
    Percent,
}

impl Body {
    pub(super) const fn has(self, byte: u8) -> bool {
        match self {
            Self::Alnum => byte.is_ascii_alphanumeric(),
            Self::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Self::Base64 => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-')
            }
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
            Self::Percent => Self::Base64.has(byte) || byte == b'%',
            Self::Path => byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-'),
        }
    }
}

/// One kind of secret.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// What it begins with, to the letter.
    pub(super) prefix: &'static str,
    /// What follows.
    pub(super) body: Body,
    /// The fewest characters that follow.
    pub(super) least: usize,
    /// The rule that finds it.
    pub(super) rule: RuleId,
}

const fn shape(rule: RuleId, prefix: &'static str, body: Body, least: usize) -> Shape {
    Shape { prefix, body, least, rule }
}

/// Every shape. Lengths are those
/// that the vendors name, or less: a vendor may lengthen a token.
#[rustfmt::skip]
pub(super) const SHAPES: &[Shape] = &[
    shape(RuleId::GITLODGE, "sggat_", Body::Alnum, 24),
    shape(RuleId::GITLODGE, "sggrt_", Body::Alnum, 24),
    shape(RuleId::GITLODGE, "sggus_", Body::Alnum, 24),
    shape(RuleId::GITLODGE, "sggcs_", Body::Alnum, 24),
    shape(RuleId::GITLODGE, "sggwh_", Body::Alnum, 24),
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    shape(RuleId::AWS, "AKIA", Body::Upper, 16),
    shape(RuleId::AWS, "ASIA", Body::Upper, 16),
    shape(RuleId::AWS, "ABIA", Body::Upper, 16),
    shape(RuleId::AWS, "ACCA", Body::Upper, 16),
    // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    shape(RuleId::GITHUB, "ghp_", Body::Alnum, 30),
    shape(RuleId::GITHUB, "gho_", Body::Alnum, 30),
    shape(RuleId::GITHUB, "ghu_", Body::Alnum, 30),
    shape(RuleId::GITHUB, "ghs_", Body::Alnum, 30),
    shape(RuleId::GITHUB, "ghr_", Body::Alnum, 30),
    shape(RuleId::GITHUB, "github_pat_", Body::Word, 22),
    // https://docs.gitlab.com/security/tokens/#token-prefixes
    shape(RuleId::GITLAB, "glpat-", Body::Dotted, 20),
    shape(RuleId::GITLAB, "gloas-", Body::Url, 20),
    shape(RuleId::GITLAB, "gldt-", Body::Url, 20),
    shape(RuleId::GITLAB, "glrt-", Body::Dotted, 20),
    shape(RuleId::GITLAB, "glrtr-", Body::Dotted, 20),
    shape(RuleId::GITLAB, "glcbt-", Body::Url, 20),
    shape(RuleId::GITLAB, "glptt-", Body::Url, 20),
    shape(RuleId::GITLAB, "glft-", Body::Url, 20),
    shape(RuleId::GITLAB, "glimt-", Body::Url, 20),
    shape(RuleId::GITLAB, "glagent-", Body::Url, 20),
    shape(RuleId::GITLAB, "glwt-", Body::Url, 20),
    shape(RuleId::GITLAB, "glsoat-", Body::Url, 20),
    shape(RuleId::GITLAB, "glffct-", Body::Url, 20),
    shape(RuleId::GITLAB, "GR1348941", Body::Url, 20),
    shape(RuleId::BITBUCKET, "ATATT3x", Body::Base64, 40),
    shape(RuleId::BITBUCKET, "ATCTT3x", Body::Base64, 40),
    shape(RuleId::BITBUCKET, "ATBB", Body::Alnum, 28),
    // https://docs.slack.dev/authentication/tokens
    shape(RuleId::SLACK, "xoxb-", Body::Url, 16),
    shape(RuleId::SLACK, "xoxp-", Body::Url, 16),
    shape(RuleId::SLACK, "xoxa-", Body::Url, 16),
    shape(RuleId::SLACK, "xoxo-", Body::Url, 16),
    shape(RuleId::SLACK, "xoxr-", Body::Url, 16),
    shape(RuleId::SLACK, "xoxs-", Body::Url, 16),
    shape(RuleId::SLACK, "xoxc-", Body::Url, 16),
    shape(RuleId::SLACK, "xoxd-", Body::Base64, 16),
    shape(RuleId::SLACK, "xoxe-", Body::Url, 16),
    shape(RuleId::SLACK, "xoxe.xoxp-", Body::Url, 16),
    shape(RuleId::SLACK, "xapp-", Body::Url, 16),
    shape(RuleId::SLACK, "hooks.slack.com/services/", Body::Path, 20),
    shape(RuleId::SLACK, "hooks.slack.com/workflows/", Body::Path, 20),
    shape(RuleId::SLACK, "discord.com/api/webhooks/", Body::Path, 40),
    shape(RuleId::SLACK, "discordapp.com/api/webhooks/", Body::Path, 40),
    // https://cloud.google.com/docs/authentication/api-keys
    shape(RuleId::GOOGLE, "AIza", Body::Url, 35),
    shape(RuleId::GOOGLE, "GOCSPX-", Body::Url, 20),
    shape(RuleId::GOOGLE, "ya29.", Body::Dotted, 20),
    shape(RuleId::GOOGLE, "1//0", Body::Url, 40),
    // https://docs.stripe.com/keys: `pk_…` is made to be public.
    shape(RuleId::STRIPE, "sk_live_", Body::Alnum, 16),
    shape(RuleId::STRIPE, "sk_test_", Body::Alnum, 16),
    shape(RuleId::STRIPE, "rk_live_", Body::Alnum, 16),
    shape(RuleId::STRIPE, "rk_test_", Body::Alnum, 16),
    shape(RuleId::STRIPE, "whsec_", Body::Base64, 24),
    shape(RuleId::STRIPE, "sq0csp-", Body::Url, 40),
    shape(RuleId::STRIPE, "sq0atp-", Body::Url, 20),
    shape(RuleId::AZURE, "AccountKey=", Body::Base64, 20),
    shape(RuleId::AZURE, "SharedAccessKey=", Body::Base64, 20),
    shape(RuleId::AZURE, "&sig=", Body::Percent, 40),
    shape(RuleId::AZURE, "?sig=", Body::Percent, 40),
    shape(RuleId::REGISTRY, "npm_", Body::Alnum, 36),
    shape(RuleId::REGISTRY, "pypi-AgE", Body::Url, 40),
    shape(RuleId::REGISTRY, "rubygems_", Body::Hex, 40),
    shape(RuleId::REGISTRY, "dckr_pat_", Body::Url, 20),
    shape(RuleId::REGISTRY, "dckr_oat_", Body::Url, 20),
    shape(RuleId::MESSAGING, "SG.", Body::Dotted, 50),
    shape(RuleId::MESSAGING, "SK", Body::Hex, 32),
    shape(RuleId::MESSAGING, "key-", Body::Hex, 32),
    shape(RuleId::MESSAGING, "xkeysib-", Body::Url, 60),
    shape(RuleId::MODEL, "sk-ant-", Body::Url, 24),
    shape(RuleId::MODEL, "sk-proj-", Body::Url, 24),
    shape(RuleId::MODEL, "sk-svcacct-", Body::Url, 24),
    shape(RuleId::MODEL, "sk-or-v1-", Body::Hex, 40),
    shape(RuleId::MODEL, "sk-", Body::Alnum, 40),
    shape(RuleId::MODEL, "hf_", Body::Alnum, 30),
    shape(RuleId::MODEL, "gsk_", Body::Alnum, 40),
    shape(RuleId::MODEL, "r8_", Body::Alnum, 36),
    shape(RuleId::CLOUD, "dop_v1_", Body::Hex, 60),
    shape(RuleId::CLOUD, "doo_v1_", Body::Hex, 60),
    shape(RuleId::CLOUD, "dor_v1_", Body::Hex, 60),
    shape(RuleId::CLOUD, "shpat_", Body::Alnum, 32),
    shape(RuleId::CLOUD, "shpss_", Body::Alnum, 32),
    shape(RuleId::CLOUD, "shpca_", Body::Alnum, 32),
    shape(RuleId::CLOUD, "shppa_", Body::Alnum, 32),
    shape(RuleId::CLOUD, "hvs.", Body::Url, 24),
    shape(RuleId::CLOUD, "hvb.", Body::Url, 24),
    shape(RuleId::CLOUD, "glsa_", Body::Word, 32),
    shape(RuleId::CLOUD, "glc_", Body::Base64, 32),
    shape(RuleId::CLOUD, "lin_api_", Body::Alnum, 32),
    shape(RuleId::CLOUD, "ntn_", Body::Alnum, 40),
    shape(RuleId::CLOUD, "dp.pt.", Body::Alnum, 40),
    shape(RuleId::CLOUD, "dp.st.", Body::Dotted, 40),
    shape(RuleId::CLOUD, "NRAK-", Body::Upper, 24),
    shape(RuleId::CLOUD, "HRKU-", Body::Url, 30),
    shape(RuleId::CLOUD, "PMAK-", Body::Url, 40),
    shape(RuleId::CLOUD, "dapi", Body::Hex, 32),
    shape(RuleId::CLOUD, "sbp_", Body::Hex, 40),
    shape(RuleId::CLOUD, "pscale_tkn_", Body::Dotted, 30),
    shape(RuleId::CLOUD, "pscale_pw_", Body::Dotted, 30),
    shape(RuleId::CLOUD, "sntrys_", Body::Base64, 40),
    shape(RuleId::CLOUD, "fo1_", Body::Url, 40),
    shape(RuleId::PRIVATE_KEY, "AGE-SECRET-KEY-1", Body::Upper, 50),
];

/// For every first byte, the numbers of the shapes that begin with it, as bits.
const BY_FIRST: [u128; 256] = by_first();

#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "the compiler evaluates it")]
const fn by_first() -> [u128; 256] {
    assert!(SHAPES.len() <= 128, "a bit for every shape");
    let mut table = [0; 256];
    let mut at = 0;
    while at < SHAPES.len() {
        table[SHAPES[at].prefix.as_bytes()[0] as usize] |= 1 << at;
        at += 1;
    }
    table
}

/// Regular expressions that find where a shape may begin.
pub(super) fn pattern() -> String {
    let class = |body: Body| match body {
        Body::Alnum => "[A-Za-z0-9]",
        Body::Word => "[A-Za-z0-9_]",
        Body::Url => "[A-Za-z0-9_-]",
        Body::Dotted => "[A-Za-z0-9_.-]",
        Body::Base64 => "[A-Za-z0-9+/=_-]",
        Body::Percent => "[A-Za-z0-9+/=_%-]",
        Body::Upper => "[A-Z0-9]",
        Body::Hex => "[a-f0-9]",
        Body::Path => "[A-Za-z0-9/_-]",
    };
    // A few characters of the body keep prose away, at the cost of few states.
    let one = |shape: &Shape| format!("{}{}{{6}}", escaped(shape.prefix), class(shape.body));
    SHAPES.iter().map(one).collect::<Vec<_>>().join("|")
}

/// `text` as a literal of a regular expression.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '.' | '?') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// The secret of a known shape that begins at `start`. Its span leaves out a
/// telling prefix such as `AccountKey=`.
pub(super) fn shape_at(text: &str, start: usize) -> Option<Span> {
    let rest = text.as_bytes().get(start..)?;
    let front = rest.first()?.is_ascii_alphanumeric();
    // `disk-…` does not hold the key `sk-…`.
    if front && is_glued(text.as_bytes(), start) {
        return None;
    }
    let first = usize::from(*rest.first()?);
    let mut candidates = BY_FIRST.get(first).copied()?;
    let shapes = std::iter::from_fn(|| {
        let next = candidates.trailing_zeros();
        candidates &= candidates.checked_sub(1)?;
        SHAPES.get(usize::try_from(next).ok()?)
    });
    let mut shapes = shapes.filter(|shape| rest.starts_with(shape.prefix.as_bytes()));
    shapes.find_map(|shape| {
        let body = rest.get(shape.prefix.len()..)?;
        let len = body.iter().take_while(|byte| shape.body.has(**byte)).count();
        let body = trimmed(body.get(..len)?, shape.body);
        let from = start + if shape.prefix.ends_with('=') { shape.prefix.len() } else { 0 };
        let end = start + shape.prefix.len() + body.len();
        (body.len() >= shape.least && is_varied(body)).then_some(Span {
            start: from,
            end,
            rule: shape.rule,
        })
    })
}

/// Whether the letter or digit at `start` goes on a word: not after an escape
/// such as `\n`, `%3D` or `\u0026`.
fn is_glued(bytes: &[u8], start: usize) -> bool {
    let back = |by: usize| start.checked_sub(by).and_then(|at| bytes.get(at)).copied();
    let is_hex = |by| back(by).is_some_and(|byte| byte.is_ascii_hexdigit());
    back(1).is_some_and(|byte| byte.is_ascii_alphanumeric())
        && !(back(2) == Some(b'\\') && matches!(back(1), Some(b'n' | b'r' | b't')))
        && !(back(3) == Some(b'%') && is_hex(2) && is_hex(1))
        && !(back(6) == Some(b'\\') && back(5) == Some(b'u') && (1..=4).all(is_hex))
}

/// Whether a body looks drawn by chance: a digit, or both cases. Words with
/// hyphens and rows of `x` do not.
fn is_varied(body: &[u8]) -> bool {
    body.iter().any(u8::is_ascii_digit)
        || (body.iter().any(u8::is_ascii_lowercase) && body.iter().any(u8::is_ascii_uppercase))
}

/// Without the dots and hyphens at the end, which belong to the sentence.
fn trimmed(body: &[u8], kind: Body) -> &[u8] {
    let loose = |byte: &&u8| matches!(kind, Body::Dotted) && matches!(byte, b'.' | b'-');
    let tail = body.iter().rev().take_while(loose).count();
    body.get(..body.len() - tail).unwrap_or_default()
}
