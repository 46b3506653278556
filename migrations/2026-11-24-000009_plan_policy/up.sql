-- By which day of its first month a plan is handed in is the scheme's word, not the program's.
ALTER TABLE schemes ADD COLUMN plan_due_day smallint NOT NULL DEFAULT 5 CHECK (plan_due_day BETWEEN 1 AND 31);
-- How long what was promised may be followed up is a duration like the others.
INSERT INTO durations (city_code, urgency, step, amount, unit)
SELECT c.code, u.urgency, 'follow_up', 365, 'd' FROM cities c
CROSS JOIN (VALUES ('urgent'), ('consult_help'), ('suggestion_complaint'), ('complex')) u (urgency)
ON CONFLICT DO NOTHING;
