-- A quota has a first day, so that a day in the past is counted by what was asked for then. Each is in
-- force until the next begins. What was set before had no day: it counts as ever.
CREATE TABLE contact_quota_days (
    city_code integer NOT NULL REFERENCES cities (code),
    from_on date NOT NULL,
    least smallint NOT NULL CHECK (least BETWEEN 0 AND 1000),
    PRIMARY KEY (city_code, from_on)
);
INSERT INTO contact_quota_days SELECT city_code, '2000-01-01', least FROM contact_quotas;
ALTER TABLE contact_quotas DROP COLUMN least;
