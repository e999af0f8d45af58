DROP INDEX projects_by_origin;
DROP TABLE project_activity;
DROP TABLE intake_counts;
DROP TABLE intake_effects;
DROP TABLE intake_attempts;
DROP TABLE intake_parcels;
DROP TABLE intake;
DROP TABLE hooks;
