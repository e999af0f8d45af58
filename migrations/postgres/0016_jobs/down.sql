DROP TABLE job_slots;
DROP TABLE job_events;
DROP TABLE ended_jobs;
DROP TABLE jobs;
