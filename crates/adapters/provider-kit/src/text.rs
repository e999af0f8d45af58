//! Texts of answers, borrowed from the body where they can be: `&str` breaks
//! on an escape, and `Option<Cow<str>>` never borrows.

use std::{borrow::Cow, fmt, ops::Deref};

use lodge_kernel::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A text of an answer. A field of this type needs `#[serde(borrow)]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// The text as an instant in RFC 3339; `None` when it is something else.
    pub fn instant(&self) -> Option<Timestamp> {
        Timestamp::parse(self).ok()
    }

    /// The text, unless it is empty: hosts write nothing in the place of what
    /// they do not know.
    pub fn filled(self) -> Option<String> {
        (!self.is_empty()).then(|| self.into())
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<Text<'_>> for String {
    fn from(text: Text<'_>) -> Self {
        text.0.into_owned()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Self)
    }
}

struct TextVisitor;

/// Without the character that no database of ours keeps, which only an escape
/// can write.
fn kept(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { text }
}

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(kept(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(kept(Cow::Borrowed(text)).into_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(kept(Cow::Owned(text)).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Payload<'a> {
        #[serde(borrow)]
        name: Option<Text<'a>>,
    }

    #[test]
    fn a_text_is_borrowed_unless_it_has_an_escape() {
        let plain: Payload<'_> = serde_json::from_str(r#"{"name":"ada"}"#).unwrap();
        assert!(matches!(plain.name, Some(Text(Cow::Borrowed("ada")))));
        let escaped: Payload<'_> = serde_json::from_str(r#"{"name":"a\"b"}"#).unwrap();
        assert_eq!(escaped.name.as_deref(), Some("a\"b"));
        let nul: Payload<'_> = serde_json::from_str(r#"{"name":"a\u0000b"}"#).unwrap();
        assert_eq!(nul.name.as_deref(), Some("a\u{fffd}b"));
        for nothing in ["{}", r#"{"name":null}"#] {
            assert!(serde_json::from_str::<Payload<'_>>(nothing).unwrap().name.is_none());
        }
    }
}
