-- A member of the chair meeting may answer for several areas, but for each only once at a time.
ALTER TABLE areas ADD CONSTRAINT areas_chair_member_no_overlap EXCLUDE USING gist
    (city_code WITH =, member_id WITH =, division_code WITH =, during WITH &&) WHERE (voided_at IS NULL AND holder_kind = 'chair_member');
