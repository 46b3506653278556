UPDATE import_files f SET content = (SELECT string_agg(p.content, '' ORDER BY p.part) FROM import_files p
    WHERE p.city_code = f.city_code AND p.import_id = f.import_id) WHERE f.part = 0;
DELETE FROM import_files WHERE part > 0;
ALTER TABLE import_files DROP CONSTRAINT import_files_pkey;
ALTER TABLE import_files DROP COLUMN part;
ALTER TABLE import_files ADD PRIMARY KEY (city_code, import_id);
