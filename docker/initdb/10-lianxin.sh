#!/usr/bin/env bash
# Runs once, when the postgres image makes its cluster: the owner of the tables, and the role that
# serves and owns nothing. scripts/postgres.sh makes the same for a private cluster.
set -euo pipefail

# The passwords go in as psql variables read from the environment, so that no quoting of ours
# stands between them and the server, and no process list shows them.
psql -X -q -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set owner_password `printenv LIANXIN_OWNER_PASSWORD`
\set app_password `printenv LIANXIN_APP_PASSWORD`
CREATE ROLE lianxin_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE lianxin_app LOGIN PASSWORD :'app_password';
CREATE DATABASE lianxin OWNER lianxin_owner TEMPLATE template0 ENCODING 'UTF8';
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
SQL
