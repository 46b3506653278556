DELETE FROM durations WHERE step = 'follow_up';
ALTER TABLE schemes DROP COLUMN plan_due_day;
