-- Tables of people and places that an office hands in as a file, and the ids these have elsewhere.

-- What a row of the chain is called in another system. One that was voided loses its id to the next
-- that is handed in under it.
CREATE TABLE external_ids (
    city_code integer NOT NULL,
    object_kind text NOT NULL CHECK (object_kind IN ('member', 'contact', 'organization', 'area')),
    scheme text NOT NULL CHECK (scheme ~ '^[a-z][a-z0-9_]{0,31}$'),
    value text NOT NULL CHECK (length(value) BETWEEN 1 AND 64),
    object_id uuid NOT NULL,
    PRIMARY KEY (city_code, object_kind, scheme, value),
    -- One id a scheme.
    CONSTRAINT external_ids_one_a_scheme UNIQUE (city_code, object_id, scheme)
);

CREATE TABLE imports (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('members', 'contacts', 'sectors', 'areas')),
    format text NOT NULL CHECK (format IN ('csv', 'xlsx')),
    scheme text NOT NULL,
    dry_run boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'refused', 'failed')),
    rows_total integer,
    rows_done integer NOT NULL,
    created integer NOT NULL,
    updated integer NOT NULL,
    unchanged integer NOT NULL,
    errors integer NOT NULL,
    -- Whose turn it is, and until when they must have said that they are alive.
    runner uuid,
    lease_until timestamptz,
    attempts smallint NOT NULL,
    actor_id uuid,
    actor_kind text NOT NULL,
    request_id text NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (city_code, id)
);
CREATE INDEX imports_by_city ON imports (city_code, created_at, id);
CREATE INDEX imports_to_run ON imports (city_code) WHERE state IN ('waiting', 'running');

-- The file, until it has been read to its end: it carries names and phones.
CREATE TABLE import_files (
    city_code integer NOT NULL,
    import_id uuid NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (city_code, import_id),
    FOREIGN KEY (city_code, import_id) REFERENCES imports (city_code, id)
);

-- What is wrong with the file, cell by cell; never what the cell says.
CREATE TABLE import_errors (
    city_code integer NOT NULL,
    id uuid NOT NULL,
    import_id uuid NOT NULL,
    line integer NOT NULL,
    heading text,
    code text NOT NULL,
    detail_zh text NOT NULL,
    detail_en text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (city_code, id),
    FOREIGN KEY (city_code, import_id) REFERENCES imports (city_code, id)
);
CREATE INDEX import_errors_by_import ON import_errors (city_code, import_id, at, id);
