DROP TABLE party_links, branch_members, chair_committees, committee_departments;
