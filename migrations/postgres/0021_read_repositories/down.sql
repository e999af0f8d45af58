DROP INDEX usage_by_repository;
CREATE INDEX usage_by_repository ON usage (tenant_id, repository_id, request_id);
