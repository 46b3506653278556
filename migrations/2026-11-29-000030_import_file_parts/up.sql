-- A file stands in parts: a connection keeps as much room as the largest row that ever went over it.
ALTER TABLE import_files ADD COLUMN part integer NOT NULL DEFAULT 0;
ALTER TABLE import_files ALTER COLUMN part DROP DEFAULT;
ALTER TABLE import_files DROP CONSTRAINT import_files_pkey;
ALTER TABLE import_files ADD PRIMARY KEY (city_code, import_id, part);
