//! Lists of things that have a name.

/// By what things are put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By when they were made, which is their id.
    Age,
    /// By name, in lower case; of equal names by age.
    Name,
}

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<I> {
    /// The name there, in lower case; not looked at when the order is by age.
    pub name: String,
    /// The id there.
    pub id: I,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<I> {
    /// What must occur in a thing's name or what else is searched, in lower
    /// case.
    pub search: Option<String>,
    /// By what it is put in order.
    pub order: Order,
    /// The last first.
    pub descending: bool,
    /// After which place it begins.
    pub after: Option<Place<I>>,
    /// How many at most.
    pub limit: usize,
}

impl<I> Listing<I> {
    /// The first `limit` by age.
    pub const fn first(limit: usize) -> Self {
        Self { search: None, order: Order::Age, descending: false, after: None, limit }
    }
}
