-- The journal, added up as it is written. A row is in the sums from the moment that it
-- is in the journal, and its time is the one in its id. Sums of now are updated again and
-- again: pages keep room for that.

-- By the hour (`hours` is 1) and by the day (24), each from `start` on. Without a host,
-- `provider` is empty.
CREATE TABLE usage_sums (
    tenant_id UUID NOT NULL,
    hours BIGINT NOT NULL,
    start BIGINT NOT NULL,
    client_id UUID NOT NULL,
    endpoint TEXT NOT NULL,
    provider TEXT NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    items BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    withheld BIGINT NOT NULL,
    masked BIGINT NOT NULL,
    upstream_calls BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, hours, start, client_id, endpoint, provider)
) WITH (fillfactor = 80);

-- By the day; of each app, and of all together, where `client_id` is zero.
CREATE TABLE usage_repositories (
    tenant_id UUID NOT NULL,
    start BIGINT NOT NULL,
    client_id UUID NOT NULL,
    provider TEXT NOT NULL,
    repository_id TEXT NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    items BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    withheld BIGINT NOT NULL,
    masked BIGINT NOT NULL,
    upstream_calls BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, client_id, start, provider, repository_id)
) WITH (fillfactor = 80);

-- How many reads of a day took how long: `step` is the lower end, in microseconds. Of each
-- app, and of all together.
CREATE TABLE usage_durations (
    tenant_id UUID NOT NULL,
    start BIGINT NOT NULL,
    client_id UUID NOT NULL,
    step BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, client_id, start, step)
) WITH (fillfactor = 80);

INSERT INTO usage_sums
SELECT tenant_id, 1, at / 3600000000 * 3600000000, client_id, endpoint, COALESCE(provider, ''),
    count(*), count(CASE WHEN status >= 400 THEN 1 END), sum(items), sum(bytes),
    sum(withheld), sum(masked), sum(upstream_calls)
FROM usage GROUP BY 1, 2, 3, 4, 5, 6;

INSERT INTO usage_sums
SELECT tenant_id, 24, at / 86400000000 * 86400000000, client_id, endpoint, COALESCE(provider, ''),
    count(*), count(CASE WHEN status >= 400 THEN 1 END), sum(items), sum(bytes),
    sum(withheld), sum(masked), sum(upstream_calls)
FROM usage GROUP BY 1, 2, 3, 4, 5, 6;

INSERT INTO usage_repositories
SELECT tenant_id, at / 86400000000 * 86400000000, client_id, provider, repository_id,
    count(*), count(CASE WHEN status >= 400 THEN 1 END), sum(items), sum(bytes),
    sum(withheld), sum(masked), sum(upstream_calls)
FROM usage WHERE provider IS NOT NULL AND repository_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5;

INSERT INTO usage_repositories
SELECT tenant_id, at / 86400000000 * 86400000000, CAST('00000000-0000-0000-0000-000000000000' AS UUID), provider, repository_id,
    count(*), count(CASE WHEN status >= 400 THEN 1 END), sum(items), sum(bytes),
    sum(withheld), sum(masked), sum(upstream_calls)
FROM usage WHERE provider IS NOT NULL AND repository_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5;

INSERT INTO usage_durations
SELECT tenant_id, at / 86400000000 * 86400000000, client_id,
    CASE WHEN duration < 10000 THEN duration / 100 * 100
        WHEN duration < 100000 THEN duration / 1000 * 1000
        WHEN duration < 1000000 THEN duration / 10000 * 10000
        WHEN duration < 10000000 THEN duration / 100000 * 100000
        ELSE 10000000 END,
    count(*)
FROM usage GROUP BY 1, 2, 3, 4;

INSERT INTO usage_durations
SELECT tenant_id, at / 86400000000 * 86400000000, CAST('00000000-0000-0000-0000-000000000000' AS UUID),
    CASE WHEN duration < 10000 THEN duration / 100 * 100
        WHEN duration < 100000 THEN duration / 1000 * 1000
        WHEN duration < 1000000 THEN duration / 10000 * 10000
        WHEN duration < 10000000 THEN duration / 100000 * 100000
        ELSE 10000000 END,
    count(*)
FROM usage GROUP BY 1, 2, 3, 4;

-- The sums say which apps and operations there are, and when: with these a filtered page
-- is found from its newest row on, whatever the filter. Host and status stand in the
-- indexes so that these alone are read. An index of apps alone is no longer asked.
CREATE INDEX usage_by_kind ON usage
    (tenant_id, client_id, endpoint, request_id, provider, status);
CREATE INDEX usage_failed ON usage
    (tenant_id, client_id, endpoint, request_id, provider, status) WHERE status >= 400;
DROP INDEX usage_by_client;
