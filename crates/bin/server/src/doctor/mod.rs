//! `gitlodge doctor`: what is wrong with an installation, and how to mend it.
//!
//! It leaves what is kept as it is, and prints no secret. [`place`] looks at the data folder
//! and the keys, [`store`] at the database, [`reach`] at the network.

mod place;
mod reach;
mod store;

use serde::Serialize;

use crate::{
    admin::runtime,
    cli::{DoctorOptions, ServeOptions},
    print,
    settings::Settings,
};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    level: Level,
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
}

/// What was found.
#[derive(Debug, Default, Serialize)]
struct Findings(Vec<Finding>);

impl Findings {
    fn ok(&mut self, what: impl Into<String>) {
        self.0.push(Finding { level: Level::Ok, what: what.into(), mend: None });
    }

    fn warn(&mut self, what: impl Into<String>, mend: impl Into<String>) {
        self.0.push(Finding { level: Level::Warn, what: what.into(), mend: Some(mend.into()) });
    }

    fn fail(&mut self, what: impl Into<String>, mend: impl Into<String>) {
        self.0.push(Finding { level: Level::Fail, what: what.into(), mend: Some(mend.into()) });
    }

    fn failed(&self) -> usize {
        self.0.iter().filter(|it| it.level == Level::Fail).count()
    }
}

/// `gitlodge doctor`
pub(crate) fn run(options: &DoctorOptions) -> anyhow::Result<()> {
    let findings = runtime()?.block_on(look(&options.serve));
    if options.json {
        print::line(&serde_json::to_string_pretty(&findings)?)?;
    } else {
        for it in &findings.0 {
            print::line(&line(it))?;
        }
    }
    let failed = findings.failed();
    anyhow::ensure!(failed == 0, "{failed} of {} things must be mended", findings.0.len());
    Ok(())
}

fn line(it: &Finding) -> String {
    let level = match it.level {
        Level::Ok => "ok",
        Level::Warn => "warn",
        Level::Fail => "fail",
    };
    let mend = it.mend.as_ref().map(|mend| format!(" — {mend}")).unwrap_or_default();
    format!("{level:<4}  {}{mend}", it.what)
}

async fn look(options: &ServeOptions) -> Findings {
    let mut findings = Findings::default();
    let settings = Settings::read(options);
    match &settings {
        Ok(_) => findings.ok("the settings can be used"),
        Err(error) => {
            for (problem, example) in error.problems() {
                findings.fail(problem, format!("for example {example}"));
            }
        }
    }
    place::look(options, &mut findings);
    let keys = place::keys(&options.data, &mut findings);
    store::look(&options.data, keys, &mut findings).await;
    if let Ok(settings) = settings {
        reach::look(settings, &mut findings).await;
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_bad_it_is_and_how_to_mend_it() {
        let mut findings = Findings::default();
        findings.ok("the clock goes");
        findings.warn("the disk is nearly full", "make room");
        let lines: Vec<_> = findings.0.iter().map(line).collect();
        assert_eq!(lines, ["ok    the clock goes", "warn  the disk is nearly full — make room"]);
        assert_eq!(findings.failed(), 0);
        findings.fail("x", "y");
        assert_eq!(findings.failed(), 1);
    }
}
