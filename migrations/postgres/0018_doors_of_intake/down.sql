DROP INDEX intake_ignored;
ALTER TABLE hooks ADD COLUMN project_id UUID;
CREATE TABLE intake_effects (
    tenant_id UUID NOT NULL,
    intake_id UUID NOT NULL,
    effect TEXT NOT NULL,
    PRIMARY KEY (tenant_id, intake_id, effect)
);
