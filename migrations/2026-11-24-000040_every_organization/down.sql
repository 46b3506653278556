-- Goes down only where there is no group and no code was given twice.
DROP INDEX organizations_by_city;
DROP INDEX organizations_by_parent;
ALTER TABLE organizations DROP CONSTRAINT organizations_conference_one_at_a_time;
ALTER TABLE organizations DROP CONSTRAINT organizations_code_one_at_a_time;
ALTER TABLE organizations ADD CONSTRAINT organizations_city_code_kind_code_key UNIQUE (city_code, kind, code);
ALTER TABLE organizations DROP CONSTRAINT organizations_kind_check;
ALTER TABLE organizations ADD CONSTRAINT organizations_kind_check CHECK (kind IN ('party_group', 'chair_meeting', 'committee', 'sector', 'department', 'county_conference', 'party_branch', 'liaison_centre'));
