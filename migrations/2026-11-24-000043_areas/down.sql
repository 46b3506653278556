ALTER TABLE areas DROP CONSTRAINT areas_chair_member_no_overlap;
