//! What the end-to-end tests share: a running gateway and a client of it.
