-- Rule sets and the score ledger. Points are whole hundredths; an entry never changes, a reversal
-- is an entry of its own that points at the first.
CREATE TABLE rule_sets (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'published')),
    during daterange NOT NULL,
    published_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    CONSTRAINT rule_sets_one_published_at_a_time EXCLUDE USING gist
        (city_code WITH =, during WITH &&) WHERE (state = 'published')
);
CREATE INDEX rule_sets_by_city ON rule_sets (city_code, created_at, id);

-- A category holds rules and caps their sum (null: no cap).
CREATE TABLE rule_categories (
    city_code integer NOT NULL,
    rule_set_id uuid NOT NULL,
    code text NOT NULL,
    label_zh text NOT NULL,
    label_en text NOT NULL,
    cap bigint CHECK (cap >= 0),
    position smallint NOT NULL,
    PRIMARY KEY (city_code, rule_set_id, code),
    FOREIGN KEY (city_code, rule_set_id) REFERENCES rule_sets (city_code, id)
);

CREATE TABLE rules (
    city_code integer NOT NULL,
    rule_set_id uuid NOT NULL,
    code text NOT NULL,
    category text NOT NULL,
    event_kind text NOT NULL,
    label_zh text NOT NULL,
    label_en text NOT NULL,
    points bigint NOT NULL,
    cap bigint CHECK (cap >= 0),
    position smallint NOT NULL,
    PRIMARY KEY (city_code, rule_set_id, code),
    FOREIGN KEY (city_code, rule_set_id, category) REFERENCES rule_categories (city_code, rule_set_id, code)
);

CREATE TABLE score_entries (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    rule_set_id uuid NOT NULL,
    rule_code text NOT NULL,
    member_id uuid NOT NULL,
    cause_id uuid NOT NULL,
    sign smallint NOT NULL CHECK (sign IN (-1, 1)),
    points bigint NOT NULL,
    object_kind text NOT NULL,
    object_id uuid NOT NULL,
    happened_at timestamptz NOT NULL,
    posted_at timestamptz NOT NULL,
    reverses_id uuid,
    sector_id uuid,
    committee_id uuid,
    county_code integer,
    PRIMARY KEY (city_code, id),
    CONSTRAINT score_entries_once UNIQUE (city_code, rule_set_id, rule_code, cause_id, member_id, sign),
    UNIQUE (city_code, reverses_id),
    FOREIGN KEY (city_code, rule_set_id, rule_code) REFERENCES rules (city_code, rule_set_id, code),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    FOREIGN KEY (city_code, reverses_id) REFERENCES score_entries (city_code, id)
);
CREATE INDEX score_entries_by_city ON score_entries (city_code, happened_at, id);
CREATE INDEX score_entries_by_county ON score_entries (city_code, county_code, happened_at, id);
CREATE INDEX score_entries_by_committee ON score_entries (city_code, committee_id, happened_at, id);
CREATE INDEX score_entries_by_sector ON score_entries (city_code, sector_id, happened_at, id);
CREATE INDEX score_entries_by_member ON score_entries (city_code, member_id, happened_at, id);
CREATE INDEX score_entries_by_object ON score_entries (city_code, object_id);
