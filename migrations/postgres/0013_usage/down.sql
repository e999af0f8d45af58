DROP INDEX usage_by_repository;
DROP INDEX usage_by_client;
ALTER TABLE usage DROP COLUMN rules;
ALTER TABLE usage DROP COLUMN scope;
ALTER TABLE usage DROP COLUMN upstream_waited;
ALTER TABLE usage DROP COLUMN upstream_shared;
ALTER TABLE usage DROP COLUMN upstream_confirmed;
