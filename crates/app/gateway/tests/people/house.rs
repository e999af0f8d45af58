//! A gateway where strangers may open accounts.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_access::{Chain, CredentialId, RelyingParty, UsageRow, passkey::CHALLENGE_BYTES};
use lodge_firewall::Rules;
use lodge_gateway::{
    AccountTokens, Gateway, GrantCache, Policies,
    events::EventPorts,
    people::{
        AddPasskey, AddedPasskey, Caller, LogIn, LogInError, LoggedIn, PasskeyError, PasskeyLogIn,
        PeoplePorts, Person, SignUp,
    },
};
use lodge_kernel::SecretString;
use lodge_provider::{Host, Providers};
use lodge_services::{Assertion, MockCallbacks, MockEventWriter};
use lodge_storage::{AuditFilter, Storage as _, UsageJournal};
use lodge_testkit::{
    CountingEntropy, FixedClock, MemoryStorage, PlainKeyring, PlainProofs, PlainReceipts,
    SoftDevice, TestTasks, builders::a_relying_party,
};

const PASSWORD: &str = "seven brown otters";

struct NoJournal;

#[async_trait]
impl UsageJournal for NoJournal {
    async fn record(&self, _row: UsageRow) {}
}

pub(crate) fn password() -> SecretString {
    PASSWORD.to_owned().into()
}

pub(crate) struct House {
    pub(crate) storage: Arc<MemoryStorage>,
    pub(crate) clock: Arc<FixedClock>,
    entropy: Arc<CountingEntropy>,
    pub(crate) gateway: Gateway,
}

impl House {
    pub(crate) fn new() -> Self {
        let (storage, clock) =
            (Arc::new(MemoryStorage::default()), Arc::new(FixedClock::default()));
        let entropy = Arc::new(CountingEntropy::default());
        let gateway = gateway(&storage, &clock, &entropy);
        Self { storage, clock, entropy, gateway }
    }

    /// Another process at the same database.
    pub(crate) fn another_process(&self) -> Gateway {
        gateway(&self.storage, &self.clock, &self.entropy)
    }

    pub(crate) fn device(&self, n: u8) -> SoftDevice {
        SoftDevice::new(n, self.party())
    }

    pub(crate) fn party(&self) -> &RelyingParty {
        self.gateway.relying_party().unwrap()
    }

    pub(crate) async fn person(&self, email: &str) -> Person {
        let ask = SignUp {
            email: email.to_owned(),
            name: "Ada".to_owned(),
            organisation: "Engines".to_owned(),
            password: password(),
            caller: Caller::default(),
        };
        let opened = self.gateway.sign_up(ask).await.unwrap();
        self.gateway.person(opened.token.expose()).await.unwrap()
    }

    pub(crate) async fn question(&self, person: &Person) -> (String, [u8; CHALLENGE_BYTES]) {
        let caller = Caller::default();
        let asked = self.gateway.begin_passkey(person, &password(), &caller).await.unwrap();
        (asked.question.ticket, asked.question.challenge)
    }

    pub(crate) async fn add(
        &self,
        person: &Person,
        device: &SoftDevice,
    ) -> Result<AddedPasskey, PasskeyError> {
        let (ticket, challenge) = self.question(person).await;
        let answer = device.makes(&challenge);
        let ask = AddPasskey { ticket, name: "Laptop".to_owned(), answer, transports: vec![] };
        self.gateway.add_passkey(person, &ask).await
    }

    /// A person with one passkey, and its device.
    pub(crate) async fn with_device(&self, email: &str, n: u8) -> (Person, SoftDevice) {
        let (person, device) = (self.person(email).await, self.device(n));
        self.add(&person, &device).await.unwrap();
        (person, device)
    }

    /// The password is given; the ticket of the second step.
    pub(crate) async fn first_step(&self, email: &str) -> String {
        match self.by_password(email, None).await {
            Err(LogInError::CodeNeeded { ticket }) => ticket,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn by_password(
        &self,
        email: &str,
        code: Option<String>,
    ) -> Result<LoggedIn, LogInError> {
        let (email, password) = (email.to_owned(), password());
        let ask = LogIn { email, password, code, caller: Caller::default(), former: None };
        self.gateway.log_in(ask).await
    }

    pub(crate) async fn enter(
        &self,
        ticket: &str,
        device: &SoftDevice,
        answer: Assertion,
        owner: Option<&Person>,
    ) -> Result<LoggedIn, LogInError> {
        let ask = PasskeyLogIn {
            ticket: ticket.to_owned(),
            credential: CredentialId::new(device.credential.clone()).unwrap(),
            answer,
            user_handle: owner.map(|it| it.user.id.as_uuid().as_bytes().to_vec()),
            caller: Caller::default(),
            former: None,
        };
        self.gateway.log_in_with_passkey(ask).await
    }

    /// Logs in with the passkey alone.
    pub(crate) async fn alone(
        &self,
        device: &mut SoftDevice,
        owner: &Person,
    ) -> Result<LoggedIn, LogInError> {
        let question = self.gateway.begin_passkey_log_in().unwrap();
        let answer = device.answers(&question.challenge);
        self.enter(&question.ticket, device, answer, Some(owner)).await
    }

    /// What the platform's audit trail says of passkeys and refused logins.
    pub(crate) async fn refusals(&self) -> Vec<String> {
        let mut work = self.storage.read().await.unwrap();
        let filter = AuditFilter { chain: Some(Chain::Installation), action: None };
        let all = work.audit().newest(filter, None, 100).await.unwrap();
        let reasons = all.into_iter().filter_map(|it| it.event.reason.clone());
        reasons.collect()
    }
}

fn gateway(
    storage: &Arc<MemoryStorage>,
    clock: &Arc<FixedClock>,
    entropy: &Arc<CountingEntropy>,
) -> Gateway {
    let keys = Arc::new(PlainKeyring);
    let accounts = AccountTokens::new(
        storage.clone(),
        keys.clone(),
        keys.clone(),
        clock.clone(),
        entropy.clone(),
        Arc::new(TestTasks),
    );
    Gateway {
        storage: storage.clone(),
        providers: Providers::new(Vec::<Host>::new()),
        clock: clock.clone(),
        entropy: entropy.clone(),
        keys,
        rules: Rules::built_in().into(),
        journal: Arc::new(NoJournal),
        grants: GrantCache::default(),
        receipts: Arc::new(PlainReceipts),
        people: PeoplePorts {
            passwords: Arc::new(PlainProofs),
            codes: Arc::new(PlainProofs),
            passkeys: Arc::new(PlainProofs),
            party: a_relying_party(),
            open: true,
        },
        events: EventPorts {
            callbacks: Arc::new(MockCallbacks::new()),
            writer: Arc::new(MockEventWriter::new()),
        },
        accounts,
        policies: Policies { firewall: true, journal: true },
    }
}
