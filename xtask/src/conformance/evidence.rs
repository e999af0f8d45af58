//! What the tests told. Everything counts, since nothing is written when a test
//! fails.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde::Deserialize;

use super::suites::{Ran, topic};

/// One line of the report.
#[derive(Debug, Deserialize)]
struct Line {
    host: String,
    program: Option<String>,
    test: Option<String>,
    #[serde(flatten)]
    fact: Fact,
}

/// What `lodge_testkit::conformance` tells.
#[derive(Debug, Deserialize)]
#[serde(tag = "fact", rename_all = "lowercase")]
enum Fact {
    Support { label: String, resource: String, support: String },
    Asked { resource: String },
    Fault { fault: String },
    Read { source: String, payload: String, bodies: usize },
    Unread { source: String, body: String, reason: String },
    Skipped { source: String },
}

/// Everything that is known of one host.
#[derive(Debug, Default)]
pub(super) struct Host {
    /// Its name for people.
    pub label: String,
    /// How it has each resource.
    pub support: BTreeMap<String, String>,
    /// The resources that tests of a topic were answered.
    pub asked: BTreeMap<&'static str, BTreeSet<String>>,
    /// The tests that broke its answers, by fault.
    pub faults: BTreeMap<String, BTreeSet<String>>,
    /// How many recorded bodies each payload read, by source.
    pub read: BTreeMap<String, BTreeMap<String, usize>>,
    /// What was not read: source, body and reason.
    pub unread: BTreeSet<(String, String, String)>,
    /// The sources that were not there.
    pub skipped: BTreeSet<String>,
}

/// Everything that was proved.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub ran: Vec<Ran>,
    /// By name.
    pub hosts: BTreeMap<String, Host>,
}

impl Evidence {
    /// Reads the report of `ran`.
    pub(super) fn read(report: &str, ran: Vec<Ran>) -> anyhow::Result<Self> {
        let mut hosts: BTreeMap<_, Host> =
            ran.iter().map(|it| (it.host.clone(), Host::default())).collect();
        for line in report.lines() {
            let line: Line =
                serde_json::from_str(line).with_context(|| format!("a test told `{line}`"))?;
            // A test may give a host another name than that of its package.
            if let Some(host) = hosts.get_mut(&line.host) {
                let test = line.test.unwrap_or_default();
                host.take(line.fact, line.program.as_deref().unwrap_or_default(), test);
            }
        }
        Ok(Self { ran, hosts })
    }

    /// The tests of one host and topic, as sentences.
    pub(super) fn sentences(&self, host: &str, about: &str) -> Vec<String> {
        let tests = self.ran.iter().filter(|it| it.host == host && it.topic() == Some(about));
        let names = tests.map(|it| it.test.rsplit("::").next().unwrap_or_default());
        let mut sentences: Vec<_> = names.map(|it| it.replace('_', " ")).collect();
        sentences.sort();
        sentences
    }
}

impl Host {
    fn take(&mut self, fact: Fact, program: &str, test: String) {
        match fact {
            Fact::Support { label, resource, support } => {
                self.label = label;
                self.support.insert(resource, support);
            }
            Fact::Asked { resource } => {
                if let Some(topic) = topic(program, &test) {
                    self.asked.entry(topic).or_default().insert(resource);
                }
            }
            Fact::Fault { fault } => {
                self.faults.entry(fault).or_default().insert(test);
            }
            Fact::Read { source, payload, bodies } => {
                *self.read.entry(payload).or_default().entry(source).or_default() += bodies;
            }
            Fact::Unread { source, body, reason } => {
                self.unread.insert((source, body, reason));
            }
            Fact::Skipped { source } => {
                self.skipped.insert(source);
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A host with one test of each kind.
    pub(in super::super) fn some_evidence() -> Evidence {
        let ran = |program: &str, test: &str| Ran {
            host: "gitlab".to_owned(),
            program: program.to_owned(),
            test: test.to_owned(),
            passed: true,
        };
        let tests = vec![
            ran("contract-1", "what_is_unsupported_says_so"),
            ran("agrees-2", "tags_are_what_the_world_has"),
            ran("faults-3", "a_bomb_is_not_unpacked"),
            ran("login-4", "the_smallest_scope_is_asked_for"),
        ];
        let report = r#"
{"fact":"support","host":"gitlab","program":"contract-1","test":"what_is_unsupported_says_so","label":"GitLab","resource":"tags","support":"native"}
{"fact":"support","host":"gitlab","program":"contract-1","test":"what_is_unsupported_says_so","label":"GitLab","resource":"releases","support":"unsupported"}
{"fact":"asked","host":"gitlab","program":"agrees-2","test":"tags_are_what_the_world_has","resource":"tags"}
{"fact":"asked","host":"elsewhere","program":"agrees-2","test":"tags_are_what_the_world_has","resource":"tags"}
{"fact":"fault","host":"gitlab","program":"faults-3","test":"a_bomb_is_not_unpacked","fault":"a bomb"}
{"fact":"fault","host":"gitlab","program":"faults-3","test":"a_bomb_is_not_unpacked","fault":"a bomb"}
{"fact":"read","host":"gitlab","program":"recordings-5","test":"all","source":"go-gitlab","payload":"tag","bodies":3}
{"fact":"read","host":"gitlab","program":"recordings-5","test":"all","source":"swh-lister","payload":"tag","bodies":4}
{"fact":"unread","host":"gitlab","program":"recordings-5","test":"all","source":"go-gitlab","body":"x.json","reason":"it is cut off"}
{"fact":"skipped","host":"gitlab","program":"recordings-5","test":"all","source":"pygithub"}"#;
        Evidence::read(report.trim(), tests).unwrap()
    }

    #[test]
    fn facts_are_sorted_by_host() {
        let evidence = some_evidence();
        let host = &evidence.hosts["gitlab"];
        assert_eq!(host.label, "GitLab");
        assert!(host.asked["agrees"].contains("tags"));
        assert_eq!(host.faults["a bomb"].len(), 1);
        assert_eq!(host.read["tag"].values().sum::<usize>(), 7);
        assert_eq!(evidence.sentences("gitlab", "login"), ["the smallest scope is asked for"]);
    }
}
