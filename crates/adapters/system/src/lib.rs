//! The real clock, chance, keys and the usage journal.
