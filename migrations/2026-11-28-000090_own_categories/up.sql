-- Beside key enterprises, communities and villages a city has categories of its own: rows of city_codes
-- in the list contact_category. That there is such a one is looked at where a contact is entered.
ALTER TABLE contacts DROP CONSTRAINT contacts_category_check;
ALTER TABLE contacts ADD CONSTRAINT contacts_category_check CHECK (category ~ '^[a-z][a-z0-9_]{0,63}$');
