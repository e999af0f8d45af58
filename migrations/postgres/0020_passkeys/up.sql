-- People's passkeys. A credential belongs to one person, whoever brings it.
CREATE TABLE passkeys (
    user_id UUID NOT NULL REFERENCES users (id),
    id UUID NOT NULL,
    credential BYTEA NOT NULL UNIQUE,
    public_key BYTEA NOT NULL,
    counter BIGINT NOT NULL,
    -- JSON: an array of text.
    transports TEXT NOT NULL,
    backup TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, id)
);

-- Challenges that were answered, until nobody takes them anyway.
CREATE TABLE answered_challenges (
    digest BYTEA NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX answered_challenges_by_end ON answered_challenges (expires_at);
