-- Who else belongs to whom, dated like the links that are there: which departments a committee works
-- with (对口部门), which committees a member of the chair meeting answers for (分工负责), who is in which
-- functional party branch, and which party member keeps in touch with which member outside the party
-- (党员委员联系党外委员). A member is in one branch at a time; of the others only the same pair may not
-- overlap.
CREATE TABLE committee_departments (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    committee_id uuid NOT NULL,
    department_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, department_id) REFERENCES organizations (city_code, id),
    CONSTRAINT committee_departments_no_overlap EXCLUDE USING gist
        (city_code WITH =, committee_id WITH =, department_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX committee_departments_by_committee ON committee_departments (city_code, committee_id);
CREATE INDEX committee_departments_by_department ON committee_departments (city_code, department_id);

CREATE TABLE chair_committees (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    committee_id uuid NOT NULL,
    member_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    CONSTRAINT chair_committees_no_overlap EXCLUDE USING gist
        (city_code WITH =, committee_id WITH =, member_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX chair_committees_by_committee ON chair_committees (city_code, committee_id);
CREATE INDEX chair_committees_by_member ON chair_committees (city_code, member_id);

CREATE TABLE branch_members (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    branch_id uuid NOT NULL,
    member_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, branch_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    CONSTRAINT branch_members_one_at_a_time EXCLUDE USING gist
        (city_code WITH =, member_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX branch_members_by_branch ON branch_members (city_code, branch_id);
CREATE INDEX branch_members_by_member ON branch_members (city_code, member_id);

CREATE TABLE party_links (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    party_member_id uuid NOT NULL,
    member_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, party_member_id) REFERENCES members (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    CHECK (party_member_id <> member_id),
    CONSTRAINT party_links_no_overlap EXCLUDE USING gist
        (city_code WITH =, party_member_id WITH =, member_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX party_links_by_party_member ON party_links (city_code, party_member_id);
CREATE INDEX party_links_by_member ON party_links (city_code, member_id);
