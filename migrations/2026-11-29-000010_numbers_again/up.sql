-- A number is free again from the day its holder left. Two who go on cannot have the same: both end at
-- infinity. Who enters somebody looks at those who end later. Look-ups by number use the same index.
DROP INDEX members_number;
CREATE UNIQUE INDEX members_number ON members
    (city_code, number, coalesce(upper(during), 'infinity'::date)) WHERE voided_at IS NULL;
DROP INDEX contacts_number;
CREATE UNIQUE INDEX contacts_number ON contacts
    (city_code, number, coalesce(upper(during), 'infinity'::date)) WHERE voided_at IS NULL;

-- Each link, move and change makes a version of these rows. Room beside them keeps the new version on the
-- same page, so that no index is written, least of all those of the search.
ALTER TABLE members SET (fillfactor = 80);
ALTER TABLE contacts SET (fillfactor = 80);
ALTER TABLE persons SET (fillfactor = 80);
