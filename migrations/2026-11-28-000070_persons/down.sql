-- Who is merged stays what they became: their members and contacts are the survivor's.
DROP TABLE person_merge_rows;
DROP TABLE person_merges;
DROP TABLE person_identifiers;
DROP TABLE contact_points;
DROP INDEX accounts_by_person;
DROP INDEX persons_by_number;
DROP INDEX persons_by_canonical;
DROP INDEX persons_by_city;
ALTER TABLE persons DROP COLUMN canonical_id;
