//! Storage on PostgreSQL and on the embedded SQLite.
