-- What GET /v1/issues?state=accepted&limit=20&cursor=… sends, from a random accepted issue of the first
-- sector on: accepted are those from a tenth to seventeen twentieths of the way.
\set number 14 * random(:issues / 140 + 1, :issues / 280 * 17)
\set ms :start + :number * :step
\set number 1000000000 + :number
SELECT * FROM (SELECT DISTINCT ON (created_at, id) * FROM (SELECT x.* FROM unnest(:places::uuid[]) p(place)
    CROSS JOIN LATERAL (SELECT t.* FROM issues t WHERE t.city_code = :city AND t.state = 'accepted' AND
    (t.created_at, t.id) < (:issue_at, :issue_id) AND t.sector_id = p.place ORDER BY created_at DESC, id DESC
    LIMIT 21) x) u ORDER BY created_at DESC, id DESC) d ORDER BY created_at DESC, id DESC LIMIT 21;
