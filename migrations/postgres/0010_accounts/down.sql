DROP TABLE throttles;
DROP TABLE password_links;
DROP TABLE invitations;
DROP TABLE recovery_codes;
DROP TABLE authenticators;
DROP TABLE passwords;

-- A person had one organisation: the first is kept. Whoever has none cannot be kept, unless there are apps of theirs.
ALTER TABLE apps DROP CONSTRAINT apps_tenant_id_fkey;
ALTER TABLE apps DROP CONSTRAINT apps_owner_id_fkey;
ALTER TABLE sessions DROP CONSTRAINT sessions_user_id_fkey;
ALTER TABLE sessions DROP CONSTRAINT sessions_tenant_id_fkey;
ALTER TABLE users ADD COLUMN tenant_id UUID REFERENCES tenants (id);
UPDATE users SET tenant_id = COALESCE(
    (SELECT tenant_id FROM memberships WHERE user_id = users.id ORDER BY tenant_id LIMIT 1),
    (SELECT tenant_id FROM apps WHERE owner_id = users.id ORDER BY tenant_id LIMIT 1)
);
DROP TABLE memberships;
DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE tenant_id IS NULL);
DELETE FROM users WHERE tenant_id IS NULL;
ALTER TABLE users ALTER COLUMN tenant_id SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_pkey;
ALTER TABLE users ADD PRIMARY KEY (tenant_id, id);
ALTER TABLE users ADD UNIQUE (id);

DROP INDEX sessions_of_user;
UPDATE sessions SET tenant_id = users.tenant_id FROM users WHERE users.id = sessions.user_id;
ALTER TABLE sessions ALTER COLUMN tenant_id SET NOT NULL;
ALTER TABLE sessions DROP COLUMN agent;
ALTER TABLE sessions DROP COLUMN seen_at;
ALTER TABLE sessions DROP CONSTRAINT sessions_pkey;
ALTER TABLE sessions ADD PRIMARY KEY (tenant_id, id);
ALTER TABLE sessions ADD UNIQUE (id);
ALTER TABLE sessions ADD FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id);

-- An app of another organisation goes over to somebody there.
UPDATE apps SET owner_id = (
    SELECT id FROM users WHERE users.tenant_id = apps.tenant_id ORDER BY id LIMIT 1
)
WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.tenant_id = apps.tenant_id AND users.id = apps.owner_id);
ALTER TABLE apps ADD FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id);
