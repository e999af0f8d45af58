//! Links to the next page. Of a link only the query is used, and of that an
//! adapter only takes the pairs that it knows: a link that leads elsewhere
//! leads nowhere.

use url::Url;

/// More pairs than any host's link has.
const MOST_PAIRS: usize = 32;

/// The target of `rel="next"` in a `Link` header (RFC 8288). Some hosts leave
/// out the spaces, or the quotes.
pub(crate) fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        let after = rest.get(start + 1..)?;
        let end = after.find('>')?;
        let target = after.get(..end)?;
        let after = after.get(end + 1..)?;
        // A comma inside quotes is rare and harmless: parameters go on.
        let until = after.find(",<").or_else(|| after.find(", <")).unwrap_or(after.len());
        let (parameters, more) = after.split_at(until);
        let is_next = parameters.split(';').any(|it| {
            it.trim().strip_prefix("rel=").is_some_and(|rel| {
                let rel = rel.trim_end_matches(',').trim_matches('"');
                rel.split_ascii_whitespace().any(|it| it.eq_ignore_ascii_case("next"))
            })
        });
        if is_next {
            return Some(target);
        }
        rest = more;
    }
    None
}

/// The query pairs of a next-link, relative or absolute.
pub fn query_of_next(link: &str) -> Option<Vec<(String, String)>> {
    let nowhere = Url::parse("https://host.invalid").ok()?;
    let url = nowhere.join(link).ok()?;
    Some(
        url.query_pairs().take(MOST_PAIRS).map(|(k, v)| (k.into_owned(), v.into_owned())).collect(),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_next_link_is_found_however_it_is_written() {
        for header in [
            r#"<https://h/r?page=2>; rel="next", <https://h/r?page=9>; rel="last""#,
            r#"<https://h/r?page=1>; rel="prev",<https://h/r?page=2>; rel="next""#,
            r#"<https://h/r?page=9>; rel="last",<https://h/r?page=2>;rel=next"#,
            r#"<https://h/r?page=2>; title="a, b"; rel="next""#,
        ] {
            assert_eq!(next(header), Some("https://h/r?page=2"), "{header}");
        }
        for header in ["", "<https://h>", r#"<https://h/r?page=9>; rel="last""#, "<<<;;,,rel=next"]
        {
            assert_eq!(next(header), None, "{header}");
        }
    }

    #[test]
    fn only_the_query_of_a_link_is_kept() {
        let pairs = query_of_next("https://evil.example/x?page=2&per_page=100").unwrap();
        assert_eq!(pairs, [("page".into(), "2".into()), ("per_page".into(), "100".into())]);
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reader_panic(header in ".{0,200}") {
            let _ = next(&header).and_then(query_of_next);
        }
    }
}
