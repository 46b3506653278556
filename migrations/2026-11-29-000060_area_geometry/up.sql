-- What an area looks like on a map: a polygon or several (RFC 7946). Nothing is computed from it.
ALTER TABLE areas ADD COLUMN geometry jsonb
    CHECK (geometry IS NULL OR (geometry ->> 'type' IN ('Polygon', 'MultiPolygon')
        AND jsonb_typeof(geometry -> 'coordinates') = 'array') IS TRUE);
