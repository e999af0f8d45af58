//! Builders, fakes and contract suites.
