-- Search by part of a name and by pinyin. PostgreSQL knows no pinyin, so the program writes a name's
-- keys beside it, in the same statement; array_to_tsvector with GIN finds them by their beginnings
-- without an extension, and each begins with the city's code, so that no search walks another's.
--
-- The first key is the name behind "=". Where it is missing or of an earlier name (rows from before
-- this step, or written in bulk), a partial index holds the row until the server has made its keys.
ALTER TABLE persons ADD COLUMN search text[];
CREATE INDEX persons_search ON persons USING gin (array_to_tsvector(search));
CREATE INDEX persons_unsearched ON persons (city_code, id)
    WHERE search IS NULL OR search[1] IS DISTINCT FROM '=' || name;

ALTER TABLE organizations ADD COLUMN search text[];
CREATE INDEX organizations_search ON organizations USING gin (array_to_tsvector(search));
CREATE INDEX organizations_unsearched ON organizations (city_code, id)
    WHERE search IS NULL OR search[1] IS DISTINCT FROM '=' || name;

ALTER TABLE areas ADD COLUMN search text[];
CREATE INDEX areas_search ON areas USING gin (array_to_tsvector(search));
CREATE INDEX areas_unsearched ON areas (city_code, id)
    WHERE search IS NULL OR search[1] IS DISTINCT FROM '=' || name;

-- Where a member works, and what a contact stands for.
ALTER TABLE members ADD COLUMN search text[];
CREATE INDEX members_search ON members USING gin (array_to_tsvector(search));
CREATE INDEX members_unsearched ON members (city_code, id)
    WHERE unit IS NOT NULL AND (search IS NULL OR search[1] IS DISTINCT FROM '=' || unit);

ALTER TABLE contacts ADD COLUMN search text[];
CREATE INDEX contacts_search ON contacts USING gin (array_to_tsvector(search));
CREATE INDEX contacts_unsearched ON contacts (city_code, id)
    WHERE search IS NULL OR search[1] IS DISTINCT FROM '=' || unit;

-- From a person that was found to what they are.
CREATE INDEX members_by_person ON members (city_code, person_id);
CREATE INDEX contacts_by_person ON contacts (city_code, person_id);

-- Shared by all cities, so without one in its keys.
ALTER TABLE divisions ADD COLUMN search text[];
CREATE INDEX divisions_search ON divisions USING gin (array_to_tsvector(search));
CREATE INDEX divisions_unsearched ON divisions (code)
    WHERE search IS NULL OR search[1] IS DISTINCT FROM '=' || name;
