-- A change of job or status that somebody reports: checked by the committee, decided by the liaison
-- centre, in effect on its day, for all its members at once or for none.
--
-- county_code, sector_id and member_id are those that all its items share, and null where they differ:
-- the places its journal entries carry. Who sees it by the place of one item finds it by the items.
CREATE TABLE adjustments (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    version bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('reported', 'committee_checked', 'approved', 'refused', 'applied', 'withdrawn', 'undone', 'failed')),
    from_on date NOT NULL,
    reason text NOT NULL CHECK (reason IN ('job_change', 'status_change', 'moved_away', 'resigned', 'removed', 'deceased', 'contacts_shared_anew', 'other')),
    -- As somebody typed it: may name people, so it is never journalled.
    note text,
    committee_id uuid NOT NULL,
    county_code integer,
    sector_id uuid,
    member_id uuid,
    members smallint NOT NULL CHECK (members BETWEEN 1 AND 200),
    reporter_id uuid NOT NULL,
    checked_at timestamptz,
    checked_by uuid,
    decided_at timestamptz,
    decided_by uuid,
    refusal text,
    applied_at timestamptz,
    failure_code text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id)
);
CREATE INDEX adjustments_by_city ON adjustments (city_code, created_at, id);
CREATE INDEX adjustments_by_state ON adjustments (city_code, state, created_at, id);
CREATE INDEX adjustments_by_committee ON adjustments (city_code, committee_id, created_at, id);
CREATE INDEX adjustments_by_reporter ON adjustments (city_code, reporter_id);

-- What changes for one member. Where they stood when it was reported says who sees it.
CREATE TABLE adjustment_items (
    city_code integer NOT NULL,
    adjustment_id uuid NOT NULL,
    member_id uuid NOT NULL,
    position smallint NOT NULL,
    to_sector_id uuid,
    ends_term boolean NOT NULL,
    end_contacts uuid[] NOT NULL,
    link_contacts uuid[] NOT NULL,
    county_code integer,
    sector_id uuid,
    outcome text NOT NULL CHECK (outcome IN ('waiting', 'applied', 'failed')),
    failure_code text,
    -- The version of the member that the change made.
    member_version bigint,
    PRIMARY KEY (city_code, adjustment_id, member_id),
    FOREIGN KEY (city_code, adjustment_id) REFERENCES adjustments (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    FOREIGN KEY (city_code, to_sector_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id)
);
CREATE INDEX adjustment_items_by_member ON adjustment_items (city_code, member_id);
CREATE INDEX adjustment_items_by_sector ON adjustment_items (city_code, sector_id);
CREATE INDEX adjustment_items_by_county ON adjustment_items (city_code, county_code);
