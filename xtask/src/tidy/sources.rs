//! Every Rust file of the repository.

use std::{fs, path::Path};

use anyhow::Context;

/// The folders that hold our code.
const FOLDERS: &[&str] = &["crates", "tests", "xtask"];

/// One Rust file.
pub(super) struct Source {
    /// Relative to the root.
    pub path: String,
    pub text: String,
}

impl Source {
    /// The part before the tests that stand in the same file.
    pub(super) fn production(&self) -> &str {
        let mut end = 0;
        let mut lines = self.text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let opens_tests = line.trim_end() == "#[cfg(test)]"
                && lines
                    .peek()
                    .is_some_and(|it| it.starts_with("mod ") && it.trim_end().ends_with('{'));
            if opens_tests {
                break;
            }
            end += line.len();
        }
        self.text.get(..end).unwrap_or(&self.text)
    }

    /// It holds nothing but tests.
    pub(super) fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
    }
}

/// Reads them all.
pub(super) fn read(root: &Path) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in FOLDERS {
        collect(root, &root.join(folder), &mut sources)?;
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> anyhow::Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        if entry.file_type()?.is_dir() {
            let hidden = name.to_string_lossy().starts_with('.');
            if !hidden && !name.to_string_lossy().starts_with("target") {
                collect(root, &path, sources)?;
            }
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            sources.push(Source { path, text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { path: "crates/domain/kernel/src/id.rs".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn production_ends_where_the_tests_begin() {
        let text = "//! Ids.\nfn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        assert_eq!(source(text).production(), "//! Ids.\nfn a() {}\n");
    }

    #[test]
    fn tests_in_another_file_end_nothing() {
        let text = "//! Ids.\n#[cfg(test)]\nmod tests;\nfn a() {}\n";
        assert_eq!(source(text).production(), text);
    }

    #[test]
    fn what_is_for_tests_inside_production_ends_nothing() {
        let text = "//! Ids.\n#[cfg(test)]\nfn only_in_tests() {}\nfn a() {}\n";
        assert_eq!(source(text).production(), text);
    }
}
