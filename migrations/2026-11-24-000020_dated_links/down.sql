-- A number may stand on a voided row and on one that took its place: the voided one gets another.
UPDATE members v SET number = v.number || ' ' || v.id WHERE v.voided_at IS NOT NULL;
UPDATE contacts v SET number = v.number || ' ' || v.id WHERE v.voided_at IS NOT NULL;
DROP INDEX contacts_number;
ALTER TABLE contacts ADD CONSTRAINT contacts_number UNIQUE (city_code, number);
DROP INDEX members_number;
ALTER TABLE members ADD CONSTRAINT members_number UNIQUE (city_code, number);
ALTER TABLE member_sectors DROP COLUMN replaces;
