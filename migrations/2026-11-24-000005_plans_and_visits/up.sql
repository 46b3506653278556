-- The 1158 scheme (five channels, eight must-visits) as rows a city owns, plans against it, and
-- the visits that carry them out.
CREATE TABLE schemes (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('1158')),
    name text NOT NULL,
    description text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'published')),
    during daterange NOT NULL,
    published_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    CONSTRAINT schemes_one_published_at_a_time EXCLUDE USING gist
        (city_code WITH =, kind WITH =, during WITH &&) WHERE (state = 'published')
);
CREATE INDEX schemes_by_city ON schemes (city_code, created_at, id);

CREATE TABLE scheme_items (
    city_code integer NOT NULL,
    scheme_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('channel', 'must_visit')),
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,63}$'),
    label_zh text NOT NULL,
    label_en text NOT NULL,
    position smallint NOT NULL,
    PRIMARY KEY (city_code, scheme_id, kind, code),
    FOREIGN KEY (city_code, scheme_id) REFERENCES schemes (city_code, id)
);

-- One resource for a member's month, a committee's month and a party branch's year. The places are
-- the owner's at the time of writing, for lists by place.
CREATE TABLE plans (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    owner_kind text NOT NULL CHECK (owner_kind IN ('member', 'committee', 'party_branch')),
    owner_id uuid NOT NULL,
    period_kind text NOT NULL CHECK (period_kind IN ('month', 'year')),
    period_start date NOT NULL,
    scheme_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'sent_back', 'closed')),
    late boolean NOT NULL,
    note text,
    send_back_reason text,
    member_id uuid,
    sector_id uuid,
    committee_id uuid,
    county_code integer,
    recorder_id uuid NOT NULL,
    submitted_at timestamptz,
    decided_at timestamptz,
    decided_by uuid,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    CONSTRAINT plans_one_a_period UNIQUE (city_code, owner_kind, owner_id, period_kind, period_start),
    FOREIGN KEY (city_code, scheme_id) REFERENCES schemes (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id)
);
CREATE INDEX plans_by_city ON plans (city_code, created_at, id);
CREATE INDEX plans_by_county ON plans (city_code, county_code, created_at, id);
CREATE INDEX plans_by_committee ON plans (city_code, committee_id, created_at, id);
CREATE INDEX plans_by_sector ON plans (city_code, sector_id, created_at, id);
CREATE INDEX plans_by_member ON plans (city_code, member_id, created_at, id);
CREATE INDEX plans_by_period ON plans (city_code, period_start, owner_kind, member_id);

CREATE TABLE plan_items (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    position smallint NOT NULL,
    channel_code text NOT NULL,
    must_visit_code text,
    contact_id uuid,
    planned_on date,
    subject text NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, plan_id) REFERENCES plans (city_code, id),
    FOREIGN KEY (city_code, contact_id) REFERENCES contacts (city_code, id)
);
CREATE INDEX plan_items_by_plan ON plan_items (city_code, plan_id, position);

CREATE TABLE visits (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    recorder_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    plan_item_id uuid NOT NULL,
    contact_id uuid,
    form text NOT NULL CHECK (form IN ('visit', 'talk', 'consult')),
    channel_code text NOT NULL,
    must_visit_code text,
    member_role text CHECK (member_role IN ('publicist', 'server', 'informant')),
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    visited_on date NOT NULL,
    division_code bigint REFERENCES divisions (code),
    place text,
    summary text NOT NULL,
    state text NOT NULL CHECK (state IN ('recorded', 'confirmed', 'sent_back', 'voided')),
    reason text,
    decided_by uuid,
    decided_at timestamptz,
    sector_id uuid,
    committee_id uuid,
    county_code integer,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    FOREIGN KEY (city_code, plan_id) REFERENCES plans (city_code, id),
    FOREIGN KEY (city_code, plan_item_id) REFERENCES plan_items (city_code, id),
    FOREIGN KEY (city_code, contact_id) REFERENCES contacts (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id),
    CHECK (ended_at IS NULL OR ended_at >= started_at)
);
CREATE INDEX visits_by_city ON visits (city_code, created_at, id);
CREATE INDEX visits_by_county ON visits (city_code, county_code, created_at, id);
CREATE INDEX visits_by_committee ON visits (city_code, committee_id, created_at, id);
CREATE INDEX visits_by_sector ON visits (city_code, sector_id, created_at, id);
CREATE INDEX visits_by_member ON visits (city_code, member_id, created_at, id);
CREATE INDEX visits_by_day ON visits (city_code, visited_on, id);
CREATE INDEX visits_by_plan_item ON visits (city_code, plan_item_id);
