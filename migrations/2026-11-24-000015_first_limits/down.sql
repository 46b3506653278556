DELETE FROM durations WHERE step IN ('contact', 'sent_back', 'sign_in_card');
DROP TABLE reveals;
DROP INDEX feedback_attempts_by_request;
ALTER TABLE feedback_attempts DROP COLUMN request_id;
DROP INDEX assignments_by_first_due;
ALTER TABLE assignments DROP COLUMN first_replied_at;
ALTER TABLE assignments DROP COLUMN first_due_at;
