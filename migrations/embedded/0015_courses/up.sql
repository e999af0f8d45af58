-- Courses: who runs them, who takes them, and in which projects they work; people's own tokens; answers that are kept.

CREATE TABLE courses (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    -- The code in lower case.
    code_key TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case, by which courses are put in order.
    name_key TEXT NOT NULL,
    -- What a search looks into, in lower case.
    search_key TEXT NOT NULL,
    academic_year TEXT NOT NULL,
    semester TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    auto_sync INTEGER NOT NULL,
    -- A JSON object of every choice.
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code_key),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX courses_by_name ON courses (tenant_id, name_key, id);

CREATE TABLE course_staff (
    tenant_id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, course_id, user_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX course_staff_of_user ON course_staff (tenant_id, user_id);

CREATE TABLE teams (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    locked INTEGER NOT NULL,
    host TEXT,
    remote_id TEXT,
    web_url TEXT,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, course_id, name_key),
    UNIQUE (tenant_id, course_id, host, remote_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX teams_of_course ON teams (tenant_id, course_id, id);

CREATE TABLE students (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    number TEXT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    email TEXT,
    user_id BLOB,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, course_id, number),
    UNIQUE (tenant_id, course_id, email),
    UNIQUE (tenant_id, course_id, user_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX students_of_course ON students (tenant_id, course_id, id);
CREATE INDEX students_of_user ON students (tenant_id, user_id);

CREATE TABLE team_members (
    tenant_id BLOB NOT NULL,
    team_id BLOB NOT NULL,
    student_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, team_id, student_id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, student_id) REFERENCES students (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_members_of_student ON team_members (tenant_id, student_id);

CREATE TABLE student_identities (
    tenant_id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    -- Empty where it is of no single host.
    host TEXT NOT NULL,
    -- The value in lower case.
    value_key TEXT NOT NULL,
    student_id BLOB NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant_id, course_id, kind, host, value_key),
    FOREIGN KEY (tenant_id, student_id) REFERENCES students (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX student_identities_of_student ON student_identities (tenant_id, student_id);

CREATE TABLE projects (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    team_id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    host TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    web_url TEXT,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, course_id, host, remote_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX projects_of_course ON projects (tenant_id, course_id, id);
CREATE INDEX projects_of_team ON projects (tenant_id, team_id, id);

CREATE TABLE personal_tokens (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    name TEXT NOT NULL,
    digest BLOB NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX personal_tokens_by_digest ON personal_tokens (digest);
CREATE INDEX personal_tokens_of_user ON personal_tokens (tenant_id, user_id, id);

CREATE TABLE kept_answers (
    -- Digest of caller, route and key.
    key BLOB NOT NULL PRIMARY KEY,
    request BLOB NOT NULL,
    sealed TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_answers_by_age ON kept_answers (created_at);
