DROP TABLE access_version;
DROP TABLE tokens;
DROP TABLE codes;
