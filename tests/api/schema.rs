//! `src/db/schema.rs` is what the migrations make. `UPDATE_SCHEMA=1` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write;

use tokio_postgres::NoTls;

use crate::support::database::Database;

const COLUMNS: &str = "SELECT c.table_name::text, c.column_name::text, c.udt_name::text, c.is_nullable = 'YES' \
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '__diesel_schema_migrations' \
    ORDER BY c.table_name, c.ordinal_position";
const KEYS: &str = "SELECT r.relname::text, a.attname::text FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid \
    CROSS JOIN unnest(c.conkey) WITH ORDINALITY k(n, o) \
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.n \
    WHERE c.contype = 'p' AND r.relnamespace = 'public'::regnamespace ORDER BY 1, o";

fn diesel_type(udt: &str) -> &'static str {
    match udt {
        "int2" => "SmallInt",
        "int4" => "Integer",
        "int8" => "BigInt",
        "text" => "Text",
        "uuid" => "Uuid",
        "bool" => "Bool",
        "timestamptz" => "Timestamptz",
        "date" => "Date",
        "jsonb" => "Jsonb",
        "bytea" => "Bytea",
        "daterange" => "Daterange",
        "_uuid" => "Array<Uuid>",
        "_text" => "Array<Text>",
        other => panic!("no diesel type is known here for {other}"),
    }
}

async fn generate(url: &str) -> String {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in client.query(KEYS, &[]).await.unwrap() {
        keys.entry(row.get(0)).or_default().push(row.get(1));
    }
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    for row in client.query(COLUMNS, &[]).await.unwrap() {
        let (table, column): (String, String) = (row.get(0), row.get(1));
        let kind = diesel_type(row.get(2));
        let kind = if row.get(3) { format!("Nullable<{kind}>") } else { kind.to_owned() };
        writeln!(tables.entry(table).or_default(), "        {column} -> {kind},").unwrap();
    }
    let mut text =
        "//! Generated from the migrations by `make schema`; compared in a test.\n\n".to_owned();
    for (table, columns) in &tables {
        let key = keys[table].join(", ");
        write!(text, "diesel::table! {{\n    {table} ({key}) {{\n{columns}    }}\n}}\n\n").unwrap();
    }
    text.push_str("diesel::allow_tables_to_appear_in_same_query!(\n");
    for table in tables.keys() {
        writeln!(text, "    {table},").unwrap();
    }
    text + ");\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_file_is_what_the_migrations_make() {
    let database = Database::from_template().await;
    let generated = generate(&database.owner_url).await;
    database.drop().await;
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write("src/db/schema.rs", &generated).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string("src/db/schema.rs").unwrap(),
        generated,
        "run `make schema`"
    );
}
