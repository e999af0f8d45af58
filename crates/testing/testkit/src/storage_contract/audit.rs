//! Cases about the audit trail.

use std::sync::Arc;

use lodge_access::{Action, Actor, AuditEntry, AuditEvent, Chain, Head, Outcome};
use lodge_kernel::Keyring as _;
use lodge_storage::{AuditFilter, StorageError};

use super::{Fresh, Outcome as Ended, race};
use crate::{
    PlainKeyring,
    builders::{NOW, an_audit_event, audit_event_id, request_id, tenant_id},
};

fn tenant(n: u32) -> Chain {
    Chain::Tenant(tenant_id(n))
}

async fn append(storage: &Fresh, event: AuditEvent) -> Result<AuditEntry, StorageError> {
    let mut work = storage.begin().await?;
    let head = work.audit().take_head(event.chain).await?;
    let entry = head.next(event, |bytes| PlainKeyring.digest(bytes));
    work.audit().append(&entry).await?;
    work.commit().await?;
    Ok(entry)
}

/// Every field of an entry is kept, and absent ones stay absent.
pub async fn an_entry_comes_back_as_it_was(storage: Fresh) -> Ended {
    let bare = AuditEvent {
        chain: Chain::Installation,
        actor: Actor::Operator,
        action: Action::KeysRotated,
        subject: None,
        reason: None,
        network: None,
        request: None,
        outcome: Outcome::Refused,
        ..an_audit_event(2)
    };
    let full = AuditEvent {
        reason: Some("a 'quoted' ünit".to_owned()),
        request: Some(request_id(1)),
        ..an_audit_event(1)
    };
    let one = [append(&storage, full).await?];
    let two = [append(&storage, bare).await?];
    let mut work = storage.read().await?;
    assert_eq!(work.audit().walk(tenant(1), 0, 9).await?, one);
    assert_eq!(work.audit().walk(Chain::Installation, 0, 9).await?, two);
    let heads = work.audit().heads().await?;
    assert_eq!(heads, [two, one].map(|[it]| it.head()));
    assert_eq!(work.audit().chains().await?, [Chain::Installation, tenant(1)]);
    Ok(())
}

/// A chain begins empty, and each entry follows the one before it.
pub async fn a_chain_grows_at_its_end_and_in_pages(storage: Fresh) -> Ended {
    let mut work = storage.begin().await?;
    assert_eq!(work.audit().take_head(tenant(1)).await?, Head::empty(tenant(1)));
    drop(work);
    let mut entries = Vec::new();
    for n in 1..=5 {
        entries.push(append(&storage, an_audit_event(n)).await?);
    }
    let (early, late) = entries.split_at(2);
    let mut work = storage.read().await?;
    assert_eq!(work.audit().walk(tenant(1), 0, 2).await?, early);
    assert_eq!(work.audit().walk(tenant(1), 2, 9).await?, late);
    assert_eq!(work.audit().walk(tenant(1), 5, 9).await?, []);
    assert_eq!(work.audit().walk(tenant(2), 0, 9).await?, []);
    Ok(())
}

/// `AuditRepository::append` MUST refuse what is not the next entry.
pub async fn an_entry_that_is_not_the_next_is_a_conflict(storage: Fresh) -> Ended {
    let first = append(&storage, an_audit_event(1)).await?;
    for sequence in [1, 3] {
        let mut work = storage.begin().await?;
        work.audit().take_head(tenant(1)).await?;
        let entry = AuditEntry { sequence, event: an_audit_event(2), hash: first.hash };
        let refused = work.audit().append(&entry).await;
        assert!(matches!(refused, Err(StorageError::Conflict(_))), "{sequence}: {refused:?}");
    }
    Ok(())
}

/// `AuditRepository::take_head` MUST give an end to one at a time: a chain that
/// many lengthen at once has every entry, and every hash fits.
pub async fn a_chain_is_never_forked_however_many_append(storage: Fresh) -> Ended {
    let n = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let answers = race(&storage, move |storage| {
        let n = Arc::clone(&n);
        async move {
            for _ in 0..5 {
                let number = n.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                append(&storage, an_audit_event(number)).await?;
            }
            Ok(())
        }
    });
    for answer in answers.await {
        answer?;
    }
    let mut work = storage.read().await?;
    let entries = work.audit().walk(tenant(1), 0, 99).await?;
    assert_eq!(entries.len(), 40);
    let mut head = Head::empty(tenant(1));
    for entry in entries {
        assert_eq!(head.next(entry.event.clone(), |bytes| PlainKeyring.digest(bytes)), entry);
        head = entry.head();
    }
    assert_eq!(work.audit().heads().await?, [head]);
    Ok(())
}

/// An undone unit of work leaves no entry.
pub async fn an_entry_is_undone_with_its_unit(storage: Fresh) -> Ended {
    let mut work = storage.begin().await?;
    let head = work.audit().take_head(tenant(1)).await?;
    let entry = head.next(an_audit_event(1), |bytes| PlainKeyring.digest(bytes));
    work.audit().append(&entry).await?;
    drop(work);
    let mut work = storage.begin().await?;
    assert_eq!(work.audit().take_head(tenant(1)).await?, Head::empty(tenant(1)));
    assert_eq!(work.audit().walk(tenant(1), 0, 9).await?, []);
    Ok(())
}

/// `AuditRepository::newest`: newest first, of all chains or one, of all
/// actions or one, in pages.
pub async fn the_newest_entries_come_first_in_pages(storage: Fresh) -> Ended {
    let of = |n, chain, action| AuditEvent { chain, action, at: NOW, ..an_audit_event(n) };
    let one = append(&storage, of(1, tenant(1), Action::AppChanged)).await?;
    let two = append(&storage, of(2, Chain::Installation, Action::AppChanged)).await?;
    let three = append(&storage, of(3, tenant(1), Action::AppDeleted)).await?;
    let four = append(&storage, of(4, tenant(1), Action::AppChanged)).await?;
    let mut work = storage.read().await?;
    let all = AuditFilter::default();
    assert_eq!(work.audit().newest(all, None, 2).await?, [four, three.clone()]);
    let before = Some(audit_event_id(3));
    assert_eq!(work.audit().newest(all, before, 9).await?, [two, one.clone()]);
    let theirs = AuditFilter { chain: Some(tenant(1)), ..all };
    let before = Some(audit_event_id(4));
    assert_eq!(work.audit().newest(theirs, before, 9).await?, [three.clone(), one]);
    let deleted = AuditFilter { action: Some(Action::AppDeleted), ..all };
    assert_eq!(work.audit().newest(deleted, None, 9).await?, [three]);
    Ok(())
}
