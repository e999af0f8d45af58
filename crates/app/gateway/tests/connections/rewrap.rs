//! Data keys that are wrapped again.

use lodge_access::DataKey;
use lodge_gateway::connections::{RewrapError, rewrap_data_keys};
use lodge_kernel::{Keyring as _, SecretString, Vault, WrappedKey};
use lodge_storage::Storage as _;
use lodge_testkit::{
    PlainKeyring,
    builders::{NOW, tenant_id},
};

use crate::house::House;

/// A vault whose master key of the present is 2.
struct Rotated;

impl Vault for Rotated {
    fn master(&self) -> u8 {
        2
    }

    fn fresh_key(&self, context: &[u8]) -> String {
        PlainKeyring.fresh_key(context)
    }

    fn rewrap(&self, context: &[u8], wrapped: &str) -> Option<String> {
        // As the real one, it gives another text for the same key.
        PlainKeyring
            .open(context, wrapped)
            .map(|key| PlainKeyring.seal(context, &[key, vec![0]].concat()))
    }

    fn seal_with(&self, key: &WrappedKey<'_>, context: &[u8], plain: &str) -> Option<String> {
        PlainKeyring.seal_with(key, context, plain)
    }

    fn open_with(
        &self,
        key: &WrappedKey<'_>,
        context: &[u8],
        sealed: &str,
    ) -> Option<SecretString> {
        PlainKeyring.open_with(key, context, sealed)
    }
}

async fn keys(house: &House, wrapped: impl Fn(u32) -> String) {
    let mut work = house.storage.begin().await.unwrap();
    for number in 1..=250 {
        let key = DataKey {
            tenant: tenant_id(1),
            number,
            wrapped: wrapped(number),
            master: 1,
            created_at: NOW,
        };
        work.data_keys().add(&key).await.unwrap();
    }
    work.commit().await.unwrap();
}

fn context(number: u32) -> Vec<u8> {
    format!("data_keys|{}|{number}", tenant_id(1)).into_bytes()
}

#[tokio::test]
async fn every_data_key_is_wrapped_again_and_progress_is_told() {
    let house = House::new().await;
    keys(&house, |number| PlainKeyring.fresh_key(&context(number))).await;
    let mut told = Vec::new();
    let done = rewrap_data_keys(&*house.storage, &Rotated, |n| told.push(n)).await.unwrap();
    assert_eq!((done, told), (250, vec![100, 200, 250]));
    let mut work = house.storage.read().await.unwrap();
    assert_eq!(work.data_keys().count().await.unwrap(), [(2, 250)]);
    drop(work);
    assert_eq!(rewrap_data_keys(&*house.storage, &Rotated, |_| {}).await.unwrap(), 0);
}

#[tokio::test]
async fn what_was_broken_off_goes_on_where_it_stood() {
    let house = House::new().await;
    // Number 120 was wrapped by a master key that is not there.
    let broken = |number| match number {
        120 => PlainKeyring.fresh_key(b"elsewhere"),
        _ => PlainKeyring.fresh_key(&context(number)),
    };
    keys(&house, broken).await;
    let failed = rewrap_data_keys(&*house.storage, &Rotated, |_| {}).await.unwrap_err();
    let RewrapError::NoMaster { key } = &failed else { panic!("{failed:?}") };
    assert_eq!(key.number, 120);
    assert!(failed.to_string().contains("k1, which is not in the ring"), "{failed}");
    let mut work = house.storage.read().await.unwrap();
    assert_eq!(work.data_keys().count().await.unwrap(), [(1, 131), (2, 119)]);
}
