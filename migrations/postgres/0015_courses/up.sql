-- Courses: who runs them, who takes them, and in which projects they work; people's own tokens; answers that are kept.

CREATE TABLE courses (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    -- The code in lower case.
    code_key TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case, by which courses are put in order.
    name_key TEXT COLLATE "C" NOT NULL,
    -- What a search looks into, in lower case.
    search_key TEXT NOT NULL,
    academic_year TEXT NOT NULL,
    semester TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    auto_sync BOOLEAN NOT NULL,
    -- A JSON object of every choice.
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code_key),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX courses_by_name ON courses (tenant_id, name_key, id);

CREATE TABLE course_staff (
    tenant_id UUID NOT NULL,
    course_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, course_id, user_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id),
    FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX course_staff_of_user ON course_staff (tenant_id, user_id);

CREATE TABLE teams (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    course_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    locked BOOLEAN NOT NULL,
    host TEXT,
    remote_id TEXT,
    web_url TEXT,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, course_id, name_key),
    UNIQUE (tenant_id, course_id, host, remote_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id)
);
CREATE INDEX teams_of_course ON teams (tenant_id, course_id, id);

CREATE TABLE students (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    course_id UUID NOT NULL,
    number TEXT,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    search_key TEXT NOT NULL,
    email TEXT,
    user_id UUID,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, course_id, number),
    UNIQUE (tenant_id, course_id, email),
    UNIQUE (tenant_id, course_id, user_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id),
    FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX students_of_course ON students (tenant_id, course_id, id);
CREATE INDEX students_of_user ON students (tenant_id, user_id);

CREATE TABLE team_members (
    tenant_id UUID NOT NULL,
    team_id UUID NOT NULL,
    student_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, team_id, student_id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, student_id) REFERENCES students (tenant_id, id)
);
CREATE INDEX team_members_of_student ON team_members (tenant_id, student_id);

CREATE TABLE student_identities (
    tenant_id UUID NOT NULL,
    course_id UUID NOT NULL,
    kind TEXT NOT NULL,
    -- Empty where it is of no single host.
    host TEXT NOT NULL,
    -- The value in lower case.
    value_key TEXT NOT NULL,
    student_id UUID NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant_id, course_id, kind, host, value_key),
    FOREIGN KEY (tenant_id, student_id) REFERENCES students (tenant_id, id)
);
CREATE INDEX student_identities_of_student ON student_identities (tenant_id, student_id);

CREATE TABLE projects (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    course_id UUID NOT NULL,
    team_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    search_key TEXT NOT NULL,
    host TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    web_url TEXT,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, course_id, host, remote_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE INDEX projects_of_course ON projects (tenant_id, course_id, id);
CREATE INDEX projects_of_team ON projects (tenant_id, team_id, id);

CREATE TABLE personal_tokens (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE UNIQUE INDEX personal_tokens_by_digest ON personal_tokens (digest);
CREATE INDEX personal_tokens_of_user ON personal_tokens (tenant_id, user_id, id);

CREATE TABLE kept_answers (
    -- Digest of caller, route and key.
    key BYTEA NOT NULL PRIMARY KEY,
    request BYTEA NOT NULL,
    sealed TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX kept_answers_by_age ON kept_answers (created_at);
