//! What the reference says of the authorization endpoint.

use crate::routes::PageDetails;

/// For developers of apps. `docs/signed-customers.md` has the same example with
/// every step.
pub(crate) const DETAILS: PageDetails = PageDetails {
    text: "Send the customer's browser here, as RFC 6749 (4.1.1) says. The answer comes to \
        `redirect_uri`, with `iss` (RFC 9207): a `code`, or an `error`.\n\n\
        The page shows the accounts of a customer whom the app proves in one of three ways: by \
        `connect_token`, by `request_uri` from `/oauth/par`, or by `customer_sig` under \
        `customer_ref`. A bare `customer_ref` is a label, and opens a page without accounts.\n\n\
        `customer_sig` is `v1.EXPIRES.NONCE.TAG`. `EXPIRES` is in whole seconds since 1970, at \
        most ten minutes from now. `NONCE` has 16 to 64 characters of base64url and never comes \
        twice. `TAG` is an HMAC-SHA-256 in lower-case hexadecimal; its key is the SHA-256 of the \
        client secret (the 32 bytes). It covers six lines, joined by line feeds, with none at the \
        end: `gitlodge.customer_sig.v1`, `client_id`, `customer_ref`, `customer_name` (empty when \
        absent), `EXPIRES`, `NONCE`.\n\n\
        For example: the client secret `sggcs_ExampleSecretOfAnAppOnlyForDoc1KoRvq` gives the key \
        `7fd63fe5e290f5793bea5db69f966897cc7bf6c015f93c7d3b42e9350771fb37`; with the client \
        `client_019ab0f2c3d47e5f8a9b0c1d2e3f4a5b`, the reference `customer-7`, the name \
        `Example School`, the end `1795340100` and the nonce `hq3nA8_vT0m2cR7xK1bWdg`, the tag is \
        `7cac184fbc0e556adcacf0decc4a85aa1df240f7e41d1db6944a7b3568493868`.\n\n\
        A signature that is wrong, old or used before is answered with `invalid_request`, and is \
        never passed over.",
    parameters: &[
        ("response_type", "`code`"),
        ("client_id", "The app"),
        ("redirect_uri", "One that the app registered, character by character"),
        ("scope", "What the app asks for; its default permissions when absent"),
        ("state", "Comes back with the answer: at most 2,000 bytes"),
        (
            "code_challenge",
            "The challenge of PKCE (RFC 7636); required unless the app switched it off",
        ),
        ("code_challenge_method", "`S256`"),
        (
            "response_mode",
            "`query`, or `web_message`: the page tells the one that framed or opened it",
        ),
        ("connect_token", "Of a connect session: opens the page once"),
        ("request_uri", "From `/oauth/par`; beside it only `client_id` counts"),
        ("customer_ref", "What the app calls the customer: 1 to 200 characters"),
        ("customer_name", "What the app says the customer is named"),
        ("customer_sig", "Proves `customer_ref` and `customer_name`, once"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_that_of_the_documentation() {
        let page = include_str!("../../../../../docs/signed-customers.md");
        let (_, example) = page.split_once("## An example").unwrap();
        let (table, _) = example.split_once("In a shell").unwrap();
        let values = table.lines().filter_map(|it| it.rsplit('`').nth(1));
        let values: Vec<_> = values.filter(|it| !it.is_empty()).collect();
        assert_eq!(values.len(), 8);
        for value in values {
            assert!(DETAILS.text.contains(&format!("`{value}`")), "{value}");
        }
    }
}
