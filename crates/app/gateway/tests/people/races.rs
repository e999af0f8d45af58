//! What happens while a login or a change is being looked at.

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use futures_util::FutureExt as _;
use lodge_gateway::people::{
    AddPasskey, AuthenticatorError, Caller, LogIn, LogInError, LoggedIn, PasskeyError,
    PasswordChangeError, ProofError,
};
use lodge_kernel::{ExposeSecret as _, SecretString, UserId};
use lodge_services::{
    Asked, Asserted, Assertion, Attested, HashError, NewPasskey, NotTaken, PasskeyCeremonies,
    PasswordHasher, Verdict,
};
use lodge_storage::Storage as _;
use lodge_testkit::{PlainProofs, builders::a_personal_token};

use crate::house::{House, password};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const OTHER: &str = "nine blue whales";

type Meanwhile = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Looks at the next proof for so long that something happens meanwhile.
struct Slow(Mutex<Option<Meanwhile>>);

impl Slow {
    fn look(&self) {
        let meanwhile = self.0.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile.now_or_never().unwrap();
        }
    }
}

#[async_trait]
impl PasswordHasher for Slow {
    async fn hash(&self, password: SecretString) -> Result<String, HashError> {
        PlainProofs.hash(password).await
    }

    async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<Verdict, HashError> {
        let verdict = PlainProofs.verify(password, hash).await;
        self.look();
        verdict
    }
}

impl PasskeyCeremonies for Slow {
    fn register(&self, asked: &Asked<'_>, answer: &NewPasskey) -> Result<Attested, NotTaken> {
        self.look();
        PlainProofs.register(asked, answer)
    }

    fn check(
        &self,
        asked: &Asked<'_>,
        key: &[u8],
        answer: &Assertion,
    ) -> Result<Asserted, NotTaken> {
        self.look();
        PlainProofs.check(asked, key, answer)
    }
}

/// The next proof is looked at while `meanwhile` happens in another process.
fn slow(house: &mut House, meanwhile: Meanwhile) {
    let slow = Arc::new(Slow(Mutex::new(Some(meanwhile))));
    house.gateway.people.passwords = slow.clone();
    house.gateway.people.passkeys = slow;
}

/// Ada sets another password by a link.
async fn another_password(house: &House) -> Meanwhile {
    let link = house.gateway.make_password_link(ADA).await.unwrap().unwrap();
    let gateway = house.another_process();
    Box::pin(async move {
        gateway.set_password(link.expose(), OTHER.to_owned().into()).await.unwrap();
    })
}

/// The operator forgets what this person comes in by.
fn forgotten(house: &House, user: UserId) -> Meanwhile {
    let operator = house.another_process();
    Box::pin(async move {
        operator.forget_second_proofs(user).await.unwrap();
    })
}

fn by(password: SecretString) -> LogIn {
    LogIn { email: ADA.to_owned(), password, code: None, caller: Caller::default(), former: None }
}

fn is_wrong(entered: &Result<LoggedIn, LogInError>) -> bool {
    matches!(entered, Err(LogInError::Proof(ProofError::Wrong)))
}

/// Hashes Ada's password as it was hashed years ago.
async fn hash_as_of_old(house: &House) {
    let mut work = house.storage.begin().await.unwrap();
    let ada = work.users().find_by_email(ADA).await.unwrap().unwrap();
    let hash = "old:seven brown otters";
    work.logins().set_password(ada.id, hash, house.gateway.now()).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn a_login_that_is_looked_at_while_second_proofs_are_forgotten_opens_nothing() {
    for old in [false, true] {
        let mut house = House::new();
        let (ada, _) = house.with_device(ADA, 1).await;
        if old {
            hash_as_of_old(&house).await;
        }
        let forgotten = forgotten(&house, ada.user.id);
        slow(&mut house, forgotten);
        let thief = house.by_password(ADA, None).await;
        assert!(is_wrong(&thief), "{thief:?}");
        let now = house.gateway.now();
        let mut work = house.storage.read().await.unwrap();
        let open = work.sessions().of_user(ada.user.id, now, 9).await.unwrap();
        drop(work);
        assert_eq!(open, [], "old: {old}");
        let again = house.by_password(ADA, None).await;
        assert!(is_wrong(&again), "the password came back: {again:?}");
    }
}

#[tokio::test]
async fn a_recovery_code_beside_a_password_that_ended_meanwhile_opens_nothing() {
    let mut house = House::new();
    let ada = house.person(ADA).await;
    let added = house.add(&ada, &house.device(1)).await.unwrap();
    let code = added.recovery_codes[0].expose_secret().to_owned();
    let change = another_password(&house).await;
    slow(&mut house, change);
    let thief = house.by_password(ADA, Some(code)).await;
    assert!(is_wrong(&thief), "{thief:?}");
}

#[tokio::test]
async fn of_two_logins_that_hash_an_old_password_again_both_come_in() {
    let mut house = House::new();
    house.person(ADA).await;
    hash_as_of_old(&house).await;
    let gateway = house.another_process();
    slow(
        &mut house,
        Box::pin(async move {
            gateway.log_in(by(password())).await.unwrap();
        }),
    );
    assert!(house.by_password(ADA, None).await.is_ok());
    let ada = house.by_password(ADA, None).await.unwrap().user.id;
    let hash = house.storage.read().await.unwrap().logins().password(ada).await.unwrap();
    assert_eq!(hash.as_deref(), Some("plain:seven brown otters"));
}

#[tokio::test]
async fn a_passkey_that_is_looked_at_while_the_password_changes_opens_nothing() {
    let mut house = House::new();
    let (ada, mut device) = house.with_device(ADA, 1).await;
    let change = another_password(&house).await;
    slow(&mut house, change);
    let entered = house.alone(&mut device, &ada).await;
    assert!(matches!(entered, Err(LogInError::StepEnded)), "{entered:?}");
    assert!(house.alone(&mut device, &ada).await.is_ok(), "the passkey is still good");
}

#[tokio::test]
async fn a_question_after_the_password_ends_with_the_password() {
    let house = House::new();
    let (_, mut device) = house.with_device(ADA, 1).await;
    let step = house.first_step(ADA).await;
    let (question, _) = house.gateway.second_step(&step).await.unwrap().passkeys.unwrap();
    another_password(&house).await.await;
    let answer = device.answers(&question.challenge);
    let entered = house.enter(&question.ticket, &device, answer, None).await;
    assert!(matches!(entered, Err(LogInError::StepEnded)), "{entered:?}");
}

#[tokio::test]
async fn a_passkey_is_not_added_by_a_session_that_ended_meanwhile() {
    let mut house = House::new();
    let ada = house.person(ADA).await;
    let device = house.device(1);
    let (ticket, challenge) = house.question(&ada).await;
    let forgotten = forgotten(&house, ada.user.id);
    slow(&mut house, forgotten);
    let answer = device.makes(&challenge);
    let ask = AddPasskey { ticket, name: "Laptop".to_owned(), answer, transports: vec![] };
    let added = house.gateway.add_passkey(&ada, &ask).await;
    assert!(matches!(added, Err(PasskeyError::Ended)), "{added:?}");
    assert_eq!(house.gateway.passkeys(&ada).await.unwrap(), []);
}

#[tokio::test]
async fn a_password_that_was_set_meanwhile_is_not_changed_back() {
    let mut house = House::new();
    let ada = house.person(ADA).await;
    let change = another_password(&house).await;
    slow(&mut house, change);
    let thiefs = "eleven red foxes".to_owned().into();
    let caller = Caller::default();
    let changed = house.gateway.change_password(&ada, &password(), thiefs, &caller).await;
    assert!(matches!(changed, Err(PasswordChangeError::Wrong)), "{changed:?}");
    assert!(house.gateway.log_in(by(OTHER.to_owned().into())).await.is_ok());
}

#[tokio::test]
async fn second_proofs_are_not_changed_by_a_session_that_ended_meanwhile() {
    let mut house = House::new();
    let (ada, _) = house.with_device(ADA, 1).await;
    let caller = Caller::default();
    let change = another_password(&house).await;
    slow(&mut house, change);
    let made = house.gateway.renew_recovery_codes(&ada, &password(), &caller).await;
    assert!(matches!(made, Err(AuthenticatorError::Proof(ProofError::Wrong))), "{made:?}");

    let mut house = House::new();
    let (ada, _) = house.with_device(ADA, 1).await;
    let id = house.gateway.passkeys(&ada).await.unwrap()[0].id;
    let change = another_password(&house).await;
    slow(&mut house, change);
    let removed = house.gateway.remove_passkey(&ada, id, &password(), &caller).await;
    assert!(matches!(removed, Err(PasskeyError::Proof(ProofError::Wrong))), "{removed:?}");
    assert_eq!(house.gateway.passkeys(&ada).await.unwrap().len(), 1);
}

#[tokio::test]
async fn with_the_second_proofs_a_persons_tokens_for_courses_end() {
    let house = House::new();
    let people = [house.person(ADA).await, house.person(BOB).await];
    let mut work = house.storage.begin().await.unwrap();
    for (n, person) in [1, 2].into_iter().zip(&people) {
        let mut token = a_personal_token(n);
        token.tenant = person.session.tenant.unwrap();
        token.user = person.user.id;
        work.personal_tokens().add(&token).await.unwrap();
    }
    work.commit().await.unwrap();
    house.gateway.forget_second_proofs(people[0].user.id).await.unwrap();
    let mut left = Vec::new();
    for person in &people {
        let (tenant, now) = (person.session.tenant.unwrap(), house.gateway.now());
        let mut work = house.storage.read().await.unwrap();
        let live = work.personal_tokens().live_of(tenant, person.user.id, now).await.unwrap();
        left.push(live.len());
    }
    assert_eq!(left, [0, 1]);
}
