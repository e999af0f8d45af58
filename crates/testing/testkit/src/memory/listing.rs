//! Parts of lists of things that have a name.

use lodge_storage::{Listing, Order};

/// A thing in a list.
pub(super) trait Listed: Clone {
    type Id: Ord + Copy;
    fn id(&self) -> Self::Id;
    fn name_key(&self) -> String;
    fn search_key(&self) -> String;
}

/// The part of `all` that `listing` means.
pub(super) fn part<'a, T: Listed + 'a>(
    all: impl Iterator<Item = &'a T>,
    listing: &Listing<T::Id>,
) -> Vec<T> {
    let key = |it: &T| match listing.order {
        Order::Age => (String::new(), it.id()),
        Order::Name => (it.name_key(), it.id()),
    };
    let after = listing.after.as_ref().map(|place| match listing.order {
        Order::Age => (String::new(), place.id),
        Order::Name => (place.name.clone(), place.id),
    });
    let meant = |it: &&T| {
        listing.search.as_ref().is_none_or(|text| it.search_key().contains(text.as_str()))
    };
    let mut found: Vec<&T> = all.filter(meant).collect();
    found.sort_by_key(|it| key(it));
    if listing.descending {
        found.reverse();
    }
    let comes = |it: &&T| match &after {
        None => true,
        Some(after) if listing.descending => key(it) < *after,
        Some(after) => key(it) > *after,
    };
    found.into_iter().filter(comes).take(listing.limit).cloned().collect()
}
