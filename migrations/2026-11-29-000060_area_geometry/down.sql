ALTER TABLE areas DROP COLUMN geometry;
