-- All links of a member to sectors, and of a sector to committees, are read before one is changed, voided
-- ones too, which the exclusion constraints' indexes leave out: 2 ms each in a city of 22,000 members.
CREATE INDEX member_sectors_by_member ON member_sectors (city_code, member_id);
CREATE INDEX sector_committees_by_sector ON sector_committees (city_code, sector_id);
