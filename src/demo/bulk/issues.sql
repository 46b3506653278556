-- Issues {low} to {high} of {issues}, taken in one every {step} ms from {start} on. The oldest tenth is
-- closed, then three quarters are in the ledger, a tenth is being handled, the rest waits for
-- screening. Days are counted by the table `due` that bulk.rs makes with the program's own rules.
CREATE TEMP TABLE people AS
SELECT substring(number FROM 2)::bigint - 1 AS k, id, sector_id, committee_id, county_code
FROM members WHERE city_code = {city};

CREATE TEMP TABLE offices AS
SELECT row_number() OVER (ORDER BY position, id) - 1 AS k, id
FROM organizations WHERE city_code = {city} AND kind = 'department';

CREATE TEMP TABLE issue AS
SELECT i.*, p.id AS member_id, p.sector_id, p.committee_id, p.county_code, o.id AS department_id,
    pg_temp.id('00a', ms, n) AS reporter_id, pg_temp.id('00b', ms, n) AS id,
    pg_temp.id('00c', ms, n) AS assignment_id, pg_temp.id('010', ms, n) AS entry_id,
    extract(year FROM at AT TIME ZONE 'Asia/Shanghai')::smallint AS intake_year,
    at + interval '1 day' AS accepted_at, at + interval '2 days' AS dispatched_at,
    at + interval '12 days' AS replied_at, at + interval '13 days' AS passed_at,
    at + interval '15 days' AS closed_at
FROM (
    SELECT n, {start} + n * {step} AS ms, to_timestamp(({start} + n * {step}) / 1000.0) AS at,
        CASE WHEN n <= {issues} / 10 THEN 'closed' WHEN n <= {issues} / 20 * 17 THEN 'accepted'
            WHEN n <= {issues} / 20 * 19 THEN 'in_handling' ELSE 'submitted' END AS state,
        CASE WHEN n <= {issues} / 10 OR n > {issues} / 20 * 17 THEN 'complex'
            WHEN n % 2 = 0 THEN 'consult_help' ELSE 'suggestion_complaint' END AS urgency,
        (ARRAY['roads', 'water_heating', 'business', 'public_safety'])[1 + n % 4] AS category
    FROM generate_series({low}::bigint, {high}) n
) i
JOIN people p ON p.k = i.n % {members}
JOIN offices o ON o.k = i.n % (SELECT count(*) FROM offices)
ORDER BY n;
ANALYZE issue;

INSERT INTO reporters (city_code, id, name, phone, created_at)
SELECT {city}, reporter_id, '群众' || n, '138' || lpad((n % 100000000)::text, 8, '0'), at FROM issue;

INSERT INTO issues (city_code, id, version, state, title, body, category, urgency, channel,
    reporter_id, member_id, sector_id, committee_id, county_code, division_code, intake_year,
    ledger_year, ledger_number, round, result_class, due_on, due_at, provisional, dispatched_at,
    closed_at, created_at, updated_at)
SELECT {city}, i.id,
    CASE state WHEN 'submitted' THEN 1 WHEN 'accepted' THEN 2 WHEN 'in_handling' THEN 5 ELSE 11 END,
    state, '第' || n || '件：小区路灯不亮',
    '居民反映第' || n || '处的三盏路灯已半月不亮，老人和学生晚上出行不便，请尽快派人检修。', category,
    i.urgency, 'public', reporter_id, member_id, sector_id, committee_id, county_code, county_code,
    intake_year,
    CASE WHEN state <> 'submitted' THEN extract(year FROM accepted_at AT TIME ZONE 'Asia/Shanghai') END,
    CASE WHEN state <> 'submitted' THEN n - CASE WHEN n >= {new_year} THEN {new_year} - 1 ELSE 0 END END,
    1, CASE state WHEN 'closed' THEN 'a' END, r.due_on, r.due_at, coalesce(r.provisional, false),
    CASE WHEN state IN ('in_handling', 'closed') THEN dispatched_at END,
    CASE state WHEN 'closed' THEN closed_at END, at,
    CASE state WHEN 'submitted' THEN at WHEN 'accepted' THEN accepted_at
        WHEN 'in_handling' THEN dispatched_at + interval '3 hours' ELSE closed_at END
FROM issue i
LEFT JOIN due r ON state IN ('in_handling', 'closed') AND r.urgency = i.urgency AND r.step = 'reply'
    AND r.day = (dispatched_at AT TIME ZONE 'Asia/Shanghai')::date
ORDER BY n;

INSERT INTO issue_clocks (city_code, issue_id, step, sequence, started_at, amount, unit, due_at, due_on,
    provisional, ended_at)
SELECT {city}, i.id, c.step, 1, c.start, d.amount, d.unit, d.due_at, d.due_on, d.provisional, c.ended
FROM issue i
CROSS JOIN LATERAL (VALUES
    ('screening', at, CASE WHEN state <> 'submitted' THEN accepted_at END, true),
    ('dispatch', accepted_at, CASE WHEN state <> 'accepted' THEN dispatched_at END, state <> 'submitted'),
    ('reply_review', replied_at, passed_at, state = 'closed'),
    ('first_contact', passed_at, passed_at + interval '1 day', state = 'closed'),
    ('feedback', passed_at, passed_at + interval '1 day', state = 'closed')
) c(step, start, ended, ran)
JOIN due d ON d.urgency = i.urgency AND d.step = c.step
    AND d.day = (c.start AT TIME ZONE 'Asia/Shanghai')::date
WHERE c.ran ORDER BY n;

-- Timers whose time is over have fired; the server will fire the others.
INSERT INTO timers (city_code, id, kind, object_id, round, due_at, fired_at, attempts)
SELECT {city}, pg_temp.id(t.kind, ms, n), t.name, t.object_id, 1, d.due_at,
    CASE WHEN d.due_at <= to_timestamp({now} / 1000.0) THEN d.due_at END, 0
FROM issue i
CROSS JOIN LATERAL (VALUES
    ('011', 'issue_clock', 'screening', i.id, at, true),
    ('012', 'issue_clock', 'dispatch', i.id, accepted_at, state <> 'submitted'),
    ('013', 'assignment.overdue', 'reply', assignment_id, dispatched_at, state = 'in_handling')
) t(kind, name, step, object_id, start, ran)
JOIN due d ON d.urgency = i.urgency AND d.step = t.step
    AND d.day = (t.start AT TIME ZONE 'Asia/Shanghai')::date
WHERE t.ran ORDER BY n
ON CONFLICT DO NOTHING;

INSERT INTO assignments (city_code, id, version, parent_kind, parent_id, round, kind, state,
    department_id, urgency, dispatched_at, sign_due_at, sign_due_on, signed_at, amount, unit, due_at,
    due_on, provisional, first_contact_at, first_contact_due_at, replied_at, card, send_backs,
    created_at, updated_at, first_due_at, first_replied_at)
SELECT {city}, assignment_id, CASE state WHEN 'closed' THEN 6 ELSE 3 END, 'issue', i.id, 1, 'sole',
    CASE state WHEN 'closed' THEN 'accepted' ELSE 'handling' END, department_id, i.urgency, dispatched_at,
    s.due_at, s.due_on, dispatched_at + interval '2 hours', r.amount, r.unit, r.due_at, r.due_on,
    r.provisional, dispatched_at + interval '3 hours', s.due_at,
    CASE state WHEN 'closed' THEN replied_at END, 'normal', 0, dispatched_at,
    CASE state WHEN 'closed' THEN passed_at ELSE dispatched_at + interval '3 hours' END,
    r.due_at, CASE state WHEN 'closed' THEN replied_at END
FROM issue i
JOIN due s ON s.urgency = i.urgency AND s.step = 'sign_in'
    AND s.day = (dispatched_at AT TIME ZONE 'Asia/Shanghai')::date
JOIN due r ON r.urgency = i.urgency AND r.step = 'reply' AND r.day = s.day
WHERE state IN ('in_handling', 'closed') ORDER BY n;

INSERT INTO replies (city_code, id, assignment_id, state, result_class, body, contact_mode, drafted_by,
    drafted_at, signed_by, signed_at, reviewed_by, reviewed_at)
SELECT {city}, pg_temp.id('00d', ms, n), assignment_id, 'passed', 'a', '路灯已修复。', 'phone', h.id,
    replied_at - interval '1 hour', d.id, replied_at, l.id, passed_at
FROM issue i
JOIN accounts h ON h.city_code = {city} AND h.username = 'handler'
JOIN accounts d ON d.city_code = {city} AND d.username = 'head'
JOIN accounts l ON l.city_code = {city} AND l.username = 'liaison'
WHERE state = 'closed' ORDER BY n;

INSERT INTO feedback_requests (city_code, id, issue_id, reporter_id, round, opened_at, window_ends_at,
    window_ends_on, answered_at, solved, satisfaction)
SELECT {city}, pg_temp.id('00e', ms, n), i.id, reporter_id, 1, passed_at, d.due_at, d.due_on,
    passed_at + interval '1 day', true, 'satisfied'
FROM issue i
JOIN due d ON d.urgency = i.urgency AND d.step = 'feedback'
    AND d.day = (passed_at AT TIME ZONE 'Asia/Shanghai')::date
WHERE state = 'closed' ORDER BY n;

-- The journal knows how each of them came in, which gives nobody points. The text is what the
-- program would hash: without blanks, keys in order.
CREATE TEMP TABLE said AS
SELECT n, entry_id, substring(sha256(uuid_send(entry_id)) FOR 16) AS salt, format(
    '{"category":"%s","channel":"public","closed_at":null,"dispatched_at":null,"division_code":"%s",'
    '"due_on":null,"follow_up_on":null,"intake_year":%s,"ledger_number":null,"ledger_year":null,'
    '"reason_code":null,"result_class":null,"round":1,"source_visit_ids":[],"state":"submitted",'
    '"urgency":"%s"}', category, county_code, intake_year, urgency) AS after
FROM issue ORDER BY n;

INSERT INTO journal (city_code, id, at, actor_kind, request_id, kind, object_kind, object_id,
    object_version, county_code, committee_id, sector_id, member_id, payload_hash)
SELECT {city}, entry_id, at, 'public', 'bulk', 'issue.taken_in', 'issue', id, 1, county_code,
    committee_id, sector_id, member_id,
    sha256(salt || int8send(0) || int8send(octet_length(after)) || convert_to(after, 'UTF8'))
FROM issue JOIN said USING (n, entry_id) ORDER BY n;

INSERT INTO journal_payload (city_code, entry_id, salt, after)
SELECT {city}, entry_id, salt, after::jsonb FROM said ORDER BY n;
