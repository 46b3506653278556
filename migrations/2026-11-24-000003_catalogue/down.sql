DROP TABLE durations, city_codes, workdays, workday_years, divisions;
