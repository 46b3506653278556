DROP TABLE notices, timers, idempotency_keys, consumer_positions, feed, feed_heads, journal_pending,
    journal_payload, journal, cities;
