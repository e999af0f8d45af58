DROP TABLE transactions;
DROP TABLE pushed_requests;
DROP TABLE connect_sessions;
DROP TABLE authorization_repositories;
DROP TABLE authorization_connections;
DROP TABLE authorizations;
