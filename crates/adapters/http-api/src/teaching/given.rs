//! A field of a `PATCH` body that may be taken away (RFC 7396).

use serde::{Deserialize, Deserializer};

/// A text that is absent, null, or there. To be used with `#[serde(default)]`.
#[derive(Default)]
pub(crate) enum Given {
    /// It stays.
    #[default]
    Absent,
    /// It is taken away.
    Null,
    /// It becomes this.
    There(String),
}

impl Given {
    /// `None` stays; `Some(None)` is taken away.
    #[expect(clippy::option_option, reason = "absent, null and there are three")]
    pub(crate) fn change(self) -> Option<Option<String>> {
        match self {
            Self::There(text) => Some(Some(text)),
            Self::Null => Some(None),
            Self::Absent => None,
        }
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Option::deserialize(value).map(|it| it.map_or(Self::Null, Self::There))
    }
}
