-- What must hold after every crash, once the workers have caught up: a name and how often it does not.
-- The keys of the writers tell what was done: crash-dispatch-ID and crash-accept-ID.
WITH kept AS (
    SELECT split_part(key, '-', 2) AS act, substring(key FROM '.{36}$')::uuid AS issue_id
    FROM idempotency_keys WHERE key LIKE 'crash-%'
), dispatched AS (SELECT issue_id FROM kept WHERE act = 'dispatch'),
accepted AS (SELECT issue_id FROM kept WHERE act = 'accept'),
entries AS (
    SELECT j.*, f.position FROM journal j
    LEFT JOIN feed f ON f.city_code = j.city_code AND f.entry_id = j.id
    WHERE j.request_id <> 'bulk'
)
SELECT 'a key was kept twice', count(*) - count(DISTINCT (act, issue_id)) FROM kept
UNION ALL SELECT 'a dispatched issue is not being handled', count(*) FROM dispatched d
    JOIN issues i ON i.id = d.issue_id WHERE i.state <> 'in_handling' OR i.dispatched_at IS NULL
UNION ALL SELECT 'a dispatched issue has not one work order', count(*) FROM dispatched d
    WHERE (SELECT count(*) FROM assignments a WHERE a.city_code = 900100 AND a.parent_kind = 'issue'
        AND a.parent_id = d.issue_id AND a.round = 1) <> 1
UNION ALL SELECT 'a dispatch has not one entry in the journal', count(*) FROM dispatched d
    WHERE (SELECT count(*) FROM entries e WHERE e.object_id = d.issue_id AND e.kind = 'issue.dispatched') <> 1
UNION ALL SELECT 'a dispatch in the journal has no kept answer', count(*) FROM entries e
    WHERE kind = 'issue.dispatched' AND object_id NOT IN (SELECT issue_id FROM dispatched)
UNION ALL SELECT 'a work order has no issue in handling', count(*) FROM assignments a
    JOIN issues i ON i.city_code = a.city_code AND i.id = a.parent_id
    WHERE i.state NOT IN ('in_handling', 'closed')
UNION ALL SELECT 'an issue in handling has no work order', count(*) FROM issues i
    WHERE state = 'in_handling' AND NOT EXISTS (SELECT FROM assignments a
        WHERE a.city_code = i.city_code AND a.parent_kind = 'issue' AND a.parent_id = i.id)
UNION ALL SELECT 'a work order lacks its entry in the journal', count(*) FROM dispatched d
    JOIN assignments a ON a.city_code = 900100 AND a.parent_kind = 'issue' AND a.parent_id = d.issue_id
    WHERE NOT EXISTS (SELECT FROM entries e WHERE e.object_id = a.id AND e.kind = 'assignment.dispatched')
UNION ALL SELECT 'an accepted issue is not in the ledger', count(*) FROM accepted a
    JOIN issues i ON i.id = a.issue_id WHERE i.ledger_number IS NULL OR i.state = 'submitted'
UNION ALL SELECT 'the ledger has a gap', coalesce(sum(gap), 0)::bigint FROM (
    SELECT max(ledger_number) - count(*) AS gap FROM issues WHERE ledger_number IS NOT NULL
    GROUP BY city_code, ledger_year) l
UNION ALL SELECT 'an entry is not in the feed', count(*) FROM journal j WHERE NOT EXISTS (
    SELECT FROM feed f WHERE f.city_code = j.city_code AND f.entry_id = j.id)
UNION ALL SELECT 'an entry still waits for a position', count(*) FROM journal_pending
UNION ALL SELECT 'the feed is not dense', coalesce(sum(abs(h.position - f.last) + abs(f.last - f.many)), 0)::bigint
    FROM feed_heads h JOIN (SELECT city_code, max(position) AS last, count(*) AS many FROM feed GROUP BY 1) f
    USING (city_code)
UNION ALL SELECT 'versions in the feed do not ascend', count(*) FROM (
    SELECT object_version <= lag(object_version) OVER (PARTITION BY object_id ORDER BY position) AS wrong
    FROM entries) v WHERE wrong
UNION ALL SELECT 'a consumer is behind', count(*) FROM consumer_positions c
    JOIN feed_heads h USING (city_code) WHERE c.position <> h.position
UNION ALL SELECT 'points are missing', count(*) FROM entries e WHERE e.kind = 'issue.accepted'
    AND e.member_id IS NOT NULL AND (SELECT count(*) FROM score_entries s
        WHERE s.city_code = e.city_code AND s.cause_id = e.id AND s.rule_code = 'issue_accepted') <> 1
UNION ALL SELECT 'points come from nothing', count(*) FROM score_entries s WHERE NOT EXISTS (
    SELECT FROM entries e WHERE e.city_code = s.city_code AND e.id = s.cause_id AND e.position IS NOT NULL);
