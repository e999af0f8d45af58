-- The journal of reads. It outlives what it names, so that it refers to nothing.

CREATE TABLE usage (
    tenant_id UUID NOT NULL,
    request_id UUID NOT NULL,
    at BIGINT NOT NULL,
    client_id UUID NOT NULL,
    token_id UUID NOT NULL,
    authorization_id UUID,
    customer_id UUID,
    connection_id UUID,
    provider TEXT,
    repository_id TEXT,
    endpoint TEXT NOT NULL,
    status BIGINT NOT NULL,
    error_code TEXT,
    -- Microseconds.
    duration BIGINT NOT NULL,
    upstream_calls BIGINT NOT NULL,
    items BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    withheld BIGINT NOT NULL,
    masked BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, request_id)
);
