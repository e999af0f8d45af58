//! Statements that are written out, with their values beside them.
//!
//! Most are written with diesel's own words; these are the ones for which it has
//! none. The text is ours, and nothing from outside gets into it.

use std::borrow::Cow;

use diesel::{
    QueryResult,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{BigInt, HasSqlType, Text, Untyped},
};

use super::{super::Id, Db, Key};

/// A statement, as far as it is written.
pub(in super::super) struct Statement<'a> {
    parts: Vec<Part<'a>>,
    prepared: bool,
}

enum Part<'a> {
    Text(Cow<'a, str>),
    Value(Box<dyn QueryFragment<Db> + Send + 'a>),
}

/// A value with the type that the database takes it for.
struct Value<T, V> {
    value: V,
    of_type: std::marker::PhantomData<fn() -> T>,
}

impl<T, V> QueryFragment<Db> for Value<T, V>
where
    Db: HasSqlType<T>,
    V: ToSql<T, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_bind_param::<T, V>(&self.value)
    }
}

impl<'a> Statement<'a> {
    /// One that begins with `text`, and is planned each time: its text depends on
    /// what is asked.
    pub(super) fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self { parts: vec![Part::Text(text.into())], prepared: false }
    }

    /// One that begins with `text`, and is prepared once for a connection, which
    /// keeps it: it may be one of few texts only.
    pub(in super::super) fn prepared(text: impl Into<Cow<'a, str>>) -> Self {
        Self { prepared: true, ..Self::new(text) }
    }

    /// Goes on with `text`.
    pub(in super::super) fn say(&mut self, text: impl Into<Cow<'a, str>>) {
        self.parts.push(Part::Text(text.into()));
    }

    /// Goes on with a value; values in a row are separated by commas.
    pub(in super::super) fn value<T: 'a>(&mut self, value: impl ToSql<T, Db> + Send + 'a)
    where
        Db: HasSqlType<T>,
    {
        if let Some(Part::Value(_)) = self.parts.last() {
            self.say(", ");
        }
        let value = Value { value, of_type: std::marker::PhantomData };
        self.parts.push(Part::Value(Box::new(value)));
    }

    /// Goes on with `text` and an id.
    pub(super) fn id(&mut self, text: impl Into<Cow<'a, str>>, id: impl Into<Key>) {
        self.say(text);
        self.value::<Id>(id.into());
    }

    /// Goes on with `text` and another one, from wherever it comes.
    pub(super) fn text(&mut self, text: impl Into<Cow<'a, str>>, value: &str) {
        self.say(text);
        self.value::<Text>(value.to_owned());
    }

    /// Goes on with `text` and a number.
    pub(super) fn number(&mut self, text: impl Into<Cow<'a, str>>, number: i64) {
        self.say(text);
        self.value::<BigInt>(number);
    }
}

impl QueryFragment<Db> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if !self.prepared {
            out.unsafe_to_cache_prepared();
        }
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_sql(text),
                Part::Value(value) => value.walk_ast(out.reborrow())?,
            }
        }
        Ok(())
    }
}

impl QueryId for Statement<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> diesel::RunQueryDsl<C> for Statement<'_> {}

impl Query for Statement<'_> {
    type SqlType = Untyped;
}
