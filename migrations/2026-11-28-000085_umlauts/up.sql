-- ü is now kept as v and as u, as people type it. Rows whose keys have it as it is are those that need
-- new ones; the server makes what is missing when it starts.
UPDATE persons SET search = NULL WHERE array_to_string(search, ' ') LIKE '%ü%';
UPDATE organizations SET search = NULL WHERE array_to_string(search, ' ') LIKE '%ü%';
UPDATE areas SET search = NULL WHERE array_to_string(search, ' ') LIKE '%ü%';
UPDATE members SET search = NULL WHERE array_to_string(search, ' ') LIKE '%ü%';
UPDATE contacts SET search = NULL WHERE array_to_string(search, ' ') LIKE '%ü%';
UPDATE divisions SET search = NULL WHERE array_to_string(search, ' ') LIKE '%ü%';
