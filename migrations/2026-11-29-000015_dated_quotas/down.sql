ALTER TABLE contact_quotas ADD COLUMN least smallint CHECK (least BETWEEN 0 AND 1000);
UPDATE contact_quotas q SET least = (SELECT least FROM contact_quota_days d
    WHERE d.city_code = q.city_code ORDER BY from_on DESC LIMIT 1);
ALTER TABLE contact_quotas ALTER COLUMN least SET NOT NULL;
DROP TABLE contact_quota_days;
