-- What a read asked of hosts, and what it needed.

ALTER TABLE usage ADD COLUMN upstream_confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN upstream_shared INTEGER NOT NULL DEFAULT 0;
-- Microseconds.
ALTER TABLE usage ADD COLUMN upstream_waited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN scope TEXT;
-- Names of rules, separated by spaces.
ALTER TABLE usage ADD COLUMN rules TEXT NOT NULL DEFAULT '';

-- The filters that leave few rows of many. Ids sort by age, so that a window of time
-- is a range of the primary key.
CREATE INDEX usage_by_client ON usage (tenant_id, client_id, request_id);
CREATE INDEX usage_by_repository ON usage (tenant_id, repository_id, request_id);
