-- Not valid: rows of other categories stay as they are.
ALTER TABLE contacts DROP CONSTRAINT contacts_category_check;
ALTER TABLE contacts ADD CONSTRAINT contacts_category_check
    CHECK (category IN ('key_enterprise', 'community', 'village')) NOT VALID;
