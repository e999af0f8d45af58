//! Questions to the journal whose text depends on what is asked.

use std::fmt::Write as _;

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::RunQueryDsl;
use lodge_storage::StorageError;

use super::{super::Id, Conn, Db, Key};
use crate::error::about;

/// The text of a question, and its parameters in the order of their numbers,
/// which is what both dialects agree on.
#[derive(Default)]
pub(super) struct Question {
    text: String,
    values: Vec<Value>,
}

enum Value {
    Id(Key),
    Text(String),
}

impl Question {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Goes on with `text`, in which nothing comes from outside.
    pub(super) fn say(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Goes on with `text` and an id.
    pub(super) fn id(&mut self, text: &str, id: impl Into<Key>) {
        self.value(text, Value::Id(id.into()));
    }

    /// Goes on with `text` and another one, from wherever it comes.
    pub(super) fn text(&mut self, text: &str, value: &str) {
        self.value(text, Value::Text(value.to_owned()));
    }

    fn value(&mut self, text: &str, value: Value) {
        self.values.push(value);
        // Writing to a `String` cannot fail.
        let _ = write!(self.text, "{text}${}", self.values.len());
    }

    /// Asks it.
    pub(super) async fn load<T>(self, conn: &mut Conn) -> Result<Vec<T>, StorageError>
    where
        T: QueryableByName<Db> + Send + 'static,
    {
        let mut query = diesel::sql_query(self.text).into_boxed::<Db>();
        for value in self.values {
            query = match value {
                Value::Id(id) => query.bind::<Id, _>(id),
                Value::Text(text) => query.bind::<Text, _>(text),
            };
        }
        query.load(conn).await.map_err(about("usage row"))
    }
}
