-- Telling apps what happens: what they want to hear, what hosts delivered, what is on its way.

CREATE TABLE subscriptions (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    authorization_id UUID NOT NULL,
    connection_id UUID NOT NULL,
    provider TEXT NOT NULL,
    repository_id TEXT NOT NULL,
    callback_url TEXT NOT NULL,
    -- A JSON array of event names.
    events TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    hook_digest BYTEA NOT NULL,
    sealed_hook_secret TEXT NOT NULL,
    -- A JSON array of the host's ids.
    hook_ids TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);
CREATE UNIQUE INDEX subscriptions_by_id ON subscriptions (id);
CREATE UNIQUE INDEX subscriptions_by_hook ON subscriptions (hook_digest);
CREATE INDEX subscriptions_of_client ON subscriptions (client_id, id);
CREATE INDEX subscriptions_of_authorization ON subscriptions (authorization_id);
CREATE INDEX subscriptions_of_connection ON subscriptions (connection_id);

CREATE TABLE inbox (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    subscription_id UUID NOT NULL,
    key BYTEA NOT NULL,
    sealed TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, subscription_id, key),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscriptions (tenant_id, id)
);
CREATE INDEX inbox_waiting ON inbox (next_at) WHERE state = 'waiting';
CREATE INDEX inbox_dead ON inbox (received_at) WHERE state = 'dead';
CREATE INDEX inbox_done ON inbox (received_at) WHERE state = 'delivered';

CREATE TABLE outbox (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    subscription_id UUID NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    last_status BIGINT,
    last_problem TEXT,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscriptions (tenant_id, id)
);
CREATE UNIQUE INDEX outbox_by_id ON outbox (id);
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (created_at) WHERE state = 'dead';
CREATE INDEX outbox_done ON outbox (created_at) WHERE state <> 'waiting';
CREATE INDEX outbox_of_subscription ON outbox (tenant_id, subscription_id, id);
