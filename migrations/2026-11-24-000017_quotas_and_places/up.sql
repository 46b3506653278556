-- How many contacts each member is to keep in touch with (界别群众联系人) is the city's number; a city
-- without one asks for none.
CREATE TABLE contact_quotas (
    city_code integer NOT NULL REFERENCES cities (code),
    least smallint NOT NULL CHECK (least BETWEEN 0 AND 1000),
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (city_code)
);
-- Whether a community or a village has a contact.
CREATE INDEX contacts_by_division ON contacts (city_code, division_code);
