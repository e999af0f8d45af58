-- Most reads are of no repository alone: a list of them, a profile. They stand in this index no more.
DROP INDEX usage_by_repository;
CREATE INDEX usage_by_repository ON usage (tenant_id, repository_id, request_id) WHERE repository_id IS NOT NULL;
