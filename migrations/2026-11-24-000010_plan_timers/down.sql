DELETE FROM timers t USING plans p
WHERE t.kind = 'plan_close' AND t.fired_at IS NULL AND p.city_code = t.city_code AND p.id = t.object_id
    AND p.state IN ('draft', 'submitted', 'sent_back');
