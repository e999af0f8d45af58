-- A door is an organisation's, not a project's, and what a delivery brings about may be brought about twice.
-- What no course had is found again by its repository.

DROP TABLE intake_effects;
ALTER TABLE hooks DROP COLUMN project_id;
CREATE INDEX intake_ignored ON intake (tenant_id, source, repository_id, id) WHERE state = 'ignored';
