-- Whether a department was in time is judged by its first limit and its first reply: a reply that is
-- sent back gets a new limit, which must not turn a late one into one in time, nor move it to another
-- month's figures.
ALTER TABLE assignments ADD COLUMN first_due_at timestamptz;
ALTER TABLE assignments ADD COLUMN first_replied_at timestamptz;
UPDATE assignments a SET first_due_at = a.due_at, first_replied_at = coalesce(
    (SELECT min(r.signed_at) FROM replies r WHERE r.city_code = a.city_code AND r.assignment_id = a.id),
    a.replied_at);
ALTER TABLE assignments ALTER COLUMN first_due_at SET NOT NULL;
CREATE INDEX assignments_by_first_due ON assignments (city_code, first_due_at);

-- Each attempt belongs to the request it was made for: several reporters of merged issues are asked
-- each on their own.
ALTER TABLE feedback_attempts ADD COLUMN request_id uuid;
UPDATE feedback_attempts a SET request_id = (
    SELECT f.id FROM feedback_requests f JOIN issues i ON i.city_code = f.city_code AND i.id = f.issue_id
    WHERE f.city_code = a.city_code AND f.issue_id = a.issue_id AND f.round = a.round
    AND f.reporter_id = i.reporter_id);
ALTER TABLE feedback_attempts ALTER COLUMN request_id SET NOT NULL;
ALTER TABLE feedback_attempts ADD FOREIGN KEY (city_code, request_id) REFERENCES feedback_requests (city_code, id);
CREATE INDEX feedback_attempts_by_request ON feedback_attempts (city_code, request_id);

-- Why a reporter's identity was shown. Apart from the journal, because a reason may name the person:
-- it can be erased, and no event carries it.
CREATE TABLE reveals (
    city_code integer NOT NULL REFERENCES cities (code),
    entry_id uuid NOT NULL,
    assignment_id uuid NOT NULL,
    account_id uuid NOT NULL,
    at timestamptz NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (city_code, entry_id),
    FOREIGN KEY (city_code, assignment_id) REFERENCES assignments (city_code, id)
);
CREATE INDEX reveals_by_assignment ON reveals (city_code, assignment_id, at);

-- Limits that were written in the program.
INSERT INTO durations (city_code, urgency, step, amount, unit)
SELECT c.code, u.urgency, u.step, u.amount, u.unit FROM cities c
CROSS JOIN (VALUES
    ('urgent', 'contact', 2, 'h'), ('consult_help', 'contact', 1, 'wd'),
    ('suggestion_complaint', 'contact', 1, 'wd'), ('complex', 'contact', 1, 'wd'),
    ('urgent', 'sent_back', 5, 'wd'), ('consult_help', 'sent_back', 5, 'wd'),
    ('suggestion_complaint', 'sent_back', 5, 'wd'), ('complex', 'sent_back', 5, 'wd'),
    ('urgent', 'sign_in_card', 1, 'wd'), ('consult_help', 'sign_in_card', 1, 'wd'),
    ('suggestion_complaint', 'sign_in_card', 1, 'wd'), ('complex', 'sign_in_card', 1, 'wd')
) u (urgency, step, amount, unit)
ON CONFLICT DO NOTHING;
