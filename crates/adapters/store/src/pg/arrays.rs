//! Rows that come together go to the database as arrays, one for each column: the
//! text of the statement is always the same, however many there are.

/// The statement that inserts `rows` into a table, ending with `then`. Of each
/// column it is said how it is taken from a row (`=` as it is, `&` as text, `?` as
/// text that may be missing, `#` as bytes) and what it is in the database.
macro_rules! insert_arrays {
    (= $it:ident.$column:ident) => { $it.$column };
    (& $it:ident.$column:ident) => { $it.$column.as_str() };
    (? $it:ident.$column:ident) => { $it.$column.as_deref() };
    (# $it:ident.$column:ident) => { $it.$column.as_slice() };
    ($rows:expr, $table:literal, { $($column:ident $how:tt $type:ty,)+ }, $then:expr) => {{
        let columns = [$(stringify!($column)),+].join(", ");
        let mut statement = Statement::prepared(format!(
            "INSERT INTO {} ({columns}) SELECT * FROM UNNEST(",
            $table
        ));
        $(statement.value::<Array<$type>>(
            $rows.iter().map(|it| insert_arrays!($how it.$column)).collect::<Vec<_>>(),
        );)+
        statement.say(format!(") {}", $then));
        statement
    }};
}
