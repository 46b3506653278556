-- What every step of the bulk load uses. Words in braces are whole numbers put in by bulk.rs.
SET jit = off;
SET work_mem = '64MB';

-- An id of version 7 that follows from its time, its kind (three hexadecimal digits), its city and
-- its number. The number stands in decimal digits at the end, so that bench/ can write it down too.
CREATE OR REPLACE FUNCTION pg_temp.id(kind text, ms bigint, n bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(ms), 12, '0') || '7' || kind || '8' || lpad(to_hex({city}), 5, '0')
        || (1000000000 + n)::text)::uuid
$$;

-- Sectors in their order, each with the committee that guides it.
CREATE TEMP TABLE sectors AS
SELECT row_number() OVER (ORDER BY o.position, o.id) - 1 AS k, o.id AS sector_id, s.committee_id
FROM organizations o
JOIN sector_committees s ON s.city_code = o.city_code AND s.sector_id = o.id
WHERE o.city_code = {city} AND o.kind = 'sector';

-- Villages and communities of the city.
CREATE TEMP TABLE villages AS
SELECT row_number() OVER (ORDER BY code) - 1 AS k, code, (code / 1000000)::integer AS county
FROM divisions
WHERE level = 'village' AND code BETWEEN {city} * 1000000::bigint AND {city} * 1000000::bigint + 99999999;
