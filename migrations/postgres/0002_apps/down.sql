DROP TABLE app_secrets;
DROP TABLE apps;
