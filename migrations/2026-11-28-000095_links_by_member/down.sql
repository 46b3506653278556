DROP INDEX sector_committees_by_sector;
DROP INDEX member_sectors_by_member;
