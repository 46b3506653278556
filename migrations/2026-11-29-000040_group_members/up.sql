-- Who is in the party group (党组) and in the activity groups (活动小组), and when. A member may be in
-- several groups at once, so only the same pair may not overlap; a branch, by contrast, is one at a time.
CREATE TABLE group_members (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    member_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, group_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    CONSTRAINT group_members_no_overlap EXCLUDE USING gist
        (city_code WITH =, group_id WITH =, member_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX group_members_by_group ON group_members (city_code, group_id);
CREATE INDEX group_members_by_member ON group_members (city_code, member_id);
