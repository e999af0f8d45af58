//! Passkeys, as their owners and as strangers try them.

use std::time::Duration;

use lodge_access::{Backup, passkey::NoPasskeys};
use lodge_gateway::people::{
    AddPasskey, Caller, LogInError, LoggedIn, PasskeyError, ProofError, RemovedPasskey, SecondStep,
};
use lodge_kernel::ExposeSecret as _;
use lodge_services::NewPasskey;

use crate::house::{House, password};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

fn is_wrong(entered: &Result<LoggedIn, LogInError>) -> bool {
    matches!(entered, Err(LogInError::WrongPasskey))
}

#[tokio::test]
async fn a_passkey_opens_the_account_alone_and_after_the_password() {
    let house = House::new();
    let (ada, mut device) = house.with_device(ADA, 1).await;
    let opened = house.alone(&mut device, &ada).await.unwrap();
    assert_eq!(opened.user, ada.user);

    let step = house.first_step(ADA).await;
    let offered = house.gateway.second_step(&step).await.unwrap();
    assert!(!offered.authenticator);
    let (question, known) = offered.passkeys.unwrap();
    assert_eq!(known[0].credential.as_bytes(), device.credential);
    // A second proof need not verify the person: the password did.
    device.verified = false;
    let answer = device.answers(&question.challenge);
    let opened = house.enter(&question.ticket, &device, answer, None).await.unwrap();
    assert_eq!(opened.user, ada.user);
    let known = house.gateway.passkeys(&ada).await.unwrap();
    assert_eq!((known[0].counter, known[0].used_at), (3, Some(house.gateway.now())));
}

#[tokio::test]
async fn with_a_passkey_the_password_alone_opens_nothing_but_a_recovery_code_helps() {
    let house = House::new();
    let ada = house.person(ADA).await;
    assert!(house.by_password(ADA, None).await.is_ok());
    let added = house.add(&ada, &house.device(1)).await.unwrap();
    assert_eq!(added.recovery_codes.len(), 10);
    let again = house.add(&ada, &house.device(2)).await.unwrap();
    assert!(again.recovery_codes.is_empty(), "they are shown once");

    let ticket = house.first_step(ADA).await;
    let code = added.recovery_codes[0].expose_secret().to_owned();
    let step = |code: &str| SecondStep {
        ticket: ticket.clone(),
        code: code.to_owned(),
        caller: Caller::default(),
        former: None,
    };
    let wrong = house.gateway.log_in_with_code(step("123456")).await;
    assert!(matches!(wrong, Err(LogInError::WrongCode)), "{wrong:?}");
    assert!(house.gateway.log_in_with_code(step(&code)).await.is_ok());
    let again = house.gateway.log_in_with_code(step(&code)).await;
    assert!(matches!(again, Err(LogInError::WrongCode)), "{again:?}");
}

#[tokio::test]
async fn whoever_does_not_verify_their_person_opens_nothing_alone() {
    let house = House::new();
    let (ada, mut device) = house.with_device(ADA, 1).await;
    device.verified = false;
    assert!(is_wrong(&house.alone(&mut device, &ada).await));
    device.verified = true;
    assert!(house.alone(&mut device, &ada).await.is_ok());
}

#[tokio::test]
async fn another_origin_or_relying_party_opens_nothing() {
    let house = House::new();
    let (ada, device) = house.with_device(ADA, 1).await;
    let mut phished = device.clone();
    phished.origin = "https://gate.example.evil".to_owned();
    assert!(is_wrong(&house.alone(&mut phished, &ada).await));
    let mut foreign = device;
    foreign.party = "evil.example".to_owned();
    assert!(is_wrong(&house.alone(&mut foreign, &ada).await));
}

#[tokio::test]
async fn a_question_is_answered_once_and_in_time() {
    let house = House::new();
    let (ada, mut device) = house.with_device(ADA, 1).await;
    let question = house.gateway.begin_passkey_log_in().unwrap();
    // A wrong answer uses it up, too.
    let mut wrong = device.answers(&question.challenge);
    wrong.signature.push(0);
    assert!(is_wrong(&house.enter(&question.ticket, &device, wrong, Some(&ada)).await));
    let right = device.answers(&question.challenge);
    let replayed = house.enter(&question.ticket, &device, right, Some(&ada)).await;
    assert!(matches!(replayed, Err(LogInError::StepEnded)), "{replayed:?}");

    let question = house.gateway.begin_passkey_log_in().unwrap();
    house.clock.advance(Duration::from_mins(5));
    let late = device.answers(&question.challenge);
    let late = house.enter(&question.ticket, &device, late, Some(&ada)).await;
    assert!(matches!(late, Err(LogInError::StepEnded)), "{late:?}");
    let forged = device.answers(&question.challenge);
    let forged = house.enter("forged", &device, forged, Some(&ada)).await;
    assert!(matches!(forged, Err(LogInError::StepEnded)), "{forged:?}");

    // The answer to one question beside the ticket of another.
    let (one, other) = (
        house.gateway.begin_passkey_log_in().unwrap(),
        house.gateway.begin_passkey_log_in().unwrap(),
    );
    let crossed = device.answers(&one.challenge);
    assert!(is_wrong(&house.enter(&other.ticket, &device, crossed, Some(&ada)).await));
}

#[tokio::test]
async fn a_ticket_is_good_for_its_own_purpose_only() {
    let house = House::new();
    let (ada, mut device) = house.with_device(ADA, 1).await;
    let (ticket, challenge) = house.question(&ada).await;
    let answer = device.answers(&challenge);
    let entered = house.enter(&ticket, &device, answer, Some(&ada)).await;
    assert!(matches!(entered, Err(LogInError::StepEnded)), "{entered:?}");

    let question = house.gateway.begin_passkey_log_in().unwrap();
    let answer = house.device(2).makes(&question.challenge);
    let ask =
        AddPasskey { ticket: question.ticket, name: "x".to_owned(), answer, transports: vec![] };
    let added = house.gateway.add_passkey(&ada, &ask).await;
    assert!(matches!(added, Err(PasskeyError::Ended)), "{added:?}");
}

#[tokio::test]
async fn another_persons_passkey_is_no_second_proof_and_names_nobody() {
    let house = House::new();
    let (ada, mut hers) = house.with_device(ADA, 1).await;
    let (bob, mut his) = house.with_device(BOB, 2).await;
    let step = house.first_step(ADA).await;
    let (question, _) = house.gateway.second_step(&step).await.unwrap().passkeys.unwrap();
    let answer = his.answers(&question.challenge);
    assert!(is_wrong(&house.enter(&question.ticket, &his, answer, Some(&bob)).await));

    // Alone, the device must say whose its passkey is, and be right.
    let question = house.gateway.begin_passkey_log_in().unwrap();
    let answer = his.answers(&question.challenge);
    assert!(is_wrong(&house.enter(&question.ticket, &his, answer, Some(&ada)).await));
    let question = house.gateway.begin_passkey_log_in().unwrap();
    let answer = his.answers(&question.challenge);
    assert!(is_wrong(&house.enter(&question.ticket, &his, answer, None).await));
    // One device signs for another's passkey.
    let question = house.gateway.begin_passkey_log_in().unwrap();
    let mut answer = hers.answers(&question.challenge);
    answer.signature = his.answers(&question.challenge).signature;
    assert!(is_wrong(&house.enter(&question.ticket, &hers, answer, Some(&ada)).await));
    // And nobody knows the passkey of a stranger: in the same words.
    let mut stranger = house.device(9);
    assert!(is_wrong(&house.alone(&mut stranger, &ada).await));
}

#[tokio::test]
async fn a_passkey_that_was_copied_is_refused_and_noted() {
    let house = House::new();
    let (ada, mut device) = house.with_device(ADA, 1).await;
    let mut copy = device.clone();
    for _ in 0..3 {
        house.alone(&mut device, &ada).await.unwrap();
    }
    assert!(is_wrong(&house.alone(&mut copy, &ada).await));
    let noted = house.refusals().await;
    assert!(noted.iter().any(|it| it == "the passkey's counter went backwards"), "{noted:?}");
    assert!(house.alone(&mut device, &ada).await.is_ok());

    // A passkey that was in one device is not suddenly in several.
    device.backup = Backup::Done;
    assert!(is_wrong(&house.alone(&mut device, &ada).await));
}

#[tokio::test]
async fn guessing_gets_slower_for_one_passkey_and_for_nobody_else() {
    let house = House::new();
    let (ada, mut device) = house.with_device(ADA, 1).await;
    let (bob, mut his) = house.with_device(BOB, 2).await;
    for _ in 0..5 {
        let mut forged = device.clone();
        forged.origin = "https://evil.example".to_owned();
        assert!(is_wrong(&house.alone(&mut forged, &ada).await));
    }
    let slowed = house.alone(&mut device, &ada).await;
    let slow = matches!(slowed, Err(LogInError::Proof(ProofError::TooMany { .. })));
    assert!(slow, "{slowed:?}");
    assert!(house.alone(&mut his, &bob).await.is_ok());
    house.clock.advance(Duration::from_secs(2));
    assert!(house.alone(&mut device, &ada).await.is_ok());
}

#[tokio::test]
async fn a_passkey_is_added_by_its_person_in_the_session_that_asked() {
    let house = House::new();
    let ada = house.person(ADA).await;
    let bob = house.person(BOB).await;
    let wrong = "wrong".to_owned().into();
    let wrong = house.gateway.begin_passkey(&ada, &wrong, &Caller::default()).await;
    assert!(matches!(wrong, Err(PasskeyError::Proof(ProofError::Wrong))), "{wrong:?}");

    let (ticket, challenge) = house.question(&ada).await;
    let answer = house.device(1).makes(&challenge);
    let ask = AddPasskey { ticket, name: "Laptop".to_owned(), answer, transports: vec![] };
    let stolen = house.gateway.add_passkey(&bob, &ask).await;
    assert!(matches!(stolen, Err(PasskeyError::Ended)), "{stolen:?}");
    let other = house.by_password(ADA, None).await.unwrap();
    let other = house.gateway.person(other.token.expose()).await.unwrap();
    let elsewhere = house.gateway.add_passkey(&other, &ask).await;
    assert!(matches!(elsewhere, Err(PasskeyError::Ended)), "{elsewhere:?}");
    assert!(house.gateway.add_passkey(&ada, &ask).await.is_ok());
    let twice = house.gateway.add_passkey(&ada, &ask).await;
    assert!(matches!(twice, Err(PasskeyError::Ended)), "{twice:?}");

    let (ticket, _) = house.question(&ada).await;
    let nothing = NewPasskey::default();
    let ask = AddPasskey { ticket, name: "x".to_owned(), answer: nothing, transports: vec![] };
    let nothing = house.gateway.add_passkey(&ada, &ask).await;
    assert!(matches!(nothing, Err(PasskeyError::NotTaken)), "{nothing:?}");
    // A credential belongs to one person.
    let known = house.add(&bob, &house.device(1)).await;
    assert!(matches!(known, Err(PasskeyError::Known)), "{known:?}");
}

#[tokio::test]
async fn a_first_step_ends_with_the_password_that_it_was_taken_with() {
    let house = House::new();
    house.with_device(ADA, 1).await;
    let step = house.first_step(ADA).await;
    assert!(house.gateway.second_step(&step).await.is_ok());
    let link = house.gateway.make_password_link(ADA).await.unwrap().unwrap();
    let other = "nine blue whales".to_owned().into();
    house.gateway.set_password(link.expose(), other).await.unwrap();
    let ended = house.gateway.second_step(&step).await;
    assert!(matches!(ended, Err(LogInError::StepEnded)), "{ended:?}");
}

#[tokio::test]
async fn whoever_has_no_password_sets_one_before_a_passkey() {
    let house = House::new();
    let opened = house.gateway.open_developer_session(ADA, Some("Engines")).await.unwrap();
    let ada = house.gateway.person(opened.session.expose()).await.unwrap();
    let begun = house.gateway.begin_passkey(&ada, &password(), &Caller::default()).await;
    assert!(matches!(begun, Err(PasskeyError::NoPassword)), "{begun:?}");
    let link = house.gateway.make_password_link(ADA).await.unwrap().unwrap();
    house.gateway.set_password(link.expose(), password()).await.unwrap();
    assert!(house.gateway.begin_passkey(&ada, &password(), &Caller::default()).await.is_ok());
}

#[tokio::test]
async fn there_are_twenty_passkeys_and_no_more() {
    let house = House::new();
    let ada = house.person(ADA).await;
    for n in 0..20 {
        house.add(&ada, &house.device(n)).await.unwrap();
    }
    let more = house.gateway.begin_passkey(&ada, &password(), &Caller::default()).await;
    assert!(matches!(more, Err(PasskeyError::TooMany)), "{more:?}");
}

#[tokio::test]
async fn with_the_last_passkey_the_recovery_codes_end() {
    let house = House::new();
    let (ada, _) = house.with_device(ADA, 1).await;
    house.clock.advance(Duration::from_secs(1));
    let second = house.add(&ada, &house.device(2)).await.unwrap().passkey;
    let bob = house.person(BOB).await;
    let remove = async |person, id| {
        house.gateway.remove_passkey(person, id, &password(), &Caller::default()).await
    };
    let theirs = remove(&bob, second.id).await;
    assert!(matches!(theirs, Err(PasskeyError::NotFound)), "{theirs:?}");
    let wrong = "wrong".to_owned().into();
    let wrong = house.gateway.remove_passkey(&ada, second.id, &wrong, &Caller::default()).await;
    assert!(matches!(wrong, Err(PasskeyError::Proof(ProofError::Wrong))), "{wrong:?}");

    house.gateway.rename_passkey(&ada, second.id, " Key ").await.unwrap();
    let known = house.gateway.passkeys(&ada).await.unwrap();
    assert_eq!(known.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Laptop", "Key"]);
    let theirs = house.gateway.rename_passkey(&bob, second.id, "Mine").await;
    assert!(matches!(theirs, Err(PasskeyError::NotFound)), "{theirs:?}");

    assert_eq!(remove(&ada, second.id).await.unwrap(), RemovedPasskey { was_last: false });
    assert_eq!(house.gateway.recovery_codes_left(ada.user.id).await.unwrap(), 10);
    assert_eq!(remove(&ada, known[0].id).await.unwrap(), RemovedPasskey { was_last: true });
    assert_eq!(house.gateway.recovery_codes_left(ada.user.id).await.unwrap(), 0);
    assert!(house.by_password(ADA, None).await.is_ok());
}

#[tokio::test]
async fn the_operator_helps_somebody_who_has_lost_everything() {
    let house = House::new();
    let (ada, mut device) = house.with_device(ADA, 1).await;
    let opened = house.alone(&mut device, &ada).await.unwrap();
    let link = house.gateway.make_password_link(ADA).await.unwrap().unwrap();
    house.gateway.forget_second_proofs(ada.user.id).await.unwrap();
    // Whoever has the old password, or a session, is not let in instead of her.
    let old = house.by_password(ADA, None).await;
    assert!(matches!(old, Err(LogInError::Proof(ProofError::Wrong))), "{old:?}");
    assert!(house.gateway.person(opened.token.expose()).await.is_err());
    assert!(is_wrong(&house.alone(&mut device, &ada).await));

    house.gateway.set_password(link.expose(), password()).await.unwrap();
    assert!(house.by_password(ADA, None).await.is_ok(), "it asks for something that is lost");
}

#[tokio::test]
async fn without_a_secure_address_there_are_none_and_the_second_proof_stays() {
    let mut house = House::new();
    let (ada, _) = house.with_device(ADA, 1).await;
    house.gateway.people.party = Err(NoPasskeys::Insecure);
    let begun = house.gateway.begin_passkey(&ada, &password(), &Caller::default()).await;
    assert!(matches!(begun, Err(PasskeyError::Off(NoPasskeys::Insecure))), "{begun:?}");
    assert_eq!(house.gateway.begin_passkey_log_in().unwrap_err(), NoPasskeys::Insecure);
    let step = house.first_step(ADA).await;
    assert!(house.gateway.second_step(&step).await.unwrap().passkeys.is_none());
}
