-- Acceptance starts an issue's first dispatch clock, so that clock's start is the moment an issue entered
-- the ledger. Statistics count by it and lists filter by it; the ledger year does not say the day.
CREATE INDEX issue_clocks_by_first_start ON issue_clocks (city_code, step, started_at) WHERE sequence = 1;
