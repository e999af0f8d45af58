//! A job that does nothing but tell of it: shows that workers work, and that
//! what they tell reaches a browser through every proxy in between.

use std::{fmt, str::FromStr, time::Duration};

use async_trait::async_trait;
use lodge_jobs::{JsonText, KindName, TextError};

use super::{JobContext, JobError, JobKind};

/// How a rehearsal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Well.
    Done,
    /// It fails, and is not tried again.
    Fail,
    /// It breaks, and is tried again until it is given up.
    Break,
    /// It panics, as a bug would.
    Panic,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 4] = [Self::Done, Self::Fail, Self::Break, Self::Panic];

    /// The word in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Fail => "fail",
            Self::Break => "break",
            Self::Panic => "panic",
        }
    }

    /// The ending of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a rehearsal is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    /// How many steps: 1 to 1,000.
    pub steps: u32,
    /// How long each takes, in milliseconds: all of them at most two minutes.
    pub step_ms: u32,
    /// How it ends.
    pub ending: Ending,
}

impl Script {
    /// The most steps.
    pub const MOST_STEPS: u32 = 1_000;
    /// How long all steps take at the most, in milliseconds: whoever rehearses
    /// takes a place from others' jobs.
    pub const LONGEST: u32 = 120_000;

    /// As a payload.
    ///
    /// # Errors
    ///
    /// [`TextError`], never for a script.
    pub fn payload(&self) -> Result<JsonText, TextError> {
        JsonText::new(format!("\"{self}\""))
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.steps, self.step_ms, self.ending.name())
    }
}

impl FromStr for Script {
    type Err = JobError;

    fn from_str(text: &str) -> Result<Self, JobError> {
        let refused = || JobError::Never("the script of the rehearsal cannot be read".to_owned());
        let mut words = text.trim_matches('"').split(' ');
        let mut number = || words.next()?.parse().ok();
        let (steps, step_ms) = number().zip(number()).ok_or_else(refused)?;
        let ending = words.next().and_then(Ending::parse).ok_or_else(refused)?;
        Ok(Self { steps, step_ms, ending })
    }
}

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct Rehearsal;

impl Rehearsal {
    /// Its name.
    pub const NAME: &'static str = "jobs.rehearsal";

    /// Its name, as jobs carry it.
    ///
    /// # Errors
    ///
    /// [`TextError`], never.
    pub fn kind() -> Result<KindName, TextError> {
        KindName::parse(Self::NAME)
    }
}

#[async_trait]
impl JobKind for Rehearsal {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let script: Script = job.payload().parse()?;
        let attempt = job.attempt().await;
        job.log(&format!("attempt {attempt} begins")).await?;
        for step in 1..=script.steps {
            job.rest(Duration::from_millis(script.step_ms.into())).await?;
            let (done, total) = (u64::from(step), u64::from(script.steps));
            job.progress(done, Some(total), &format!("step {step}")).await?;
        }
        match script.ending {
            Ending::Done => Ok(Some(JsonText::new(format!("{{\"steps\":{}}}", script.steps))?)),
            Ending::Fail => Err(JobError::Never("it was to fail".to_owned())),
            Ending::Break => Err(JobError::Later("it was to break".to_owned())),
            Ending::Panic => panic!("it was to panic"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_survives_its_payload() {
        for ending in Ending::ALL {
            let script = Script { steps: 3, step_ms: 20, ending };
            assert_eq!(script.payload().unwrap().as_str().parse::<Script>().unwrap(), script);
        }
        assert!("".parse::<Script>().is_err());
        assert!("3 x done".parse::<Script>().is_err());
    }
}
