//! What goes behind the API: only what no caller can bring about, such as that time has passed.

use super::City;

impl City {
    /// Lets every plan's period have been a month earlier than it is.
    pub async fn db_let_periods_be_over(&self) {
        let back = "period_start = (period_start - interval '1 month')::date";
        self.db_run(&format!("UPDATE plans SET {back}")).await;
    }

    /// Lets every work order and feedback window have ended `days` days earlier than it does.
    pub async fn db_move_deadlines_back(&self, days: i32) {
        let text = format!(
            "UPDATE assignments SET due_on = due_on - {days},
                 due_at = due_at - interval '{days} days',
                 first_due_at = first_due_at - interval '{days} days';
             UPDATE feedback_requests SET window_ends_on = window_ends_on - {days},
                 window_ends_at = window_ends_at - interval '{days} days'"
        );
        self.db_run(&text).await;
    }

    /// Lets who guides which sector have changed `days` days earlier than it does.
    pub async fn db_let_guidances_be_earlier(&self, days: i32) {
        let back = format!("daterange(lower(during) - {days}, upper(during) - {days})");
        let update = format!("UPDATE sector_committees SET during = {back} WHERE upper(during) IS");
        // What ended first, so that nothing overlaps on the way.
        self.db_run(&format!("{update} NOT NULL; {update} NULL")).await;
    }

    /// Lets the timers of a kind be due now.
    pub async fn db_let_timers_be_due(&self, kind: &str) {
        // A little apart from another that was due before.
        let due = "due_at = now() - interval '1 millisecond'";
        self.db_run(&format!("UPDATE timers SET {due} WHERE kind = '{kind}' AND fired_at IS NULL"))
            .await;
    }

    /// Lets `days` have passed: what is dated in the chain, and every timer but those of plans, whose
    /// months stay where they are, stands so much earlier.
    pub async fn db_let_days_pass(&self, days: i32) {
        let tables = [
            "organizations",
            "members",
            "contacts",
            "areas",
            "member_sectors",
            "sector_committees",
            "member_contacts",
            "posts",
            "post_holders",
            "committee_departments",
            "chair_committees",
            "branch_members",
            "party_links",
            "group_members",
            "grants",
        ];
        let mut text = format!("UPDATE adjustments SET from_on = from_on - {days};");
        // Row by row, the earliest first, so that none meets the one after it.
        let mut earlier = |table: &str, which: &str, first: &str, set: &str| {
            text.push_str(&format!(
                "DO $$ DECLARE r record; BEGIN
                     FOR r IN SELECT id FROM {table} WHERE {which} ORDER BY {first} LOOP
                         UPDATE {table} SET {set} WHERE id = r.id;
                     END LOOP; END $$;"
            ));
        };
        let due = format!("due_at = due_at - interval '{days} days'");
        earlier("timers", "kind <> 'plan_close'", "due_at", &due);
        let during = format!("during = daterange(lower(during) - {days}, upper(during) - {days})");
        for table in tables {
            earlier(table, "true", "lower(during)", &during);
        }
        self.db_run(&text).await;
    }

    /// Lets persons have been merged `days` days earlier than they were.
    pub async fn db_let_merges_be_earlier(&self, days: i32) {
        let back = format!("merged_at = merged_at - interval '{days} days'");
        self.db_run(&format!("UPDATE person_merges SET {back}")).await;
    }

    /// Gives an account of the city a role more: at its department, or in the whole city.
    pub async fn db_grant(&self, name: &str, role: &str, department: Option<&str>) {
        let account = self.founded.accounts.iter().find(|one| one.name == name).unwrap();
        let (kind, place) = match department {
            Some(id) => ("department", format!("'{id}'")),
            None => ("city", "NULL".to_owned()),
        };
        self.db_run(&format!(
            "INSERT INTO grants (city_code, id, subject_id, role, place_kind, place_id, during)
             VALUES ({}, gen_random_uuid(), '{}', '{role}', '{kind}', {place}, '[2020-01-01,)')",
            self.founded.city, account.id
        ))
        .await;
    }

    /// An account with the password of `like`, for a county.
    pub async fn db_account_like(&self, like: &str, name: &str, county: &str) {
        let grant =
            format!("'county_staff', 'county', NULL::uuid, {county}, '[2020-01-01,)'::daterange");
        self.db_account(like, name, &grant).await;
    }

    /// An account like `like`, which may the same on other days.
    pub async fn db_account_on(&self, like: &str, name: &str, days: &str) {
        let grant = format!("g.role, g.place_kind, g.place_id, g.place_code, '{days}'::daterange");
        self.db_account(like, name, &grant).await;
    }

    /// An account with the password of `like` and, for each of their grants `g`, this one.
    async fn db_account(&self, like: &str, name: &str, grant: &str) {
        let city = self.founded.city;
        self.db_run(&format!(
            "INSERT INTO accounts (city_code, id, username, password_hash, version, created_at)
             SELECT city_code, gen_random_uuid(), '{name}', password_hash, 1, created_at
             FROM accounts WHERE city_code = {city} AND username = '{like}';
             INSERT INTO grants (city_code, id, subject_id, role, place_kind, place_id, place_code, during)
             SELECT g.city_code, gen_random_uuid(), new.id, {grant}
             FROM grants g JOIN accounts a ON a.city_code = g.city_code AND a.id = g.subject_id
             JOIN accounts new ON new.city_code = a.city_code AND new.username = '{name}'
             WHERE a.city_code = {city} AND a.username = '{like}'"
        ))
        .await;
    }

    /// As many contacts more as an import would bring, each entered a second before the last.
    pub async fn db_older_contacts(&self, count: usize) {
        self.db_run(&format!(
            "INSERT INTO contacts (city_code, id, person_id, number, category, unit, division_code,
                 county_code, during, version, created_at, updated_at)
             SELECT city_code, gen_random_uuid(), person_id, 'X' || n, 'village', unit,
                 division_code, county_code, during, 1, first - n * interval '1 second', first
             FROM (SELECT *, min(created_at) OVER () AS first FROM contacts LIMIT 1) one,
                 generate_series(1, {count}) n"
        ))
        .await;
    }

    /// Ends the contact that was entered first, an enterprise's, on a day that no calendar has.
    pub async fn db_break_the_oldest_contact(&self) {
        self.db_run(
            "UPDATE contacts SET category = 'key_enterprise',
                 during = daterange(lower(during), 'infinity')
             WHERE id = (SELECT id FROM contacts ORDER BY created_at, id LIMIT 1)",
        )
        .await;
    }

    /// Lets every row be from before there was a search.
    pub async fn db_forget_search(&self) {
        for table in ["persons", "organizations", "areas", "members", "contacts", "divisions"] {
            self.db_run(&format!("UPDATE {table} SET search = NULL")).await;
        }
    }

    /// Renames people as a statement would that knows of no search.
    pub async fn db_rename(&self, from: &str, to: &str) {
        self.db_run(&format!("UPDATE persons SET name = '{to}' WHERE name = '{from}'")).await;
    }

    /// Lets the server that runs an import be gone.
    pub async fn db_leave_imports(&self, attempts: i16) {
        self.db_run(&format!(
            "UPDATE imports SET state = 'running', attempts = {attempts}, runner = gen_random_uuid(),
                 lease_until = now() - interval '1 second'",
        ))
        .await;
    }

    /// How many files of imports are kept.
    pub async fn db_import_files(&self) -> i64 {
        self.db_ask("SELECT count(*)::text FROM import_files").await.parse().unwrap()
    }

    /// All that the journal keeps of what was changed.
    pub async fn db_journalled(&self) -> String {
        let text = "SELECT string_agg(concat(before, after), ' ') FROM journal_payload";
        self.db_ask(text).await
    }

    /// Versions of contacts that nobody was told of; the bulk of the demonstration has the first alone.
    pub async fn db_untold_contacts(&self) -> String {
        let text = "SELECT count(*)::text FROM contacts c WHERE version > 1 AND NOT EXISTS (\
            SELECT FROM journal j WHERE j.city_code = c.city_code AND j.object_id = c.id \
            AND j.object_version = c.version)";
        self.db_ask(text).await
    }

    /// A connection of its own, as the owner of the tables.
    pub async fn db_connect(&self) -> tokio_postgres::Client {
        let url = &self.database.owner_url;
        let (client, connection) =
            tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// The one text that a statement answers.
    async fn db_ask(&self, text: &str) -> String {
        self.db_connect().await.query_one(text, &[]).await.unwrap().get(0)
    }

    async fn db_run(&self, text: &str) {
        self.db_connect().await.batch_execute(text).await.unwrap();
    }
}
