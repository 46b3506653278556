-- A plan that was sent back closes with its period like an approved one, so the timer is set when the
-- plan is drafted. Those that were never approved have none yet; for the others it is there already.
INSERT INTO timers (city_code, id, kind, object_id, round, due_at)
SELECT city_code, gen_random_uuid(), 'plan_close', id, 1,
    (period_start + CASE period_kind WHEN 'year' THEN interval '12 months' ELSE interval '1 month' END)
        AT TIME ZONE 'Asia/Shanghai'
FROM plans WHERE state IN ('draft', 'submitted', 'sent_back')
ON CONFLICT DO NOTHING;
