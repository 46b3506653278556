-- Keys with v find no less than those that were here before.
SELECT 1;
