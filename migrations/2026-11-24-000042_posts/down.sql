-- Goes down only where there are none of the newer kinds.
DROP INDEX accounts_by_member;
DROP INDEX grants_by_place;
ALTER TABLE grants DROP COLUMN version;
DROP INDEX post_holders_by_member;
DROP INDEX post_holders_by_post;
DROP INDEX posts_by_city;
ALTER TABLE posts DROP CONSTRAINT posts_kind_check;
ALTER TABLE posts ADD CONSTRAINT posts_kind_check CHECK (kind IN ('convener', 'director', 'chair_member'));
ALTER TABLE posts DROP COLUMN during, DROP COLUMN voided_at, DROP COLUMN version, DROP COLUMN created_at;
