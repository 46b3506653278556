-- Members beyond the founded ones (from {first_member} to {members}), each with {contacts} contacts of
-- their own. Members take the sectors in turn, as the founded ones do.
CREATE TEMP TABLE member AS
SELECT n, {opens} + n * 1000 AS ms, s.sector_id, s.committee_id, v.county,
    pg_temp.id('001', {opens} + n * 1000, n) AS person_id,
    pg_temp.id('002', {opens} + n * 1000, n) AS id
FROM generate_series({first_member}::bigint, {members}) n
JOIN sectors s ON s.k = (n - 1) % (SELECT count(*) FROM sectors)
JOIN villages v ON v.k = n % (SELECT count(*) FROM villages)
ORDER BY n;

INSERT INTO persons (city_code, id, name, version, created_at)
SELECT {city}, person_id, '委员' || lpad(n::text, 6, '0'), 1, to_timestamp(ms / 1000.0) FROM member;

INSERT INTO members (city_code, id, person_id, number, unit, county_code, sector_id, committee_id,
    during, version, created_at, updated_at)
SELECT {city}, id, person_id, 'M' || lpad(n::text, 6, '0'), '第' || n || '单位', county, sector_id,
    committee_id, daterange('2023-01-01', NULL), 1, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0)
FROM member;

INSERT INTO member_sectors (city_code, id, member_id, sector_id, during)
SELECT {city}, pg_temp.id('003', ms, n), id, sector_id, daterange('2023-01-01', NULL) FROM member;

CREATE TEMP TABLE contact AS
SELECT c.n, m.ms, m.id AS member_id, v.code, v.county,
    pg_temp.id('004', m.ms, c.n) AS person_id, pg_temp.id('005', m.ms, c.n) AS id
FROM member m
CROSS JOIN LATERAL (SELECT m.n * {contacts} + k AS n FROM generate_series(1, {contacts}) k) c
JOIN villages v ON v.k = c.n % (SELECT count(*) FROM villages)
ORDER BY c.n;

INSERT INTO persons (city_code, id, name, phone, version, created_at)
SELECT {city}, person_id, '联系人' || n, '139' || lpad((n % 100000000)::text, 8, '0'), 1,
    to_timestamp(ms / 1000.0)
FROM contact;

INSERT INTO contacts (city_code, id, person_id, number, category, unit, division_code, county_code,
    during, version, created_at, updated_at)
SELECT {city}, id, person_id, 'C' || lpad(n::text, 8, '0'),
    (ARRAY['key_enterprise', 'community', 'village'])[1 + n % 3], '第' || n || '处', code, county,
    daterange('2023-01-01', NULL), 1, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0)
FROM contact;

INSERT INTO member_contacts (city_code, id, member_id, contact_id, during)
SELECT {city}, pg_temp.id('006', ms, n), member_id, id, daterange('2023-01-01', NULL) FROM contact;
