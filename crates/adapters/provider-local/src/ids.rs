//! A repository's id: unpadded base64url of its path below the root.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gix::bstr::{BStr, BString, ByteSlice};
use lodge_forge::RepositoryId;

/// How deep below the root a repository may lie.
pub(crate) const DEPTH: usize = 6;

/// The id of the repository at `path`, which has `/` between its parts. `None`
/// when the path is too long for an id (192 bytes) or is not a plain one.
pub(crate) fn encode(path: &BStr) -> Option<RepositoryId> {
    is_plain(path).then_some(())?;
    RepositoryId::parse(&URL_SAFE_NO_PAD.encode(path)).ok()
}

/// The path that `id` stands for; `None` when [`encode`] would not have made
/// it: other alphabets, spare bits and every path that could leave the root.
pub(crate) fn decode(id: &RepositoryId) -> Option<BString> {
    let path = BString::from(URL_SAFE_NO_PAD.decode(id.as_str()).ok()?);
    is_plain(path.as_bstr()).then_some(path)
}

/// Relative, and of 1 to [`DEPTH`] ordinary names.
fn is_plain(path: &BStr) -> bool {
    let ordinary =
        |part: &[u8]| !part.is_empty() && part != b"." && part != b".." && !part.contains(&0);
    path.split_str("/").count() <= DEPTH
        && path.split_str("/").all(ordinary)
        && !(cfg!(windows) && path.find_byteset(b"\\:").is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id_of(path: &[u8]) -> RepositoryId {
        RepositoryId::parse(&URL_SAFE_NO_PAD.encode(path)).unwrap()
    }

    #[test]
    fn a_path_that_could_leave_the_root_is_refused() {
        let wrong: [&[u8]; 10] = [
            b"/etc",
            b"..",
            b"a/../b",
            b".",
            b"a/./b",
            b"a//b",
            b"a/",
            b"a\0b",
            b"../../etc",
            b"1/2/3/4/5/6/7",
        ];
        for path in wrong {
            assert_eq!(decode(&id_of(path)), None, "{:?}", path.as_bstr());
        }
    }

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!(encode("ab".into()).unwrap().as_str(), "YWI");
        // The same two bytes with spare bits set, padded, or in a URL-unsafe alphabet.
        for wrong in ["YWJ", "YWI.", "Y"] {
            assert_eq!(decode(&RepositoryId::parse(wrong).unwrap()), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_id_makes_the_reader_panic(text in "[A-Za-z0-9._~{}-]{1,256}") {
            let Ok(id) = RepositoryId::parse(&text) else { return Ok(()) };
            if let Some(path) = decode(&id) {
                prop_assert_eq!(encode(path.as_bstr()), Some(id));
            }
        }

        #[test]
        fn an_ordinary_path_survives(path in "[a-z.]{0,8}[a-z]/[a-z]{1,20}(\\.git)?") {
            let path = BString::from(path);
            let id = encode(path.as_bstr()).unwrap();
            prop_assert_eq!(decode(&id), Some(path));
        }
    }
}
