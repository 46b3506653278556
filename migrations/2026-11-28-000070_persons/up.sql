-- A person apart from what they are and from an account: further ways to reach them, dated; their
-- identifiers by scheme; and two rows of one person become one, for thirty days on trial.
--
-- The name, and the first phone and address, stay in persons, where members and contacts read them.
-- Who was merged keeps the row with all three: canonical_id says who they are now. It leads to the
-- survivor at once, through any number of merges, so that an old id is resolved in one step.
ALTER TABLE persons ADD COLUMN canonical_id uuid;
ALTER TABLE persons ADD FOREIGN KEY (city_code, canonical_id) REFERENCES persons (city_code, id);
ALTER TABLE persons ADD CHECK (canonical_id <> id);
CREATE INDEX persons_by_city ON persons (city_code, created_at, id);
CREATE INDEX persons_by_canonical ON persons (city_code, canonical_id) WHERE canonical_id IS NOT NULL;
-- A number is the last eleven of its digits: with +86 or without, with signs between or without.
CREATE INDEX persons_by_number ON persons (city_code, (right(regexp_replace(phone, '[^0-9]', '', 'g'), 11)))
    WHERE phone IS NOT NULL;
CREATE INDEX accounts_by_person ON accounts (city_code, person_id);

-- That one person has a value once at a time is seen to under the lock of their row: no constraint, for
-- two who are merged may both have it.
CREATE TABLE contact_points (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('mobile', 'landline', 'wechat', 'email', 'address')),
    value text NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, person_id) REFERENCES persons (city_code, id)
);
CREATE INDEX contact_points_by_person ON contact_points (city_code, person_id);
-- Numbers are given to somebody else in time, so what has an end is nobody's for certain.
CREATE INDEX contact_points_by_number
    ON contact_points (city_code, (right(regexp_replace(value, '[^0-9]', '', 'g'), 11)))
    WHERE kind IN ('mobile', 'landline') AND voided_at IS NULL AND upper_inf(during);

CREATE TABLE person_identifiers (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    scheme text NOT NULL CHECK (scheme IN ('resident_id', 'passport', 'permit', 'staff_number', 'other')),
    value text NOT NULL,
    voided_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, person_id) REFERENCES persons (city_code, id)
);
CREATE INDEX person_identifiers_by_person ON person_identifiers (city_code, person_id);
CREATE UNIQUE INDEX person_identifiers_value ON person_identifiers (city_code, scheme, value)
    WHERE voided_at IS NULL;

CREATE TABLE person_merges (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    into_id uuid NOT NULL,
    merged_at timestamptz NOT NULL,
    unmerged_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, person_id) REFERENCES persons (city_code, id),
    FOREIGN KEY (city_code, into_id) REFERENCES persons (city_code, id)
);
CREATE UNIQUE INDEX person_merges_one_at_a_time ON person_merges (city_code, person_id)
    WHERE unmerged_at IS NULL;

-- What a merge moved, so that it can be taken back and nothing else with it.
CREATE TABLE person_merge_rows (
    city_code integer NOT NULL,
    merge_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('member', 'contact', 'account', 'contact_point', 'identifier', 'person')),
    row_id uuid NOT NULL,
    PRIMARY KEY (city_code, merge_id, kind, row_id),
    FOREIGN KEY (city_code, merge_id) REFERENCES person_merges (city_code, id)
);
