DROP INDEX contacts_by_person, members_by_person;
ALTER TABLE contacts DROP COLUMN search;
ALTER TABLE members DROP COLUMN search;
ALTER TABLE areas DROP COLUMN search;
ALTER TABLE organizations DROP COLUMN search;
ALTER TABLE divisions DROP COLUMN search;
ALTER TABLE persons DROP COLUMN search;
