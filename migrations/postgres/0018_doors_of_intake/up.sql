-- A door is an organisation's, not a project's, and what a delivery brings about may be brought about twice.

DROP TABLE intake_effects;
ALTER TABLE hooks DROP COLUMN project_id;
