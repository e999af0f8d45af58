DROP TABLE firewall_settings;
DROP TABLE grants;
DROP TABLE admin_keys;
DROP TABLE audit;
DROP TABLE audit_heads;
