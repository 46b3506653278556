-- A post is dated and versioned like everything else, and there are more kinds of it. Those that are
-- there stand as long as their organisation.
ALTER TABLE posts ADD COLUMN during daterange, ADD COLUMN voided_at timestamptz,
    ADD COLUMN version bigint, ADD COLUMN created_at timestamptz;
UPDATE posts p SET during = o.during, created_at = o.created_at, version = 1 FROM organizations o
WHERE o.city_code = p.city_code AND o.id = p.organization_id;
ALTER TABLE posts ALTER COLUMN during SET NOT NULL, ALTER COLUMN created_at SET NOT NULL,
    ALTER COLUMN version SET NOT NULL;
ALTER TABLE posts DROP CONSTRAINT posts_kind_check;
ALTER TABLE posts ADD CONSTRAINT posts_kind_check CHECK (kind IN ('convener', 'deputy_convener', 'director', 'deputy_director', 'chair', 'vice_chair', 'chair_member', 'secretary'));
CREATE INDEX posts_by_city ON posts (city_code, created_at, id);
CREATE INDEX post_holders_by_post ON post_holders (city_code, post_id);
CREATE INDEX post_holders_by_member ON post_holders (city_code, member_id);

-- A convener's grant ends with the post, which makes another version of it.
ALTER TABLE grants ADD COLUMN version bigint NOT NULL DEFAULT 1;
CREATE INDEX grants_by_place ON grants (city_code, role, place_id);
CREATE INDEX accounts_by_member ON accounts (city_code, member_id);
