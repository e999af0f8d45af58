CREATE INDEX usage_by_client ON usage (tenant_id, client_id, request_id);
DROP INDEX usage_failed;
DROP INDEX usage_by_kind;
DROP TABLE usage_durations;
DROP TABLE usage_repositories;
DROP TABLE usage_sums;
