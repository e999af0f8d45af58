//! A folder of Git repositories as a Git host, read in this process.
