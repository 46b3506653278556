ALTER TABLE sector_committees DROP COLUMN replaces;
