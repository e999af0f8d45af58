-- People's passkeys. A credential belongs to one person, whoever brings it.
CREATE TABLE passkeys (
    user_id BLOB NOT NULL REFERENCES users (id),
    id BLOB NOT NULL,
    credential BLOB NOT NULL UNIQUE,
    public_key BLOB NOT NULL,
    counter INTEGER NOT NULL,
    -- JSON: an array of text.
    transports TEXT NOT NULL,
    backup TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;

-- Challenges that were answered, until nobody takes them anyway.
CREATE TABLE answered_challenges (
    digest BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX answered_challenges_by_end ON answered_challenges (expires_at);
