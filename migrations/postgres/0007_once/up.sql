-- What comes once: a signature of an app, a connection to an account. Then the indexes of the sweep.

CREATE TABLE nonces (
    tenant_id UUID NOT NULL,
    client_id UUID NOT NULL,
    nonce TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, client_id, nonce),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id)
);

CREATE INDEX nonces_by_end ON nonces (expires_at);

-- Two requests at once could connect the same account twice. The first connection keeps the account's name.
UPDATE connections SET account = account || ' (again: ' || id || ')'
WHERE EXISTS (
    SELECT 1 FROM connections AS earlier
    WHERE earlier.customer_id = connections.customer_id AND earlier.provider = connections.provider
        AND earlier.account = connections.account AND earlier.id < connections.id
);

CREATE UNIQUE INDEX connections_of_account ON connections (customer_id, provider, account);

-- Approvals that nobody may have given, and customers that nobody vouched for.
CREATE INDEX authorizations_by_end ON authorizations (expires_at) WHERE state <> 'active' AND account_permissions = '';
CREATE INDEX customers_by_age ON customers (created_at) WHERE NOT vouched;
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- What belongs to an approval or a customer: asked before one is deleted, by the sweep and by the references.
CREATE INDEX authorizations_of_customer ON authorizations (customer_id);
CREATE INDEX connect_sessions_of_authorization ON connect_sessions (authorization_id);
CREATE INDEX connect_sessions_of_customer ON connect_sessions (customer_id);
CREATE INDEX transactions_of_authorization ON transactions (authorization_id);
CREATE INDEX transactions_of_customer ON transactions (customer_id);
CREATE INDEX codes_of_authorization ON codes (authorization_id);
DROP INDEX tokens_of_authorization;
CREATE INDEX tokens_of_authorization ON tokens (authorization_id);
