DROP INDEX contacts_number;
CREATE UNIQUE INDEX contacts_number ON contacts (city_code, number) WHERE voided_at IS NULL;
DROP INDEX members_number;
CREATE UNIQUE INDEX members_number ON members (city_code, number) WHERE voided_at IS NULL;
ALTER TABLE persons RESET (fillfactor);
ALTER TABLE contacts RESET (fillfactor);
ALTER TABLE members RESET (fillfactor);
