-- Customers of apps, and their accounts at Git hosts.

CREATE TABLE customers (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    client_id BLOB NOT NULL,
    reference TEXT,
    name TEXT,
    vouched INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- A reference that only stood in a URL is never looked up.
CREATE UNIQUE INDEX customers_vouched ON customers (client_id, reference) WHERE vouched;

CREATE TABLE connections (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    customer_id BLOB NOT NULL,
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX connections_of_customer ON connections (customer_id, id);
