//! Lists of which the beginning is enough.

use std::{fmt, marker::PhantomData, ops::Deref, vec};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};

/// The first `MOST` items of a list, however long it is: for what a host cuts
/// somewhere itself, so that nobody takes the list for the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First<T, const MOST: usize>(Vec<T>);

impl<T, const MOST: usize> Default for First<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MOST: usize> Deref for First<T, MOST> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MOST: usize> IntoIterator for First<T, MOST> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for First<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FirstVisitor(PhantomData))
    }
}

struct FirstVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for FirstVisitor<T, MOST> {
    type Value = First<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() < MOST {
            let Some(item) = list.next_element()? else { return Ok(First(items)) };
            items.push(item);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(First(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_to_its_end_and_its_beginning_is_kept() {
        let read = |text| serde_json::from_str::<(First<u8, 3>, u8)>(text);
        assert_eq!(read("[[1,2],7]").unwrap(), (First(vec![1, 2]), 7));
        assert_eq!(read("[[1,2,3],7]").unwrap(), (First(vec![1, 2, 3]), 7));
        // What is left out is not looked at.
        assert_eq!(read(r#"[[1,2,3,"four",{}],7]"#).unwrap(), (First(vec![1, 2, 3]), 7));
        assert!(read(r#"[["one"],7]"#).is_err());
        assert!(read("[{},7]").is_err());
    }
}
