//! Cases about the sweep.

use std::time::Duration;

use lodge_access::{
    Authorization, AuthorizationState, Code, ConnectSession, Customer, Invitation, LoginAttempt,
    PasswordLink, PermissionSet, PushedRequest, Session, Throttle, Token, Transaction, code,
};
use lodge_kernel::{AuthorizationId, CustomerId, Timestamp};
use lodge_storage::{Keep, Storage, StorageError, Swept};

use super::{Fresh, Outcome};
use crate::builders::{
    NOW, a_code, a_connect_session, a_connection, a_customer, a_login_attempt, a_password_link,
    a_pushed_request, a_session, a_token, a_transaction, a_user, an_authorization, an_invitation,
    authorization_id, client_id, customer_id, move_in, token_id, transaction_id, user_id,
};

const AN_INSTANT: Duration = Duration::from_micros(1);

/// `UnitOfWork::sweep`: of each kind only what has ended, the two instants kept
/// apart, and at most as many as asked.
pub async fn a_sweep_takes_what_has_ended_and_no_more_than_asked(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let secrets = NOW.plus(Duration::from_mins(5));
    let questions = NOW.plus(Duration::from_mins(50));
    let mut work = storage.begin().await?;
    for n in 1..=4 {
        let end = |before: Timestamp| if n == 4 { before } else { before.minus(AN_INSTANT) };
        let (expires_at, issued_at) = (end(secrets), end(secrets).minus(code::LIFETIME));
        work.tokens().add(&Token { expires_at, ..a_token(n) }).await?;
        work.codes().add(&Code { issued_at, ..a_code(n) }).await?;
        work.sessions().add(&Session { expires_at, ..a_session(n) }).await?;
        work.invitations().add(&Invitation { expires_at, ..an_invitation(n) }).await?;
        // A person has one link, a subject one row.
        if n > 1 {
            work.users().add(&a_user(n)).await?;
        }
        let link = PasswordLink { user: user_id(n), expires_at, ..a_password_link(n) };
        work.password_links().add(&link).await?;
        let subject = a_session(n).digest;
        work.throttles().hold(subject).await?;
        let throttle = Throttle { attempts: 1, last_at: expires_at };
        work.throttles().write(subject, &throttle).await?;
        let expires_at = end(questions);
        work.passkeys().answer(subject, expires_at).await?;
        work.transactions().add(&Transaction { expires_at, ..a_transaction(n) }).await?;
        let session = ConnectSession { expires_at, ..a_connect_session(n) };
        work.connect_sessions().add(&session).await?;
        let request = PushedRequest { expires_at, ..a_pushed_request(n) };
        work.pushed_requests().add(&request).await?;
        work.login_attempts().add(&LoginAttempt { expires_at, ..a_login_attempt(n) }).await?;
        work.nonces().claim(client_id(1), &n.to_string(), expires_at).await?;
    }
    let keep = Keep { secrets, questions };
    let each = |n| Swept {
        tokens: n,
        codes: n,
        sessions: n,
        invitations_to_join: n,
        password_links: n,
        challenges: n,
        throttles: n,
        visits: n,
        invitations: n,
        pushed_requests: n,
        logins: n,
        nonces: n,
        ..Swept::default()
    };
    assert_eq!(work.sweep(&keep, 2).await?, each(2));
    assert_eq!(work.sweep(&keep, 2).await?, each(1));
    assert_eq!(work.sweep(&keep, 2).await?.total(), 0);

    assert_eq!(work.tokens().find(token_id(1)).await?, None);
    assert_eq!(work.tokens().find_by_digest(a_token(1).digest).await?, None);
    assert!(work.tokens().find(token_id(4)).await?.is_some());
    assert!(work.codes().find(a_code(4).digest).await?.is_some());
    assert!(work.sessions().find_by_digest(a_session(4).digest).await?.is_some());
    assert!(work.transactions().find(transaction_id(4)).await?.is_some());
    let now = questions.minus(Duration::from_secs(1));
    assert!(work.connect_sessions().take(a_connect_session(4).digest, now).await?.is_some());
    assert!(work.pushed_requests().take(a_pushed_request(4).digest, now).await?.is_some());
    assert!(!work.nonces().claim(client_id(1), "4", questions).await?);
    assert!(work.nonces().claim(client_id(1), "1", questions).await?);
    work.tokens().add(&a_token(1)).await
}

/// A question to a customer: nothing was given.
fn a_question(n: u32, state: AuthorizationState) -> Authorization {
    Authorization {
        state,
        account_permissions: PermissionSet::EMPTY,
        connections: Vec::new(),
        repositories: Vec::new(),
        expires_at: NOW,
        ..an_authorization(n)
    }
}

/// Which approvals and customers, by number, are there.
async fn left(
    storage: &dyn Storage,
    numbers: impl Iterator<Item = u32>,
) -> Result<(Vec<u32>, Vec<u32>), StorageError> {
    let mut work = storage.read().await?;
    let (mut approvals, mut customers) = (Vec::new(), Vec::new());
    for n in numbers {
        let (approval, customer): (AuthorizationId, CustomerId) =
            (authorization_id(n), customer_id(n));
        approvals.extend(work.authorizations().find(approval).await?.map(|_| n));
        customers.extend(work.customers().find(customer).await?.map(|_| n));
    }
    Ok((approvals, customers))
}

/// Questions that nobody answered, or somebody with no; then the customers that
/// nobody vouched for and that have nothing else.
pub async fn a_sweep_takes_what_nobody_answered_and_whoever_came_in_vain(
    storage: Fresh,
) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    for n in 2..=5 {
        let stranger = Customer { reference: None, vouched: false, ..a_customer(n) };
        work.customers().add(&stranger).await?;
        let state = match n {
            2 => AuthorizationState::Revoked { at: NOW },
            _ => AuthorizationState::Pending,
        };
        let ours = Authorization { customer: customer_id(n), ..a_question(n, state) };
        let visit = Transaction {
            customer: customer_id(n),
            authorization: authorization_id(n),
            expires_at: NOW,
            ..a_transaction(n)
        };
        work.authorizations().add(&ours).await?;
        work.transactions().add(&visit).await?;
        // A login ends with its customer, even before its time.
        let login = LoginAttempt { customer: customer_id(n), ..a_login_attempt(n) };
        work.login_attempts().add(&login).await?;
    }
    work.commit().await?;

    let keep = |questions| Keep { secrets: NOW, questions };
    let mut work = storage.begin().await?;
    assert_eq!(work.sweep(&keep(NOW), 10).await?.total(), 0);
    let swept = work.sweep(&keep(NOW.plus(AN_INSTANT)), 3).await?;
    assert_eq!((swept.visits, swept.approvals, swept.customers), (3, 3, 3));
    let swept = work.sweep(&keep(NOW.plus(AN_INSTANT)), 3).await?;
    assert_eq!((swept.visits, swept.approvals, swept.customers), (1, 1, 1));
    work.commit().await?;
    assert_eq!(left(&*storage, 1..=5).await?, (vec![1], vec![1]));
    let login = storage.read().await?.login_attempts().find(a_login_attempt(2).digest).await?;
    assert_eq!(login, None);
    Ok(())
}

/// `UnitOfWork::sweep`: what something else belongs to MUST stay, and so does
/// what was given once, for as long as anybody may ask what became of it.
pub async fn a_sweep_leaves_what_was_given_and_what_something_belongs_to(
    storage: Fresh,
) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    let nobody = |n| Customer { reference: None, vouched: false, ..a_customer(n) };
    for customer in [a_customer(2), nobody(3), nobody(4), nobody(5), nobody(6)] {
        work.customers().add(&customer).await?;
    }
    let revoked = AuthorizationState::Revoked { at: NOW };
    let given = Authorization { state: revoked, expires_at: NOW, ..an_authorization(2) };
    let for_accounts = Authorization { repositories: Vec::new(), ..given.clone() };
    for approval in [
        given.clone(),
        Authorization { id: authorization_id(3), ..for_accounts },
        Authorization { expires_at: NOW, ..an_authorization(4) },
        Authorization { customer: customer_id(5), ..a_question(5, AuthorizationState::Pending) },
        Authorization { customer: customer_id(6), ..a_question(6, AuthorizationState::Pending) },
    ] {
        work.authorizations().add(&approval).await?;
    }
    let connection = lodge_access::Connection { customer: customer_id(4), ..a_connection(4) };
    work.connections().add(&connection).await?;
    // A token that waits for the answer, and a visit that is still open.
    let waiting = Token { authorization: Some(authorization_id(5)), ..a_token(5) };
    work.tokens().add(&waiting).await?;
    let open = Transaction {
        customer: customer_id(6),
        authorization: authorization_id(6),
        ..a_transaction(6)
    };
    work.transactions().add(&open).await?;

    let keep = Keep { secrets: NOW.plus(AN_INSTANT), questions: NOW.plus(AN_INSTANT) };
    let swept = work.sweep(&keep, 100).await?;
    assert_eq!(swept, Swept { customers: 1, ..Swept::default() });
    work.commit().await?;
    assert_eq!(left(&*storage, 1..=6).await?, (vec![1, 2, 3, 4, 5, 6], vec![1, 2, 4, 5, 6]));
    Ok(())
}
