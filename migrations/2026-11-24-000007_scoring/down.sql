DROP TABLE score_entries, rules, rule_categories, rule_sets;
