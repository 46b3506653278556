ALTER TABLE journal ADD FOREIGN KEY (city_code) REFERENCES cities (code);
ALTER TABLE idempotency_keys ADD FOREIGN KEY (city_code) REFERENCES cities (code);
ALTER TABLE timers ADD FOREIGN KEY (city_code) REFERENCES cities (code);
ALTER TABLE notices ADD FOREIGN KEY (city_code) REFERENCES cities (code);
ALTER TABLE assignments ADD FOREIGN KEY (city_code) REFERENCES cities (code);
