//! Lists that are no longer than a host has a reason to send.

use std::{fmt, marker::PhantomData, ops::Deref, slice, vec};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, SeqAccess, Visitor},
};

/// At most `MOST` items. A long list of nothings is short to send, and large to
/// keep: the bound of a body's bytes alone does not bound memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few<T, const MOST: usize>(Vec<T>);

impl<T, const MOST: usize> Few<T, MOST> {
    /// The items.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }

    /// Keeps the first `limit` items.
    pub fn truncate(&mut self, limit: usize) {
        self.0.truncate(limit);
    }
}

impl<T, const MOST: usize> Default for Few<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MOST: usize> Deref for Few<T, MOST> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MOST: usize> IntoIterator for Few<T, MOST> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'few, T, const MOST: usize> IntoIterator for &'few Few<T, MOST> {
    type Item = &'few T;
    type IntoIter = slice::Iter<'few, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Few<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FewVisitor(PhantomData))
    }
}

struct FewVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for FewVisitor<T, MOST> {
    type Value = Few<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {MOST} items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            if items.len() == MOST {
                return Err(A::Error::invalid_length(MOST + 1, &self));
            }
            items.push(item);
        }
        Ok(Few(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_longer_than_its_bound_is_refused() {
        let read = |text| serde_json::from_str::<Few<u8, 3>>(text);
        assert_eq!(read("[1,2,3]").unwrap().into_vec(), [1, 2, 3]);
        assert!(read("[1,2,3,4]").is_err());
        assert!(read("{}").is_err());
    }
}
