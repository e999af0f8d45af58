DROP TABLE flag_decisions;
DROP TABLE report_bodies;
DROP TABLE reports;
DROP INDEX teams_of_course;
CREATE INDEX teams_of_course ON teams (tenant_id, course_id, id);
