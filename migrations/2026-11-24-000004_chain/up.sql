-- Persons and organisations, and the dated rows that join them. Dates are [from, until) in the
-- city's zone; nothing is deleted: a link ends, or is voided when it was a mistake.

-- The only home of names, phones and addresses of the people in the chain.
CREATE TABLE persons (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    name text NOT NULL,
    phone text,
    address text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id)
);

ALTER TABLE accounts ADD FOREIGN KEY (city_code, person_id) REFERENCES persons (city_code, id);

CREATE TABLE organizations (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('party_group', 'chair_meeting', 'committee', 'sector', 'department', 'county_conference', 'party_branch', 'liaison_centre')),
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,63}$'),
    name text NOT NULL,
    parent_id uuid,
    county_code integer,
    position smallint NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    UNIQUE (city_code, kind, code),
    FOREIGN KEY (city_code, parent_id) REFERENCES organizations (city_code, id)
);
CREATE INDEX organizations_by_kind ON organizations (city_code, kind, position, id);

-- One committee guides a sector at a time; a committee guides several sectors.
CREATE TABLE sector_committees (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    sector_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id),
    CONSTRAINT sector_committees_one_at_a_time EXCLUDE USING gist
        (city_code WITH =, sector_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX sector_committees_by_committee ON sector_committees (city_code, committee_id);

CREATE TABLE members (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    number text NOT NULL,
    unit text,
    county_code integer,
    -- Where the member stands today, kept with the links so that lists can be indexed by place.
    sector_id uuid,
    committee_id uuid,
    during daterange NOT NULL,
    voided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    CONSTRAINT members_number UNIQUE (city_code, number),
    FOREIGN KEY (city_code, person_id) REFERENCES persons (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, committee_id) REFERENCES organizations (city_code, id)
);
CREATE INDEX members_by_city ON members (city_code, created_at, id);
CREATE INDEX members_by_county ON members (city_code, county_code, created_at, id);
CREATE INDEX members_by_committee ON members (city_code, committee_id, created_at, id);
CREATE INDEX members_by_sector ON members (city_code, sector_id, created_at, id);

ALTER TABLE accounts ADD FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id);

CREATE TABLE member_sectors (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    sector_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id),
    CONSTRAINT member_sectors_one_at_a_time EXCLUDE USING gist
        (city_code WITH =, member_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX member_sectors_by_sector ON member_sectors (city_code, sector_id);

-- 界别群众联系人: key enterprise heads, community directors, village secretaries.
CREATE TABLE contacts (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    number text NOT NULL,
    category text NOT NULL CHECK (category IN ('key_enterprise', 'community', 'village')),
    unit text NOT NULL,
    division_code bigint NOT NULL REFERENCES divisions (code),
    county_code integer NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    CONSTRAINT contacts_number UNIQUE (city_code, number),
    FOREIGN KEY (city_code, person_id) REFERENCES persons (city_code, id)
);
CREATE INDEX contacts_by_city ON contacts (city_code, created_at, id);
CREATE INDEX contacts_by_county ON contacts (city_code, county_code, created_at, id);
CREATE INDEX contacts_by_category ON contacts (city_code, category, created_at, id);

CREATE TABLE member_contacts (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    FOREIGN KEY (city_code, contact_id) REFERENCES contacts (city_code, id),
    CONSTRAINT member_contacts_no_overlap EXCLUDE USING gist
        (city_code WITH =, member_id WITH =, contact_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX member_contacts_by_member ON member_contacts (city_code, member_id);
CREATE INDEX member_contacts_by_contact ON member_contacts (city_code, contact_id);

-- A post (convener, director …) stands even when nobody holds it.
CREATE TABLE posts (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('convener', 'director', 'chair_member')),
    title text NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, organization_id) REFERENCES organizations (city_code, id)
);
CREATE INDEX posts_by_organization ON posts (city_code, organization_id, kind);

CREATE TABLE post_holders (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    post_id uuid NOT NULL,
    member_id uuid NOT NULL,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, post_id) REFERENCES posts (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    CONSTRAINT post_holders_one_at_a_time EXCLUDE USING gist
        (city_code WITH =, post_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);

-- 责任区: a division for which a sector, a member or a chair-meeting member answers.
CREATE TABLE areas (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    name text NOT NULL,
    division_code bigint NOT NULL REFERENCES divisions (code),
    county_code integer,
    holder_kind text NOT NULL CHECK (holder_kind IN ('sector', 'member', 'chair_member')),
    sector_id uuid,
    member_id uuid,
    during daterange NOT NULL,
    voided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, sector_id) REFERENCES organizations (city_code, id),
    FOREIGN KEY (city_code, member_id) REFERENCES members (city_code, id),
    CHECK ((holder_kind = 'sector') = (sector_id IS NOT NULL)),
    CHECK ((holder_kind <> 'sector') = (member_id IS NOT NULL)),
    CONSTRAINT areas_sector_no_overlap EXCLUDE USING gist
        (city_code WITH =, sector_id WITH =, division_code WITH =, during WITH &&) WHERE (voided_at IS NULL AND sector_id IS NOT NULL),
    CONSTRAINT areas_member_one_at_a_time EXCLUDE USING gist
        (city_code WITH =, member_id WITH =, during WITH &&) WHERE (voided_at IS NULL AND holder_kind = 'member')
);
CREATE INDEX areas_by_city ON areas (city_code, created_at, id);
CREATE INDEX areas_by_sector ON areas (city_code, sector_id);
CREATE INDEX areas_by_member ON areas (city_code, member_id);
