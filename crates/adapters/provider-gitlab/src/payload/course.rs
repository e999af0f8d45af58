//! What courses read: the bodies of listings, in the terms of courses. Those of
//! webhooks stand beside what is made of them, in `facts`.

pub(crate) mod approvals;
pub(crate) mod commit;
pub(crate) mod issue;
pub(crate) mod member;
pub(crate) mod merge_request;
pub(crate) mod note;
pub(crate) mod pipeline;
pub(crate) mod place;
