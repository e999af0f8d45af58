DROP TABLE data_keys;
DROP TABLE login_attempts;
DROP TABLE credentials;
DROP INDEX connections_of_account;
CREATE UNIQUE INDEX connections_of_account ON connections (customer_id, provider, account);
ALTER TABLE connections DROP COLUMN scopes;
ALTER TABLE connections DROP COLUMN host_account;
ALTER TABLE connections DROP COLUMN kind;
