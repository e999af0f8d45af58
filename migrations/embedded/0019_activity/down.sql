DROP TABLE project_hooks;
DROP TABLE project_syncs;
DROP TABLE course_sources;
DROP TABLE course_actors;
DROP TABLE facts;
