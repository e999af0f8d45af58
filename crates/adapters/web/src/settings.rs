//! What the composition root chooses.

use url::Url;

/// Where the pages live.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// The address under which browsers see us, without a path. It is the
    /// `iss` of every answer to an app; with `https`, cookies are `Secure`.
    pub public_url: Url,
}
