//! Releases.

use lodge_kernel::Timestamp;

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseAsset {
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// Where it is.
    pub url: String,
    /// Its media type.
    pub content_type: Option<String>,
}

/// One release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The id at the host.
    pub id: String,
    /// The tag it stands on.
    pub tag: String,
    /// The title.
    pub name: Option<String>,
    /// The notes.
    pub body: Option<String>,
    /// Not published.
    pub draft: Option<bool>,
    /// Published, but not final.
    pub prerelease: Option<bool>,
    /// The commit or branch it was made from.
    pub target_commitish: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Its files.
    pub assets: Vec<ReleaseAsset>,
    /// Worked out from annotated tags, rather than told by the host.
    pub from_tag: bool,
    /// What the frozen fields cannot say.
    pub traits: Vec<String>,
    /// Its page.
    pub web_url: Option<String>,
}
