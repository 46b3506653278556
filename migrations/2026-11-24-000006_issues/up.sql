-- What people raise (民生台账), the work orders to departments (转办单), and what the person says
-- in the end. States, clocks and satisfaction are apart from one another.

-- Who raised it, apart from the issue; erased without touching it.
CREATE TABLE reporters (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    name text,
    phone text,
    address text,
    contact_id uuid,
    created_at timestamptz NOT NULL,
    erased_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, contact_id) REFERENCES contacts (city_code, id)
);

CREATE TABLE issues (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    version bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'need_info', 'rejected', 'accepted', 'merged', 'consulting', 'in_handling', 'reply_review', 'awaiting_feedback', 'tracking', 'closed', 'withdrawn', 'archived')),
    title text NOT NULL,
    body text NOT NULL,
    category text NOT NULL,
    urgency text NOT NULL CHECK (urgency IN ('urgent', 'consult_help', 'suggestion_complaint', 'complex')),
    channel text NOT NULL CHECK (channel IN ('visit', 'salon', 'station', 'hotline_12345', 'platform', 'app', 'import', 'public')),
    reporter_id uuid NOT NULL,
    recorder_id uuid,
    member_id uuid,
    sector_id uuid,
    committee_id uuid,
    county_code integer,
    division_code bigint NOT NULL REFERENCES divisions (code),
    place text,
    intake_year smallint,
    ledger_year smallint,
    ledger_number integer,
    round smallint NOT NULL,
    result_class text CHECK (result_class IN ('a', 'b', 'c')),
    due_on date,
    due_at timestamptz,
    provisional boolean NOT NULL,
    reason_code text,
    reason_note text,
    follow_up_on date,
    dispatched_at timestamptz,
    closed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    CONSTRAINT issues_ledger_number UNIQUE (city_code, ledger_year, ledger_number),
    FOREIGN KEY (city_code, reporter_id) REFERENCES reporters (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id)
);
CREATE INDEX issues_by_city ON issues (city_code, created_at, id);
CREATE INDEX issues_by_city_state ON issues (city_code, state, created_at, id);
CREATE INDEX issues_by_county ON issues (city_code, county_code, created_at, id);
CREATE INDEX issues_by_county_state ON issues (city_code, county_code, state, created_at, id);
CREATE INDEX issues_by_committee ON issues (city_code, committee_id, created_at, id);
CREATE INDEX issues_by_committee_state ON issues (city_code, committee_id, state, created_at, id);
CREATE INDEX issues_by_sector ON issues (city_code, sector_id, created_at, id);
CREATE INDEX issues_by_sector_state ON issues (city_code, sector_id, state, created_at, id);
CREATE INDEX issues_by_member ON issues (city_code, member_id, created_at, id);
CREATE INDEX issues_by_member_state ON issues (city_code, member_id, state, created_at, id);
CREATE INDEX issues_by_dispatch ON issues (city_code, dispatched_at) WHERE dispatched_at IS NOT NULL;

-- SHA-256 of the code by which someone without an account follows the issue.
CREATE TABLE issue_tracking (
    city_code integer NOT NULL,
    hash bytea NOT NULL,
    issue_id uuid NOT NULL,
    PRIMARY KEY (city_code, hash),
    FOREIGN KEY (city_code, issue_id) REFERENCES issues (city_code, id)
);

-- Where an issue came from; kept for good, through merge and conversion.
CREATE TABLE issue_sources (
    city_code integer NOT NULL,
    issue_id uuid NOT NULL,
    source_kind text NOT NULL CHECK (source_kind IN ('visit')),
    source_id uuid NOT NULL,
    PRIMARY KEY (city_code, issue_id, source_kind, source_id),
    FOREIGN KEY (city_code, issue_id) REFERENCES issues (city_code, id)
);
CREATE INDEX issue_sources_by_source ON issue_sources (city_code, source_kind, source_id);

-- The liaison centre's own clocks: screening, dispatch, reply_review, first_contact, feedback.
CREATE TABLE issue_clocks (
    city_code integer NOT NULL,
    issue_id uuid NOT NULL,
    step text NOT NULL,
    sequence smallint NOT NULL,
    started_at timestamptz NOT NULL,
    amount smallint NOT NULL,
    unit text NOT NULL,
    due_at timestamptz NOT NULL,
    due_on date NOT NULL,
    provisional boolean NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (city_code, issue_id, step, sequence),
    FOREIGN KEY (city_code, issue_id) REFERENCES issues (city_code, id)
);
CREATE INDEX issue_clocks_by_due ON issue_clocks (city_code, step, due_at);

-- Taken last in the accepting transaction, so numbers have no gap.
CREATE TABLE ledger_counters (
    city_code integer NOT NULL REFERENCES cities (code),
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (city_code, year)
);

-- One department's work order inside one parent and one round. The parent is an issue today; an
-- opinion or a proposal later, hence no foreign key.
CREATE TABLE assignments (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    version bigint NOT NULL,
    parent_kind text NOT NULL CHECK (parent_kind IN ('issue', 'opinion', 'proposal')),
    parent_id uuid NOT NULL,
    round smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('sole', 'lead', 'co', 'separate')),
    state text NOT NULL CHECK (state IN ('pending_sign', 'handling', 'return_requested', 'returned', 'recalled', 'replied', 'accepted')),
    department_id uuid NOT NULL,
    urgency text NOT NULL,
    note text,
    dispatched_at timestamptz NOT NULL,
    sign_due_at timestamptz NOT NULL,
    sign_due_on date NOT NULL,
    signed_at timestamptz,
    signed_by uuid,
    amount smallint NOT NULL,
    unit text NOT NULL,
    due_at timestamptz NOT NULL,
    due_on date NOT NULL,
    provisional boolean NOT NULL,
    first_contact_at timestamptz,
    first_contact_due_at timestamptz NOT NULL,
    replied_at timestamptz,
    overdue_at timestamptz,
    card text NOT NULL CHECK (card IN ('normal', 'yellow', 'red')),
    send_backs smallint NOT NULL,
    reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, department_id) REFERENCES organizations (city_code, id)
);
CREATE INDEX assignments_by_city ON assignments (city_code, created_at, id);
CREATE INDEX assignments_by_city_state ON assignments (city_code, state, created_at, id);
CREATE INDEX assignments_by_department ON assignments (city_code, department_id, created_at, id);
CREATE INDEX assignments_by_department_state ON assignments (city_code, department_id, state, created_at, id);
CREATE INDEX assignments_by_parent ON assignments (city_code, parent_kind, parent_id, round);
CREATE INDEX assignments_by_due ON assignments (city_code, due_at);
-- At most one live lead or sole work order in a round, even under parallel dispatches.
CREATE UNIQUE INDEX assignments_one_live_lead ON assignments (city_code, parent_kind, parent_id, round)
    WHERE kind IN ('sole', 'lead') AND state NOT IN ('returned', 'recalled');

CREATE TABLE replies (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    assignment_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'signed', 'sent_back', 'passed')),
    result_class text NOT NULL CHECK (result_class IN ('a', 'b', 'c')),
    body text NOT NULL,
    contact_mode text NOT NULL CHECK (contact_mode IN ('phone', 'visit', 'meeting', 'online', 'letter')),
    promised_on date,
    reason text,
    drafted_by uuid NOT NULL,
    drafted_at timestamptz NOT NULL,
    signed_by uuid,
    signed_at timestamptz,
    review_note text,
    reviewed_by uuid,
    reviewed_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, assignment_id) REFERENCES assignments (city_code, id)
);
CREATE UNIQUE INDEX replies_one_draft ON replies (city_code, assignment_id) WHERE state = 'draft';
CREATE INDEX replies_by_assignment ON replies (city_code, assignment_id, drafted_at);

-- One request a round and reporter; the answer is kept on it.
CREATE TABLE feedback_requests (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    issue_id uuid NOT NULL,
    reporter_id uuid NOT NULL,
    round smallint NOT NULL,
    opened_at timestamptz NOT NULL,
    window_ends_at timestamptz NOT NULL,
    window_ends_on date NOT NULL,
    answered_at timestamptz,
    solved boolean,
    satisfaction text CHECK (satisfaction IN ('satisfied', 'basically_satisfied', 'dissatisfied')),
    cause text CHECK (cause IN ('subjective', 'objective')),
    body text,
    answered_by uuid,
    PRIMARY KEY (city_code, id),
    UNIQUE (city_code, issue_id, round, reporter_id),
    FOREIGN KEY (city_code, issue_id) REFERENCES issues (city_code, id),
    FOREIGN KEY (city_code, reporter_id) REFERENCES reporters (city_code, id)
);
CREATE INDEX feedback_requests_by_window ON feedback_requests (city_code, window_ends_at);

CREATE TABLE feedback_attempts (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    issue_id uuid NOT NULL,
    round smallint NOT NULL,
    at timestamptz NOT NULL,
    mode text NOT NULL CHECK (mode IN ('phone', 'visit', 'meeting', 'online', 'letter')),
    reached boolean NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, issue_id) REFERENCES issues (city_code, id)
);
CREATE INDEX feedback_attempts_by_issue ON feedback_attempts (city_code, issue_id, round);
