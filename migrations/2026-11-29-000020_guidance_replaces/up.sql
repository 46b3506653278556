-- A guidance ends who guided the sector before; when it turns out a mistake, that one goes on, as a
-- member's sector does. Which it was must be kept: that another ended on the same day does not tell.
-- What ended on the day on which another began has, so far, ended by its beginning, save where somebody
-- ended it on purpose, which no row tells.
ALTER TABLE sector_committees ADD COLUMN replaces uuid;
ALTER TABLE sector_committees ADD FOREIGN KEY (city_code, replaces) REFERENCES sector_committees (city_code, id);
UPDATE sector_committees l SET replaces = p.id FROM sector_committees p
WHERE p.city_code = l.city_code AND p.sector_id = l.sector_id AND upper(p.during) = lower(l.during)
AND p.voided_at IS NULL AND l.voided_at IS NULL;
