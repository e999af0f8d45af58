//! Public keys of devices (RFC 9052, 7; RFC 9053; RFC 8230), and what they
//! signed.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use lodge_services::NotTaken;

use crate::cbor::{self, Map};

/// The longest key that is kept, in bytes: RSA of 8,192 bits, and what stands
/// around it.
const LONGEST: usize = 1_100;

const KTY: i64 = 1;
const ALG: i64 = 3;
/// The curve; of RSA the modulus.
const CRV_OR_N: i64 = -1;
/// The first coordinate; of RSA the exponent.
const X_OR_E: i64 = -2;
const Y: i64 = -3;

const BAD: NotTaken = NotTaken("the public key is none");

/// A public key of one of the three kinds that are asked for.
pub(crate) enum PublicKey {
    /// ECDSA over P-256 with SHA-256: an uncompressed point (SEC 1, 2.3.3).
    Es256([u8; 65]),
    /// Ed25519.
    EdDsa([u8; 32]),
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

impl PublicKey {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, NotTaken> {
        if bytes.len() > LONGEST {
            return Err(NotTaken("the public key is too long"));
        }
        let map = Map::of(cbor::whole(bytes)?)?;
        let kind = (map.number(KTY), map.number(ALG));
        match kind {
            (Some(2), Some(-7)) if map.number(CRV_OR_N) == Some(1) => Self::es256(&map),
            (Some(1), Some(-8)) if map.number(CRV_OR_N) == Some(6) => {
                let x = map.bytes(X_OR_E).and_then(|it| it.try_into().ok());
                x.map(Self::EdDsa).ok_or(BAD)
            }
            (Some(3), Some(-257)) => {
                let part = |key| map.bytes(key).map(<[u8]>::to_vec).ok_or(BAD);
                Ok(Self::Rs256 { n: part(CRV_OR_N)?, e: part(X_OR_E)? })
            }
            _ => Err(NotTaken("the public key is of a kind that was not asked for")),
        }
    }

    fn es256(map: &Map) -> Result<Self, NotTaken> {
        let coordinate = |key| -> Result<[u8; 32], NotTaken> {
            map.bytes(key).and_then(|it| it.try_into().ok()).ok_or(BAD)
        };
        let (x, y) = (coordinate(X_OR_E)?, coordinate(Y)?);
        let mut point = [4; 65];
        for (place, byte) in point.iter_mut().skip(1).zip(x.into_iter().chain(y)) {
            *place = byte;
        }
        Ok(Self::Es256(point))
    }

    /// As devices write the algorithm (RFC 9053, 2).
    pub(crate) const fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => -7,
            Self::EdDsa(_) => -8,
            Self::Rs256 { .. } => -257,
        }
    }

    /// The key has signed `message`. A key that is none has signed nothing.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::EdDsa(x) => UnparsedPublicKey::new(&ED25519, x).verify(message, signature),
            Self::Rs256 { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
        };
        verified.is_ok()
    }
}
