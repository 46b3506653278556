DROP INDEX contacts_by_division;
DROP TABLE contact_quotas;
