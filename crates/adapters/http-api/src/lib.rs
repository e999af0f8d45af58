//! The JSON surface: one file an endpoint, one table of problems, one table of routes.
