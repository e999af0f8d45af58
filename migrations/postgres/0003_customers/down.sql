DROP TABLE connections;
DROP TABLE customers;
