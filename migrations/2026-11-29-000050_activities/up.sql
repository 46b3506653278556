-- What a committee held for its members. The first kind is a briefing: a counterpart department (对口部门)
-- tells members of a committee how matters stand. Further kinds come with their own rules, so committee
-- and department may be absent here and a briefing must name both; that the two were counterparts that
-- day stands in their dated link and is asked when it is recorded.
--
-- A record never changes: what was a mistake is voided, with a code for why, and recorded anew. The
-- columns of places (county, committee) are those of the committee, which hardly ever moves; who was
-- there is a table of its own, and sees the record through it.
CREATE TABLE activities (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('briefing')),
    title text NOT NULL,
    committee_id uuid,
    department_id uuid,
    county_code integer,
    held_on date NOT NULL,
    summary text,
    audience integer CHECK (audience >= 0),
    recorder_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('recorded', 'voided')),
    void_reason text CHECK (void_reason IN ('entered_twice', 'not_held', 'wrong_details')),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, department_id) REFERENCES organizations (city_code, id),
    CHECK (kind <> 'briefing' OR (committee_id IS NOT NULL AND department_id IS NOT NULL)),
    CHECK ((state = 'voided') = (void_reason IS NOT NULL))
);
-- One walk a kind of place, newest record first, as lists are read; and what a department told.
CREATE INDEX activities_by_city ON activities (city_code, created_at, id);
CREATE INDEX activities_by_county ON activities (city_code, county_code, created_at, id);
CREATE INDEX activities_by_committee ON activities (city_code, committee_id, created_at, id);
CREATE INDEX activities_by_department ON activities (city_code, department_id, created_at, id);

-- The members who were there. Each row is written once, with its activity.
CREATE TABLE activity_members (
    city_code integer NOT NULL,
    activity_id uuid NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (city_code, activity_id, member_id),
    FOREIGN KEY (city_code, activity_id) REFERENCES activities (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id)
);
-- What one member was at.
CREATE INDEX activity_members_by_member ON activity_members (city_code, member_id, activity_id);
