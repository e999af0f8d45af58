//! The gateway's use cases: consent, tokens, and reads that are allowed and reviewed.
