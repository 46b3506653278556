DROP TABLE visits, plan_items, plans, scheme_items, schemes;
