//! The share of lines that tests reach, which GitLab writes as a text or as a
//! number: `"30.50"`, `30.5`, `30`.
//!
//! Source: <https://docs.gitlab.com/api/pipelines/>, API v4.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// In hundredths of a percent. `None` for what is no share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Coverage(pub(crate) Option<u32>);

impl<'de> Deserialize<'de> for Coverage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CoverageVisitor).map(Self)
    }
}

struct CoverageVisitor;

impl<'de> Visitor<'de> for CoverageVisitor {
    type Value = Option<u32>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a share in percent")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, percent: u64) -> Result<Self::Value, E> {
        Ok(read(&percent.to_string()))
    }

    fn visit_i64<E: Error>(self, _negative: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, percent: f64) -> Result<Self::Value, E> {
        Ok(read(&format!("{percent:.2}")))
    }

    fn visit_str<E: Error>(self, percent: &str) -> Result<Self::Value, E> {
        Ok(read(percent))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// `30.5` as 3050. What is finer than a hundredth is cut.
fn read(percent: &str) -> Option<u32> {
    let (whole, part) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    (digits(whole) && digits(part)).then_some(())?;
    let hundredths: u32 = format!("{part}0").get(..2)?.parse().ok()?;
    let share = whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
    (share <= 10_000).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_however_it_is_written() {
        for (text, share) in [
            (r#""30.50""#, Some(3050)),
            (r#""98.999""#, Some(9899)),
            (r#""7.5""#, Some(750)),
            ("30.5", Some(3050)),
            ("100", Some(10_000)),
            ("0.0", Some(0)),
            ("null", None),
            ("101", None),
            ("-3", None),
            (r#""""#, None),
            (r#""-3""#, None),
            (r#""é""#, None),
            ("[1]", None),
            (r#"{"a":1}"#, None),
            ("true", None),
        ] {
            assert_eq!(serde_json::from_str::<Coverage>(text).unwrap().0, share, "{text}");
        }
    }
}
