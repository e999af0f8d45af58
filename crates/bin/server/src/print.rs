//! What a person at the terminal, or a script, is to read.

use std::io::Write as _;

/// Prints one line.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

/// Prints text as it is.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

/// Prints why the command failed.
pub(crate) fn error(text: &str) {
    // There is nowhere left to say that this failed.
    let _ = writeln!(std::io::stderr(), "error: {text}");
}
