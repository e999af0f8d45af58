DROP INDEX intake_ignored;
ALTER TABLE hooks ADD COLUMN project_id BLOB;
CREATE TABLE intake_effects (
    tenant_id BLOB NOT NULL,
    intake_id BLOB NOT NULL,
    effect TEXT NOT NULL,
    PRIMARY KEY (tenant_id, intake_id, effect)
) STRICT, WITHOUT ROWID;
