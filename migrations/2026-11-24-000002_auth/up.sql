-- Accounts, machines, what they may do and where, and their sessions.
CREATE TABLE accounts (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    username text NOT NULL CHECK (username ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    password_hash text NOT NULL,
    person_id uuid,
    member_id uuid,
    disabled_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    UNIQUE (city_code, username)
);

-- A machine. Its secret is 256 random bits, so a plain SHA-256 of it is enough.
CREATE TABLE clients (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    disabled_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id)
);

-- (role, place, from, until) of an account or a client. place_id names an organisation or a
-- member, place_code a county; the city itself needs neither.
CREATE TABLE grants (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    subject_id uuid NOT NULL,
    role text NOT NULL,
    place_kind text NOT NULL CHECK (place_kind IN ('city', 'county', 'committee', 'sector', 'member', 'department')),
    place_id uuid,
    place_code integer,
    during daterange NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (city_code, id),
    CHECK ((place_kind = 'city' AND place_id IS NULL AND place_code IS NULL)
        OR (place_kind = 'county' AND place_id IS NULL AND place_code IS NOT NULL)
        OR (place_kind NOT IN ('city', 'county') AND place_id IS NOT NULL AND place_code IS NULL)),
    EXCLUDE USING gist (city_code WITH =, subject_id WITH =, role WITH =, place_kind WITH =,
        (coalesce(place_id, '00000000-0000-0000-0000-000000000000'::uuid)) WITH =,
        (coalesce(place_code, 0)) WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX grants_by_subject ON grants (city_code, subject_id);

-- A session is a family of refresh tokens; reuse of a spent one ends it.
CREATE TABLE sessions (
    city_code integer NOT NULL REFERENCES cities (code),
    id uuid NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_cause text,
    PRIMARY KEY (city_code, id)
);

CREATE TABLE refresh_tokens (
    city_code integer NOT NULL,
    hash bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (city_code, hash),
    FOREIGN KEY (city_code, session_id) REFERENCES sessions (city_code, id)
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (city_code, session_id);

-- Shared by all cities, polled each second by every server: whose cached grants or session are no
-- longer true. Rows are purged after a day.
CREATE TABLE auth_changes (
    id uuid PRIMARY KEY,
    city_code integer NOT NULL,
    subject_id uuid NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX auth_changes_by_time ON auth_changes (changed_at);
