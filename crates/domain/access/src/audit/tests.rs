//! What a chain notices.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

/// FNV-1a, four times: enough to tell texts of tests apart.
fn digest(bytes: &[u8]) -> Digest {
    let mut all = [0; 32];
    for (n, part) in (0_u64..).zip(all.chunks_mut(8)) {
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325 ^ n, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
        });
        part.copy_from_slice(&hash.to_be_bytes());
    }
    Digest(all)
}

fn chain() -> Chain {
    Chain::Tenant(TenantId::from_uuid(Uuid::from_u128(1)))
}

fn event(n: u128) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::from_uuid(Uuid::from_u128(n)),
        at: Timestamp::from_seconds(1_000),
        chain: chain(),
        actor: Actor::User(UserId::from_uuid(Uuid::from_u128(n))),
        action: Action::AppChanged,
        subject: Some(format!("app {n}")),
        reason: None,
        network: Some("192.0.2.1".to_owned()),
        request: None,
        outcome: Outcome::Done,
    }
}

fn entries(most: u128) -> Vec<AuditEntry> {
    let mut head = Head::empty(chain());
    (1..=most)
        .map(|n| {
            let entry = head.next(event(n), digest);
            head = entry.head();
            entry
        })
        .collect()
}

fn faults(entries: &[AuditEntry]) -> Vec<Fault> {
    let mut walk = Walk::new(chain());
    entries.iter().filter_map(|it| walk.step(it, digest).err()).collect()
}

#[test]
fn who_did_it_survives_its_text() {
    let uuid = Uuid::from_u128(7);
    for actor in [
        Actor::User(UserId::from_uuid(uuid)),
        Actor::Client(ClientId::from_uuid(uuid)),
        Actor::Customer(CustomerId::from_uuid(uuid)),
        Actor::AdminKey(AdminKeyId::from_uuid(uuid)),
        Actor::Operator,
        Actor::Bootstrap,
        Actor::System,
        Actor::Stranger,
    ] {
        assert_eq!(actor.to_string().parse(), Ok(actor));
    }
    assert!("somebody".parse::<Actor>().is_err());
}

#[test]
fn a_fault_is_told_once_and_where_it_is() {
    let whole = entries(5);
    assert_eq!(faults(&whole), []);

    let mut gone = whole.clone();
    gone.remove(2);
    assert_eq!(faults(&gone), [Fault::Missing { sequence: 3 }]);

    let mut changed = whole.clone();
    changed[1].event.reason = Some(String::new());
    assert_eq!(faults(&changed), [Fault::Changed { sequence: 2 }]);

    let mut swapped = whole;
    let (one, other) = (swapped[1].event.clone(), swapped[2].event.clone());
    (swapped[1].event, swapped[2].event) = (other, one);
    assert_eq!(faults(&swapped), [Fault::Changed { sequence: 2 }, Fault::Changed { sequence: 3 }]);
}

#[test]
fn a_checkpoint_is_read_as_it_was_written_and_nothing_else_is() {
    let checkpoint =
        Checkpoint { head: entries(3)[2].head(), at: Timestamp::from_seconds(1_795_339_800) };
    let text = checkpoint.to_string();
    assert_eq!(Checkpoint::parse(&text), Ok(checkpoint));
    for wrong in [
        text.to_uppercase(),
        format!("{text} "),
        text.replace(" 3 ", " 03 "),
        text.replace(" 3 ", " -3 "),
        text.replacen('-', " ", 1),
        String::new(),
    ] {
        assert!(Checkpoint::parse(&wrong).is_err(), "{wrong}");
    }
}

/// One way to change an entry.
fn tamper(event: &mut AuditEvent, how: usize, text: &str) {
    match how {
        0 => event.subject = Some(text.to_owned()),
        1 => event.reason = Some(text.to_owned()),
        2 => event.network = Some(text.to_owned()),
        3 => event.at = event.at.plus(std::time::Duration::from_micros(1)),
        4 => event.actor = Actor::Operator,
        5 => event.action = Action::AppDeleted,
        6 => event.outcome = Outcome::Refused,
        7 => event.request = Some(RequestId::from_uuid(Uuid::from_u128(9))),
        _ => event.id = AuditEventId::from_uuid(Uuid::from_u128(u128::MAX)),
    }
}

proptest! {
    #[test]
    fn a_changed_entry_is_found_wherever_it_is(
        place in 0_usize..8, how in 0_usize..9, text in ".{0,12}",
    ) {
        let mut all = entries(8);
        let before = all[place].event.clone();
        tamper(&mut all[place].event, how, &text);
        prop_assume!(all[place].event != before);
        let sequence = u64::try_from(place).unwrap() + 1;
        prop_assert_eq!(faults(&all), [Fault::Changed { sequence }]);
    }

    #[test]
    fn text_that_moves_from_one_field_into_the_next_is_noticed(
        subject in ".{0,8}", reason in ".{0,8}", cut in 0_usize..8,
    ) {
        let head = Head::empty(chain());
        let joined = format!("{subject}{reason}");
        let cut = joined.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(joined.len());
        let one = AuditEvent { subject: Some(subject.clone()), reason: Some(reason), ..event(1) };
        let (left, right) = joined.split_at(cut);
        let other = AuditEvent {
            subject: Some(left.to_owned()), reason: Some(right.to_owned()), ..event(1)
        };
        prop_assume!(left != subject);
        prop_assert_ne!(head.material(&one), head.material(&other));
    }

    #[test]
    fn an_order_that_was_changed_is_noticed(seed in any::<u64>()) {
        let all = entries(6);
        let mut mixed = all.clone();
        let mut state = seed;
        for n in (1..mixed.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            mixed.swap(n, usize::try_from(state >> 33).unwrap() % (n + 1));
        }
        // An attacker gives the rows their places anew.
        for (n, entry) in (1_u64..).zip(&mut mixed) {
            entry.sequence = n;
        }
        prop_assume!(mixed != all);
        prop_assert!(!faults(&mixed).is_empty());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text: String) {
        let _ = Checkpoint::parse(&text);
        let _ = text.parse::<Actor>();
        let _ = text.parse::<Chain>();
    }
}
