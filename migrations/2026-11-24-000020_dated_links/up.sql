-- A move ends the sector a member was in; when the move turns out a mistake, that one goes on. Which it
-- was must be kept: that another link ended on the same day does not tell whether the move ended it or
-- somebody did on purpose. So far only moves have ended any.
ALTER TABLE member_sectors ADD COLUMN replaces uuid;
ALTER TABLE member_sectors ADD FOREIGN KEY (city_code, replaces) REFERENCES member_sectors (city_code, id);
UPDATE member_sectors l SET replaces = p.id FROM member_sectors p
WHERE p.city_code = l.city_code AND p.member_id = l.member_id AND upper(p.during) = lower(l.during)
AND p.voided_at IS NULL AND l.voided_at IS NULL;

-- A number belongs to one who stands. Who was entered by mistake is voided and keeps the row, so the
-- number must be free to be entered again; the constraint would hold it for ever.
ALTER TABLE members DROP CONSTRAINT members_number;
CREATE UNIQUE INDEX members_number ON members (city_code, number) WHERE voided_at IS NULL;
ALTER TABLE contacts DROP CONSTRAINT contacts_number;
CREATE UNIQUE INDEX contacts_number ON contacts (city_code, number) WHERE voided_at IS NULL;
