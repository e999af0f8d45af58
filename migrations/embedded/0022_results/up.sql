-- What is made of a course: reports, and what people decided about flags.

-- What belongs to a team names its course, too.
DROP INDEX teams_of_course;
CREATE UNIQUE INDEX teams_of_course ON teams (tenant_id, course_id, id);

CREATE TABLE reports (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    -- Absent where it is of the whole course.
    team_id BLOB,
    file_name TEXT NOT NULL,
    format TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, file_name),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, course_id, team_id) REFERENCES teams (tenant_id, course_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_by_time ON reports (tenant_id, made_at, id);
CREATE INDEX reports_of_course ON reports (tenant_id, course_id, made_at, id);
CREATE INDEX reports_of_team ON reports (tenant_id, team_id, made_at, id);
CREATE INDEX reports_by_age ON reports (made_at);

-- Beside the reports, so that a list does not read them.
CREATE TABLE report_bodies (
    tenant_id BLOB NOT NULL,
    report_id BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, report_id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE flag_decisions (
    tenant_id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    team_id BLOB NOT NULL,
    -- The key of the flag.
    flag TEXT NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    decided_by BLOB REFERENCES users (id) ON DELETE SET NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, course_id, team_id, flag),
    FOREIGN KEY (tenant_id, course_id, team_id) REFERENCES teams (tenant_id, course_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX flag_decisions_of_team ON flag_decisions (tenant_id, team_id, flag);
