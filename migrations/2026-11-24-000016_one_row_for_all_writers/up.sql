-- Every write of a city asked for a share of the one row of its city, eight times in a dispatch, and
-- PostgreSQL kept the list of all who held it (a multixact of up to thirty-two) by rewriting that row
-- each time: an eighth of what it spent on a write, under 32 writers. These tables take their city from
-- a row that has the key already (an account, an issue, a department), and no city is ever deleted.
ALTER TABLE journal DROP CONSTRAINT journal_city_code_fkey;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_city_code_fkey;
ALTER TABLE timers DROP CONSTRAINT timers_city_code_fkey;
ALTER TABLE notices DROP CONSTRAINT notices_city_code_fkey;
-- Its department's key begins with the same city.
ALTER TABLE assignments DROP CONSTRAINT assignments_city_code_fkey;
