DROP INDEX authorization_repositories_of_connection;
DROP INDEX authorization_connections_of_connection;
DROP INDEX connections_taken_away;
DROP INDEX customers_by_reference;
DROP INDEX usage_of_customer;
DROP TABLE receipts;
DROP TABLE customer_sessions;
ALTER TABLE transactions DROP COLUMN answer;
