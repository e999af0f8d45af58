//! Parts of lists of things that have a name.

/// The part of `$query`, a boxed query of `$table`, that `$listing` means; a
/// search looks into the column `$search`.
macro_rules! part {
    ($query:expr, $table:ident, $search:ident, $listing:expr) => {{
        use lodge_storage::Order;
        let (listing, mut query) = ($listing, $query);
        if let Some(text) = &listing.search {
            let pattern = super::listing::pattern(text);
            query = query.filter($table::$search.like(pattern).escape('\\'));
        }
        if let Some(place) = &listing.after {
            let (id, name) = (Key::from(place.id), place.name.as_str());
            let same = $table::name_key.eq(name);
            query = match (listing.order, listing.descending) {
                (Order::Age, false) => query.filter($table::id.gt(id)),
                (Order::Age, true) => query.filter($table::id.lt(id)),
                (Order::Name, false) => {
                    query.filter($table::name_key.gt(name).or(same.and($table::id.gt(id))))
                }
                (Order::Name, true) => {
                    query.filter($table::name_key.lt(name).or(same.and($table::id.lt(id))))
                }
            };
        }
        query = match (listing.order, listing.descending) {
            (Order::Age, false) => query.order($table::id.asc()),
            (Order::Age, true) => query.order($table::id.desc()),
            (Order::Name, false) => query.order(($table::name_key.asc(), $table::id.asc())),
            (Order::Name, true) => query.order(($table::name_key.desc(), $table::id.desc())),
        };
        query.limit(crate::convert::column(listing.limit))
    }};
}
pub(super) use part;

/// What `LIKE` finds `text` with, wherever it occurs.
pub(super) fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
