ALTER TABLE accounts DROP CONSTRAINT accounts_city_code_member_id_fkey;
ALTER TABLE accounts DROP CONSTRAINT accounts_city_code_person_id_fkey;
DROP TABLE areas, post_holders, posts, member_contacts, contacts, member_sectors, members,
    sector_committees, organizations, persons;
