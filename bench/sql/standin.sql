-- What the stand-in's write does, and no more: the least that a write with its journal can be. Five
-- statements on tables without a second index; how it scales is how the machine scales.
\set id random(1, 200000)
BEGIN;
UPDATE standin SET version = version + 1, state = 'in_handling' WHERE id = :id;
INSERT INTO standin_assignments (id, issue, note) VALUES (gen_random_uuid(), :id, repeat('a', 100));
INSERT INTO standin_journal (id, issue, note) VALUES (gen_random_uuid(), :id, repeat('a', 300));
INSERT INTO standin_keys (id, issue, note) VALUES (gen_random_uuid(), :id, repeat('a', 300));
COMMIT;
