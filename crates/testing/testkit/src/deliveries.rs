//! Deliveries of webhooks as nobody likes them, and what a course keeps of what
//! they tell: for tests of the schemes of vendors.

use std::collections::BTreeMap;

use lodge_activity::{Actor, ActorId, Fact, FactKey, FactKind};
use lodge_kernel::{Digest, Timestamp};
use lodge_provider::{Delivery, WebhookScheme};
use serde_json::{Value, json};

use crate::builders::NOW;

/// A delivery of `body`, with these headers.
pub fn a_delivery(headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Delivery {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Delivery { headers: headers.collect(), body: body.into(), received_at: NOW }
}

/// What such a delivery tells courses.
///
/// # Panics
///
/// When it cannot be read.
pub fn facts_told(
    scheme: &dyn WebhookScheme,
    headers: &[(&str, &str)],
    body: &Value,
) -> Vec<Fact<Actor>> {
    let told = scheme.facts(&a_delivery(headers, body.to_string()));
    told.unwrap_or_else(|error| panic!("{headers:?}: {error}: {body}"))
}

/// The instant that `text` names.
///
/// # Panics
///
/// When it names none.
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Somebody of whom the name at the host alone is known.
pub fn named(name: &str) -> Actor {
    Actor { username: Some(name.to_owned()), ..Actor::default() }
}

/// What a course keeps of `told`. It is the same in whatever order it came, and
/// however often.
fn kept(told: impl IntoIterator<Item = Fact<Actor>>) -> BTreeMap<FactKey, Fact<ActorId>> {
    let mut kept: BTreeMap<FactKey, Fact<ActorId>> = BTreeMap::new();
    for fact in told {
        let fact = fact.map(&mut id);
        let key = fact.key();
        let fact = match kept.remove(&key) {
            Some(known) => known.merged(fact),
            None => fact,
        };
        kept.insert(key, fact);
    }
    kept
}

/// What a course keeps of several deliveries, of which each told some of `told`:
/// the same in several orders, and when each comes twice.
///
/// # Panics
///
/// When it is not the same.
pub fn kept_in_any_order(told: &[Vec<Fact<Actor>>]) -> BTreeMap<FactKey, Fact<ActorId>> {
    let count = told.len();
    let once = kept(told.iter().flatten().cloned());
    // Steps that have no part in common with the number lead to each of them.
    for step in (1..count).filter(|it| common_part(*it, count) == 1) {
        let twice = (0..2 * count).filter_map(|n| told.get(n * step % count));
        assert_eq!(kept(twice.flatten().cloned()), once, "{step}");
    }
    assert_eq!(kept(told.iter().rev().flatten().cloned()), once);
    once
}

/// Of what kinds those are that a course keeps.
pub fn kinds(kept: &BTreeMap<FactKey, Fact<ActorId>>) -> Vec<FactKind> {
    let mut kinds: Vec<_> = kept.keys().map(|it| it.kind).collect();
    kinds.dedup();
    kinds
}

/// Bodies that are none of the host's are no errors, and tell at most `most` facts;
/// what is no JSON is one that does not repeat what stands there.
///
/// # Panics
///
/// When it is otherwise.
pub fn is_wary(scheme: &dyn WebhookScheme, headers: &[(&str, &str)], body: &Value, most: usize) {
    for odd in odd_bodies(body) {
        let told = facts_told(scheme, headers, &odd);
        assert!(told.len() <= most, "{headers:?}: {odd}: {told:?}");
    }
    for nothing in [json!({}), json!([]), json!(null), json!(7)] {
        assert_eq!(facts_told(scheme, headers, &nothing), [], "{headers:?}: {nothing}");
    }
    for no_json in [&br#"{"a secret"#[..], b"", b"a secret"] {
        let told = scheme.facts(&a_delivery(headers, no_json));
        let error = told.map_err(|error| error.to_string());
        assert!(matches!(&error, Err(said) if !said.contains("secret")), "{headers:?}: {error:?}");
    }
}

/// The greatest number that divides both.
const fn common_part(one: usize, other: usize) -> usize {
    if other == 0 { one } else { common_part(other, one % other) }
}

/// Who somebody is, by the first 32 bytes of what names them best.
fn id(actor: Actor) -> ActorId {
    let Actor { host_user, username, email, name } = actor;
    let best = host_user.or(username).or(email).or(name).unwrap_or_default();
    let mut digest = [0; 32];
    for (place, byte) in digest.iter_mut().zip(best.bytes()) {
        *place = byte;
    }
    ActorId(Digest(digest))
}

/// Every body that has something else in the place of one value of `body`.
fn odd_bodies(body: &Value) -> Vec<Value> {
    let odd = [
        Value::Null,
        json!(true),
        json!(-7),
        json!(u64::MAX),
        json!(0.5),
        json!(""),
        json!("é\u{0}".repeat(1_000)),
        json!([]),
        json!([7, {}]),
        json!({}),
    ];
    let mut places = Vec::new();
    find(body, "", &mut places);
    let mut all = Vec::new();
    for place in &places {
        for odd in &odd {
            let mut changed = body.clone();
            if let Some(it) = changed.pointer_mut(place) {
                it.clone_from(odd);
            }
            all.push(changed);
        }
    }
    all
}

/// Where every value below `value` stands, which stands at `place` itself.
fn find(value: &Value, place: &str, places: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(number, it)| (number.to_string(), it)).collect()
        }
        _ => Vec::new(),
    };
    for (name, it) in children {
        let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
        find(it, &place, places);
        places.push(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_once_something_else() {
        let all = odd_bodies(&json!({ "a": [1], "b/c": "text" }));
        assert_eq!(all.len(), 30);
        for odd in [
            json!({ "a": [null], "b/c": "text" }),
            json!({ "a": {}, "b/c": "text" }),
            json!({ "a": [1], "b/c": true }),
        ] {
            assert!(all.contains(&odd), "{odd}");
        }
    }
}
