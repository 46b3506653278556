DROP TABLE feedback_attempts, feedback_requests, replies, assignments, ledger_counters, issue_clocks,
    issue_sources, issue_tracking, issues, reporters;
