-- Customers of apps, and their accounts at Git hosts.

CREATE TABLE customers (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL UNIQUE,
    client_id UUID NOT NULL,
    reference TEXT,
    name TEXT,
    vouched BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id)
);

-- A reference that only stood in a URL is never looked up.
CREATE UNIQUE INDEX customers_vouched ON customers (client_id, reference) WHERE vouched;

CREATE TABLE connections (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL UNIQUE,
    customer_id UUID NOT NULL,
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);

CREATE INDEX connections_of_customer ON connections (customer_id, id);
