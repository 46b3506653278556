-- What happened, and the machinery that follows from it.
--
-- Every tenant table in this and later steps begins its keys with city_code (GB/T 2260, six
-- digits), so that a row cannot name another city's row and the schema can be distributed by
-- city. btree_gist lets one exclusion constraint hold "=" on ids and "&&" on dates.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The registry of tenants is shared by all cities.
CREATE TABLE cities (
    code integer PRIMARY KEY CHECK (code BETWEEN 100000 AND 999999),
    name text NOT NULL,
    created_at timestamptz NOT NULL
);

-- The serving role may only INSERT and SELECT here (granted by `lianxin migrate`). A version of an
-- object is journalled once; the places are those of the object at that moment.
CREATE TABLE journal (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid,
    actor_kind text NOT NULL CHECK (actor_kind IN ('account', 'client', 'public', 'scheduler')),
    on_behalf_of uuid,
    request_id text NOT NULL,
    kind text NOT NULL,
    object_kind text NOT NULL,
    object_id uuid NOT NULL,
    object_version bigint NOT NULL,
    county_code integer,
    committee_id uuid,
    sector_id uuid,
    member_id uuid,
    department_ids uuid[] NOT NULL DEFAULT '{}',
    payload_hash bytea NOT NULL,
    PRIMARY KEY (city_code, id),
    UNIQUE (city_code, object_id, object_version)
);

-- Apart from the journal, because a person's erasure may replace a payload by a tombstone while
-- the record that something happened stays. The salt keeps the hash from confirming a guess.
CREATE TABLE journal_payload (
    city_code integer NOT NULL,
    entry_id uuid NOT NULL,
    salt bytea NOT NULL,
    before jsonb,
    after jsonb,
    erased_at timestamptz,
    PRIMARY KEY (city_code, entry_id),
    FOREIGN KEY (city_code, entry_id) REFERENCES journal (city_code, id)
);

-- Committed but not yet numbered. Writers only insert here and so never wait for one another;
-- the publisher, fenced by the head row, moves rows into the feed.
CREATE TABLE journal_pending (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    PRIMARY KEY (city_code, id)
);

CREATE TABLE feed_heads (
    city_code integer PRIMARY KEY REFERENCES cities (code),
    position bigint NOT NULL CHECK (position >= 0),
    chain bytea NOT NULL
);

-- chain = sha256(previous chain || payload_hash || position): tampering shows.
CREATE TABLE feed (
    city_code integer NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    entry_id uuid NOT NULL,
    chain bytea NOT NULL,
    PRIMARY KEY (city_code, position),
    UNIQUE (city_code, entry_id),
    FOREIGN KEY (city_code, entry_id) REFERENCES journal (city_code, id)
);

CREATE TABLE consumer_positions (
    city_code integer NOT NULL REFERENCES cities (code),
    name text NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    PRIMARY KEY (city_code, name)
);

-- The stored answer of a write, byte for byte, kept at least 24 hours.
CREATE TABLE idempotency_keys (
    city_code integer NOT NULL REFERENCES cities (code),
    caller_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    etag text,
    location text,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, caller_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (city_code, created_at);

-- Each row fires once on any number of servers: the row is locked, acted on and marked in one
-- transaction. The natural key is (object, timer, due, round).
CREATE TABLE timers (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    kind text NOT NULL,
    object_id uuid NOT NULL,
    round smallint NOT NULL,
    due_at timestamptz NOT NULL,
    fired_at timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (city_code, id),
    UNIQUE (city_code, object_id, kind, due_at, round)
);
CREATE INDEX timers_waiting ON timers (city_code, due_at) WHERE fired_at IS NULL;

-- What someone should know or do. The audience is a role at a place, not one account, so that a
-- successor sees it too.
CREATE TABLE notices (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    code text NOT NULL,
    audience text NOT NULL CHECK (audience IN ('liaison_centre', 'department', 'member', 'sector', 'supervisor')),
    place_id uuid,
    object_kind text NOT NULL,
    object_id uuid NOT NULL,
    due_on date,
    cause_id uuid NOT NULL,
    PRIMARY KEY (city_code, id),
    UNIQUE (city_code, cause_id, code, audience)
);
CREATE INDEX notices_by_audience ON notices (city_code, audience, place_id, created_at, id);
