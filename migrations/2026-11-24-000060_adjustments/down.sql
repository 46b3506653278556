DELETE FROM timers WHERE kind = 'adjustment_apply';
DROP TABLE adjustment_items;
DROP TABLE adjustments;
