-- People may belong to several organisations, and prove who they are by themselves.
--
-- Nothing has been released with the tables as they were, so that they change in one step.
ALTER TABLE apps DROP CONSTRAINT apps_tenant_id_owner_id_fkey;
ALTER TABLE sessions DROP CONSTRAINT sessions_tenant_id_user_id_fkey;
ALTER TABLE users DROP CONSTRAINT users_pkey;
ALTER TABLE users ADD PRIMARY KEY (id);
ALTER TABLE users DROP CONSTRAINT users_id_key;
ALTER TABLE apps ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);
ALTER TABLE apps ADD FOREIGN KEY (owner_id) REFERENCES users (id);

CREATE TABLE memberships (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    user_id UUID NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_of_user ON memberships (user_id, tenant_id);
-- Whoever was there did everything so far.
INSERT INTO memberships SELECT tenant_id, id, 'owner', created_at FROM users;
ALTER TABLE users DROP COLUMN tenant_id;

ALTER TABLE sessions DROP CONSTRAINT sessions_pkey;
ALTER TABLE sessions ADD PRIMARY KEY (id);
ALTER TABLE sessions DROP CONSTRAINT sessions_id_key;
ALTER TABLE sessions ADD FOREIGN KEY (user_id) REFERENCES users (id);
ALTER TABLE sessions ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);
-- The organisation that it is in at the moment.
ALTER TABLE sessions ALTER COLUMN tenant_id DROP NOT NULL;
ALTER TABLE sessions ADD COLUMN agent TEXT;
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;
UPDATE sessions SET seen_at = created_at;
ALTER TABLE sessions ALTER COLUMN seen_at SET NOT NULL;
CREATE INDEX sessions_of_user ON sessions (user_id, id);

-- How people prove who they are. The hash is a PHC string, with its parameters.
CREATE TABLE passwords (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    hash TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE authenticators (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    -- Whose data key has sealed the key.
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    sealed_key TEXT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT
);

CREATE TABLE recovery_codes (
    user_id UUID NOT NULL REFERENCES users (id),
    digest BYTEA NOT NULL,
    PRIMARY KEY (user_id, digest)
);

CREATE TABLE invitations (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    digest BYTEA NOT NULL UNIQUE,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by UUID NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX invitations_by_end ON invitations (expires_at);

CREATE TABLE password_links (
    digest BYTEA NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX password_links_of_user ON password_links (user_id);
CREATE INDEX password_links_by_end ON password_links (expires_at);

-- Who tried to log in how often: an account or a network, as a digest.
CREATE TABLE throttles (
    subject BYTEA NOT NULL PRIMARY KEY,
    attempts BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX throttles_by_age ON throttles (last_at);
