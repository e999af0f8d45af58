//! Contributors, counted from commits, for hosts that do not count them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use lodge_forge::Contributor;
use lodge_kernel::ConnectionId;
use lodge_pagination::{Limit, Page, PageRequest, Position};
use lodge_provider::{ProviderError, RepositoryRef};
use moka::sync::Cache;

use crate::{Marks, Read};

const KIND: &str = "contributors";
/// How many of the newest commits are counted.
const MOST_COMMITS: usize = 2_000;
/// How often the host is asked for them at most: its pages may be short.
const MOST_QUESTIONS: usize = 40;
/// How many people all kept counts may hold.
const MOST_KEPT: u64 = 200_000;
/// A count is of one commit and stays true; only memory speaks against it.
const KEPT_FOR: Duration = Duration::from_mins(30);

/// Who wrote one commit, as far as the host tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// What the host knows the account by, and no other: an id, or a login
    /// that is unique.
    pub account: Option<String>,
    /// The name that the account's owner knows it by.
    pub login: Option<String>,
    /// The name in the commit.
    pub name: Option<String>,
    /// The address in the commit.
    pub email: Option<String>,
    /// A picture.
    pub avatar_url: Option<String>,
}

/// The counts that were asked for lately, each seen through one connection.
#[derive(Clone, Debug)]
pub struct People(Cache<(ConnectionId, String, String), Arc<Vec<Contributor>>>);

impl Default for People {
    fn default() -> Self {
        let weigh = |_: &(ConnectionId, String, String), people: &Arc<Vec<Contributor>>| {
            u32::try_from(people.len()).unwrap_or(u32::MAX).saturating_add(1)
        };
        let cache = Cache::builder().max_capacity(MOST_KEPT).time_to_live(KEPT_FOR);
        Self(cache.weigher(weigh).build())
    }
}

impl People {
    /// One page of the contributors of `repository`, the most active first.
    ///
    /// `head` gives the commit to count from, `None` when there is none; it is
    /// asked for a first page only. `authors` gives one page of the authors of
    /// the commits that this commit reaches, newest first, where the position
    /// it gave before says. The newest 2,000 commits are counted.
    ///
    /// # Errors
    ///
    /// What the host says; [`ProviderError::Position`] for a foreign position.
    pub async fn list<H, A>(
        &self,
        repository: &RepositoryRef,
        page: &PageRequest,
        head: impl FnOnce() -> H,
        authors: impl Fn(String, PageRequest) -> A,
    ) -> Result<Page<Contributor>, ProviderError>
    where
        H: Future<Output = Result<Option<String>, ProviderError>>,
        A: Future<Output = Result<Page<Author>, ProviderError>>,
    {
        let (head, skip) = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => (read.text("head")?.to_owned(), read.number("skip")?),
            None => match head().await? {
                Some(head) => (head, 0),
                None => return Ok(Page::empty()),
            },
        };
        let key = (repository.account.connection, repository.id.to_string(), head.clone());
        let people = if let Some(people) = self.0.get(&key) {
            people
        } else {
            let people = Arc::new(count(&head, authors).await?);
            self.0.insert(key, Arc::clone(&people));
            people
        };
        let end = page.limit.get().saturating_add(skip).min(people.len());
        let items = people.get(skip..end).ok_or(ProviderError::Position)?.to_vec();
        let next = if end < people.len() {
            let marks = Marks::of(KIND)?.with("head", head)?;
            Some(marks.with("skip", end.to_string())?.done())
        } else {
            None
        };
        Ok(Page { items, next })
    }
}

/// Everybody who wrote one of the newest commits, the most active first.
async fn count<A>(
    head: &str,
    authors: impl Fn(String, PageRequest) -> A,
) -> Result<Vec<Contributor>, ProviderError>
where
    A: Future<Output = Result<Page<Author>, ProviderError>>,
{
    let mut people = HashMap::new();
    let mut from: Option<Position> = None;
    let mut counted = 0;
    for _ in 0..MOST_QUESTIONS {
        let page = authors(head.to_owned(), PageRequest { from, limit: Limit::MAX }).await?;
        counted += page.items.len();
        for author in page.items {
            note(&mut people, &author);
        }
        from = page.next;
        if from.is_none() || counted >= MOST_COMMITS {
            break;
        }
    }
    let mut people = people.into_values().collect::<Vec<_>>();
    people.sort_by(|one: &Contributor, other| {
        other.commits.cmp(&one.commits).then_with(|| one.key.cmp(&other.key))
    });
    Ok(people)
}

/// What makes an author one person. Kinds are kept apart: a name that looks
/// like somebody's address is not that somebody.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Account(String),
    Email(String),
    Name(String),
}

fn note(people: &mut HashMap<Key, Contributor>, author: &Author) {
    let filled = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned)
    };
    let (account, email, name) =
        (filled(&author.account), filled(&author.email), filled(&author.name));
    let key = match (&account, &email, &name) {
        (Some(account), _, _) => Key::Account(account.clone()),
        (None, Some(email), _) => Key::Email(email.to_lowercase()),
        (None, None, Some(name)) => Key::Name(name.to_lowercase()),
        // Nobody can be told from nobody.
        (None, None, None) => return,
    };
    // The newest commit comes first: it has the name that is shown.
    let person = people.entry(key).or_insert_with_key(|key| Contributor {
        key: match key {
            Key::Account(text) | Key::Email(text) | Key::Name(text) => text.clone(),
        },
        name,
        email,
        login: author.login.clone(),
        avatar_url: author.avatar_url.clone(),
        commits: 0,
        additions: None,
        deletions: None,
        derived: true,
    });
    person.commits += 1;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use lodge_forge::RepositoryId;
    use lodge_kernel::TenantId;
    use lodge_provider::Account;
    use uuid::Uuid;

    use super::*;

    fn repository() -> RepositoryRef {
        let account = Account {
            tenant: TenantId::from_uuid(Uuid::from_u128(1)),
            connection: ConnectionId::from_uuid(Uuid::from_u128(2)),
        };
        RepositoryRef { account, id: RepositoryId::parse("7").unwrap() }
    }

    fn author(name: &str, email: &str, account: Option<&str>) -> Author {
        Author {
            account: account.map(str::to_owned),
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            ..Author::default()
        }
    }

    /// Pages of two commits each.
    fn page_of(all: &[Author], request: &PageRequest) -> Result<Page<Author>, ProviderError> {
        let skip = match Read::of("authors", request.from.as_ref())? {
            Some(read) => read.number("skip")?,
            None => 0,
        };
        let items = all.iter().skip(skip).take(2).cloned().collect();
        let more = Marks::of("authors")?.with("skip", (skip + 2).to_string())?.done();
        Ok(Page { items, next: (skip + 2 < all.len()).then_some(more) })
    }

    async fn names(all: &[Author], limit: &str) -> Vec<(String, u64)> {
        let people = People::default();
        let asked = AtomicUsize::new(0);
        let (mut from, mut seen) = (None, Vec::new());
        loop {
            let limit = Limit::parse(Some(limit)).unwrap();
            let page = people
                .list(
                    &repository(),
                    &PageRequest { from, limit },
                    || async {
                        asked.fetch_add(1, Ordering::Relaxed);
                        Ok(Some("f".repeat(40)))
                    },
                    |head, request| async move {
                        assert_eq!(head.len(), 40);
                        page_of(all, &request)
                    },
                )
                .await
                .unwrap();
            seen.extend(page.items.into_iter().map(|it| (it.key, it.commits)));
            match page.next {
                None => break,
                next => from = next,
            }
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1, "the head is asked for once");
        seen
    }

    #[tokio::test]
    async fn people_are_told_apart_by_account_then_address_then_name() {
        let all = [
            author("Ada", "ada@example.org", None),
            author("Ada L", "ADA@example.org", None),
            author("Bo", "bo@one.example", Some("bo")),
            author("Bo", "bo@two.example", Some("bo")),
            author("Bo", "bo@three.example", Some("bo")),
            author("bo", "", None),
            Author::default(),
        ];
        let expected = [("bo", 3), ("ada@example.org", 2), ("bo", 1)];
        for limit in ["1", "2", "100"] {
            let seen = names(&all, limit).await;
            let seen = seen.iter().map(|(key, commits)| (key.as_str(), *commits));
            assert_eq!(seen.collect::<Vec<_>>(), expected);
        }
    }

    #[tokio::test]
    async fn a_host_that_never_ends_is_not_asked_for_ever() {
        let asked = AtomicUsize::new(0);
        let endless = |_, _| async {
            asked.fetch_add(1, Ordering::Relaxed);
            let next = Some(Marks::of("authors")?.done());
            Ok(Page { items: vec![author("Ada", "ada@example.org", None)], next })
        };
        let page = PageRequest { from: None, limit: Limit::MAX };
        let head = || async { Ok(Some("head".to_owned())) };
        let people = People::default().list(&repository(), &page, head, endless).await.unwrap();
        assert_eq!(people.items.first().map(|it| it.commits), Some(40));
        assert_eq!(asked.load(Ordering::Relaxed), MOST_QUESTIONS);
    }

    #[tokio::test]
    async fn an_empty_repository_has_no_contributors_and_a_foreign_position_is_refused() {
        let none = || async { Ok(None) };
        let never = |_, _| async { Err::<Page<Author>, _>(ProviderError::RepositoryNotFound) };
        let first = PageRequest { from: None, limit: Limit::MAX };
        let people = People::default();
        let page = people.list(&repository(), &first, none, never).await.unwrap();
        assert_eq!(page, Page::empty());
        let from = Some(Marks::of("commits").unwrap().done());
        let wrong = PageRequest { from, limit: Limit::MAX };
        let refused = people.list(&repository(), &wrong, none, never).await;
        assert!(matches!(refused, Err(ProviderError::Position)));
    }
}
