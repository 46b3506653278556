-- Gives the bulk's journal entries the positions after those of the founding, each linked to the one
-- before it, and lets the consumers stand at the end: nothing in these entries concerns them.
CREATE TEMP TABLE entry AS
SELECT row_number() OVER (ORDER BY id) AS k, id, payload_hash
FROM journal WHERE city_code = {city} AND request_id = 'bulk';
CREATE UNIQUE INDEX ON entry (k);
ANALYZE entry;
-- One look-up a link; any other join would read all entries for each.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_seqscan = off;

INSERT INTO feed (city_code, position, entry_id, chain)
WITH RECURSIVE link(k, position, entry_id, chain) AS (
    SELECT 0::bigint, h.position, NULL::uuid, h.chain FROM feed_heads h WHERE h.city_code = {city}
    UNION ALL
    SELECT e.k, l.position + 1, e.id, sha256(l.chain || e.payload_hash || int8send(l.position + 1))
    FROM link l JOIN entry e ON e.k = l.k + 1
)
SELECT {city}, position, entry_id, chain FROM link WHERE k > 0;

UPDATE feed_heads SET position = f.position, chain = f.chain
FROM (SELECT position, chain FROM feed WHERE city_code = {city} ORDER BY position DESC LIMIT 1) f
WHERE city_code = {city};

UPDATE consumer_positions SET position = h.position
FROM feed_heads h WHERE h.city_code = {city} AND consumer_positions.city_code = {city};

INSERT INTO ledger_counters (city_code, year, last)
SELECT {city}, ledger_year, max(ledger_number) FROM issues
WHERE city_code = {city} AND ledger_year IS NOT NULL GROUP BY ledger_year;
