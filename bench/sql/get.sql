-- What GET /v1/issues/{id} sends. An issue of the first sector: sectors take turns, so its number
-- divides by 14.
\set number 14 * random(1, :issues / 14)
\set ms :start + :number * :step
\set number 1000000000 + :number
SELECT t.*, r.erased_at IS NULL AND (r.name IS NOT NULL OR r.phone IS NOT NULL OR r.contact_id IS NOT NULL)
    AS reporter_known, r.name AS reporter_name, r.phone AS reporter_phone, r.contact_id AS
    reporter_contact_id, ARRAY(SELECT s.source_id FROM issue_sources s WHERE s.city_code = t.city_code AND
    s.issue_id = t.id AND s.source_kind = 'visit' ORDER BY s.source_id) AS visits, (SELECT
    coalesce(json_agg(json_build_object('id', w.id, 'department_id', w.department_id, 'kind', w.kind, 'state',
    w.state, 'round', w.round, 'due_on', w.due_on, 'card', w.card, 'replied_at', w.replied_at) ORDER BY
    w.round, w.created_at, w.id), '[]')::text FROM assignments w WHERE w.city_code = t.city_code AND
    w.parent_kind = 'issue' AND w.parent_id = t.id) AS assignments, (SELECT
    coalesce(json_agg(json_build_object('step', c.step, 'started_at', c.started_at, 'due_on', c.due_on,
    'due_at', c.due_at, 'provisional', c.provisional, 'ended_at', c.ended_at) ORDER BY c.started_at, c.step,
    c.sequence), '[]')::text FROM issue_clocks c WHERE c.city_code = t.city_code AND c.issue_id = t.id) AS
    clocks, (SELECT coalesce(json_agg(json_build_object('round', f.round, 'opened_at', f.opened_at,
    'window_ends_on', f.window_ends_on, 'answered_at', f.answered_at, 'solved', f.solved, 'satisfaction',
    f.satisfaction, 'cause', f.cause, 'text', f.body, 'answered_by', f.answered_by, 'attempts', (SELECT
    coalesce(json_agg(json_build_object('at', a.at, 'mode', a.mode, 'reached', a.reached, 'recorded_by',
    a.recorded_by) ORDER BY a.at, a.id), '[]') FROM feedback_attempts a WHERE a.city_code = f.city_code AND
    a.request_id = f.id)) ORDER BY f.round, f.opened_at, f.id), '[]')::text FROM feedback_requests f WHERE
    f.city_code = t.city_code AND f.issue_id = t.id) AS feedback FROM issues t JOIN reporters r ON r.city_code
    = t.city_code AND r.id = t.reporter_id WHERE t.city_code = :city AND t.id = :issue_id;
