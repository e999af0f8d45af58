//! Reading CBOR (RFC 8949) that a stranger wrote.

use ciborium::Value;
use lodge_services::NotTaken;

/// How deep values may stand in each other. A device's are four deep (CTAP 2.2,
/// 8).
const DEEPEST: usize = 8;

/// The value that `bytes` begin with, and what follows it.
pub(crate) fn first(bytes: &[u8]) -> Result<(Value, &[u8]), NotTaken> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEEPEST)
        .map_err(|_unreadable| NotTaken("what the device wrote is no CBOR"))?;
    Ok((value, rest))
}

/// The one value that `bytes` are.
pub(crate) fn whole(bytes: &[u8]) -> Result<Value, NotTaken> {
    match first(bytes)? {
        (value, []) => Ok(value),
        _ => Err(NotTaken("something follows what the device wrote")),
    }
}

/// The entries of a map, each key once.
pub(crate) struct Map(Vec<(Value, Value)>);

impl Map {
    pub(crate) fn of(value: Value) -> Result<Self, NotTaken> {
        let Value::Map(entries) = value else { return Err(NotTaken("a map is missing")) };
        let twice = |(place, (key, _)): (usize, &(Value, Value))| {
            entries.iter().skip(place + 1).any(|(other, _)| other == key)
        };
        // A device's maps have a handful of entries; a stranger's are not compared
        // with each other for ever.
        if entries.len() > 16 || entries.iter().enumerate().any(twice) {
            return Err(NotTaken("a map has too many entries, or one twice"));
        }
        Ok(Self(entries))
    }

    /// The value of a key. `None` where there is none.
    pub(crate) fn get(&self, key: impl Into<Value>) -> Option<&Value> {
        let key = key.into();
        self.0.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    pub(crate) fn bytes(&self, key: impl Into<Value>) -> Option<&[u8]> {
        self.get(key)?.as_bytes().map(Vec::as_slice)
    }

    pub(crate) fn text(&self, key: impl Into<Value>) -> Option<&str> {
        self.get(key)?.as_text()
    }

    pub(crate) fn number(&self, key: impl Into<Value>) -> Option<i64> {
        self.get(key)?.as_integer()?.try_into().ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
