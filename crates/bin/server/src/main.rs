//! The composition root of Gitlodge.

fn main() {}
