DROP TABLE import_errors;
DROP TABLE import_files;
DROP TABLE imports;
DROP TABLE external_ids;
