-- Organisations of every kind through the API. A code is one among its kind and county on each day,
-- not for ever: what was voided, or ended years ago, gives it back. Groups (活动小组) are a kind of
-- their own, and a county has one conference at a time.
ALTER TABLE organizations DROP CONSTRAINT organizations_kind_check;
ALTER TABLE organizations ADD CONSTRAINT organizations_kind_check CHECK (kind IN ('party_group', 'chair_meeting', 'committee', 'sector', 'group', 'department', 'county_conference', 'party_branch', 'liaison_centre'));
ALTER TABLE organizations DROP CONSTRAINT organizations_city_code_kind_code_key;
ALTER TABLE organizations ADD CONSTRAINT organizations_code_one_at_a_time EXCLUDE USING gist
    (city_code WITH =, kind WITH =, (coalesce(county_code, 0)) WITH =, code WITH =, during WITH &&) WHERE (voided_at IS NULL);
ALTER TABLE organizations ADD CONSTRAINT organizations_conference_one_at_a_time EXCLUDE USING gist
    (city_code WITH =, county_code WITH =, during WITH &&) WHERE (voided_at IS NULL AND kind = 'county_conference');
CREATE INDEX organizations_by_parent ON organizations (city_code, parent_id);
CREATE INDEX organizations_by_city ON organizations (city_code, created_at, id);
