-- Apps and their secrets.

CREATE TABLE apps (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL UNIQUE,
    owner_id UUID NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    -- JSON: arrays of text.
    redirect_uris TEXT NOT NULL,
    embed_origins TEXT NOT NULL,
    -- Scopes, separated by spaces.
    default_permissions TEXT NOT NULL,
    require_pkce BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    -- Grows with every change, so that two changes do not lose each other.
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id)
);

CREATE INDEX apps_of_owner ON apps (owner_id, id);

CREATE TABLE app_secrets (
    tenant_id UUID NOT NULL,
    client_id UUID NOT NULL,
    position BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (tenant_id, client_id, position),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id)
);
