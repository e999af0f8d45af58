DROP TABLE outbox;
DROP TABLE inbox;
DROP TABLE subscriptions;
