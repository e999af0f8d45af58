//! What is said to the person at the terminal.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks to its terminal, and here only"
)]

/// Says one line of result.
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Says one line about progress, beside the results.
pub(crate) fn note(line: &str) {
    eprintln!("xtask: {line}");
}

/// Says why the task failed.
pub(crate) fn complain(reason: &str) {
    eprintln!("xtask: error: {reason}");
}
