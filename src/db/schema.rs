//! Generated from the migrations by `make schema`; compared in a test.

diesel::table! {
    accounts (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        username -> Text,
        password_hash -> Text,
        person_id -> Nullable<Uuid>,
        member_id -> Nullable<Uuid>,
        disabled_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    activities (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        kind -> Text,
        title -> Text,
        committee_id -> Nullable<Uuid>,
        department_id -> Nullable<Uuid>,
        county_code -> Nullable<Integer>,
        held_on -> Date,
        summary -> Nullable<Text>,
        audience -> Nullable<Integer>,
        recorder_id -> Uuid,
        state -> Text,
        void_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    activity_members (city_code, activity_id, member_id) {
        city_code -> Integer,
        activity_id -> Uuid,
        member_id -> Uuid,
    }
}

diesel::table! {
    adjustment_items (city_code, adjustment_id, member_id) {
        city_code -> Integer,
        adjustment_id -> Uuid,
        member_id -> Uuid,
        position -> SmallInt,
        to_sector_id -> Nullable<Uuid>,
        ends_term -> Bool,
        end_contacts -> Array<Uuid>,
        link_contacts -> Array<Uuid>,
        county_code -> Nullable<Integer>,
        sector_id -> Nullable<Uuid>,
        outcome -> Text,
        failure_code -> Nullable<Text>,
        member_version -> Nullable<BigInt>,
    }
}

diesel::table! {
    adjustments (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        version -> BigInt,
        state -> Text,
        from_on -> Date,
        reason -> Text,
        note -> Nullable<Text>,
        committee_id -> Uuid,
        county_code -> Nullable<Integer>,
        sector_id -> Nullable<Uuid>,
        member_id -> Nullable<Uuid>,
        members -> SmallInt,
        reporter_id -> Uuid,
        checked_at -> Nullable<Timestamptz>,
        checked_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<Uuid>,
        refusal -> Nullable<Text>,
        applied_at -> Nullable<Timestamptz>,
        failure_code -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    areas (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        name -> Text,
        division_code -> BigInt,
        county_code -> Nullable<Integer>,
        holder_kind -> Text,
        sector_id -> Nullable<Uuid>,
        member_id -> Nullable<Uuid>,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        search -> Nullable<Array<Text>>,
        geometry -> Nullable<Jsonb>,
    }
}

diesel::table! {
    assignments (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        version -> BigInt,
        parent_kind -> Text,
        parent_id -> Uuid,
        round -> SmallInt,
        kind -> Text,
        state -> Text,
        department_id -> Uuid,
        urgency -> Text,
        note -> Nullable<Text>,
        dispatched_at -> Timestamptz,
        sign_due_at -> Timestamptz,
        sign_due_on -> Date,
        signed_at -> Nullable<Timestamptz>,
        signed_by -> Nullable<Uuid>,
        amount -> SmallInt,
        unit -> Text,
        due_at -> Timestamptz,
        due_on -> Date,
        provisional -> Bool,
        first_contact_at -> Nullable<Timestamptz>,
        first_contact_due_at -> Timestamptz,
        replied_at -> Nullable<Timestamptz>,
        overdue_at -> Nullable<Timestamptz>,
        card -> Text,
        send_backs -> SmallInt,
        reason -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        first_due_at -> Timestamptz,
        first_replied_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    auth_changes (id) {
        id -> Uuid,
        city_code -> Integer,
        subject_id -> Uuid,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    branch_members (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        branch_id -> Uuid,
        member_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    chair_committees (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        committee_id -> Uuid,
        member_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    cities (code) {
        code -> Integer,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    city_codes (city_code, list, code) {
        city_code -> Integer,
        list -> Text,
        code -> Text,
        label_zh -> Text,
        label_en -> Text,
        note_zh -> Nullable<Text>,
        note_en -> Nullable<Text>,
        position -> SmallInt,
    }
}

diesel::table! {
    clients (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        name -> Text,
        secret_hash -> Bytea,
        scopes -> Array<Text>,
        disabled_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    committee_departments (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        committee_id -> Uuid,
        department_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    consumer_positions (city_code, name) {
        city_code -> Integer,
        name -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    contact_points (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        value -> Text,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    contact_quota_days (city_code, from_on) {
        city_code -> Integer,
        from_on -> Date,
        least -> SmallInt,
    }
}

diesel::table! {
    contact_quotas (city_code) {
        city_code -> Integer,
        version -> BigInt,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    contacts (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        person_id -> Uuid,
        number -> Text,
        category -> Text,
        unit -> Text,
        division_code -> BigInt,
        county_code -> Integer,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search -> Nullable<Array<Text>>,
    }
}

diesel::table! {
    divisions (code) {
        code -> BigInt,
        name -> Text,
        level -> Text,
        parent_code -> Nullable<BigInt>,
        search -> Nullable<Array<Text>>,
    }
}

diesel::table! {
    durations (city_code, urgency, step) {
        city_code -> Integer,
        urgency -> Text,
        step -> Text,
        amount -> SmallInt,
        unit -> Text,
    }
}

diesel::table! {
    external_ids (city_code, object_kind, scheme, value) {
        city_code -> Integer,
        object_kind -> Text,
        scheme -> Text,
        value -> Text,
        object_id -> Uuid,
    }
}

diesel::table! {
    feed (city_code, position) {
        city_code -> Integer,
        position -> BigInt,
        entry_id -> Uuid,
        chain -> Bytea,
    }
}

diesel::table! {
    feed_heads (city_code) {
        city_code -> Integer,
        position -> BigInt,
        chain -> Bytea,
    }
}

diesel::table! {
    feedback_attempts (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        issue_id -> Uuid,
        round -> SmallInt,
        at -> Timestamptz,
        mode -> Text,
        reached -> Bool,
        recorded_by -> Uuid,
        request_id -> Uuid,
    }
}

diesel::table! {
    feedback_requests (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        issue_id -> Uuid,
        reporter_id -> Uuid,
        round -> SmallInt,
        opened_at -> Timestamptz,
        window_ends_at -> Timestamptz,
        window_ends_on -> Date,
        answered_at -> Nullable<Timestamptz>,
        solved -> Nullable<Bool>,
        satisfaction -> Nullable<Text>,
        cause -> Nullable<Text>,
        body -> Nullable<Text>,
        answered_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    grants (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        subject_id -> Uuid,
        role -> Text,
        place_kind -> Text,
        place_id -> Nullable<Uuid>,
        place_code -> Nullable<Integer>,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    group_members (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        group_id -> Uuid,
        member_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    idempotency_keys (city_code, caller_id, key) {
        city_code -> Integer,
        caller_id -> Uuid,
        key -> Text,
        request_hash -> Bytea,
        status -> SmallInt,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    import_errors (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        import_id -> Uuid,
        line -> Integer,
        heading -> Nullable<Text>,
        code -> Text,
        detail_zh -> Text,
        detail_en -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    import_files (city_code, import_id, part) {
        city_code -> Integer,
        import_id -> Uuid,
        content -> Bytea,
        part -> Integer,
    }
}

diesel::table! {
    imports (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        kind -> Text,
        format -> Text,
        scheme -> Text,
        dry_run -> Bool,
        state -> Text,
        rows_total -> Nullable<Integer>,
        rows_done -> Integer,
        created -> Integer,
        updated -> Integer,
        unchanged -> Integer,
        errors -> Integer,
        runner -> Nullable<Uuid>,
        lease_until -> Nullable<Timestamptz>,
        attempts -> SmallInt,
        actor_id -> Nullable<Uuid>,
        actor_kind -> Text,
        request_id -> Text,
        version -> BigInt,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    issue_clocks (city_code, issue_id, step, sequence) {
        city_code -> Integer,
        issue_id -> Uuid,
        step -> Text,
        sequence -> SmallInt,
        started_at -> Timestamptz,
        amount -> SmallInt,
        unit -> Text,
        due_at -> Timestamptz,
        due_on -> Date,
        provisional -> Bool,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    issue_sources (city_code, issue_id, source_kind, source_id) {
        city_code -> Integer,
        issue_id -> Uuid,
        source_kind -> Text,
        source_id -> Uuid,
    }
}

diesel::table! {
    issue_tracking (city_code, hash) {
        city_code -> Integer,
        hash -> Bytea,
        issue_id -> Uuid,
    }
}

diesel::table! {
    issues (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        version -> BigInt,
        state -> Text,
        title -> Text,
        body -> Text,
        category -> Text,
        urgency -> Text,
        channel -> Text,
        reporter_id -> Uuid,
        recorder_id -> Nullable<Uuid>,
        member_id -> Nullable<Uuid>,
        sector_id -> Nullable<Uuid>,
        committee_id -> Nullable<Uuid>,
        county_code -> Nullable<Integer>,
        division_code -> BigInt,
        place -> Nullable<Text>,
        intake_year -> Nullable<SmallInt>,
        ledger_year -> Nullable<SmallInt>,
        ledger_number -> Nullable<Integer>,
        round -> SmallInt,
        result_class -> Nullable<Text>,
        due_on -> Nullable<Date>,
        due_at -> Nullable<Timestamptz>,
        provisional -> Bool,
        reason_code -> Nullable<Text>,
        reason_note -> Nullable<Text>,
        follow_up_on -> Nullable<Date>,
        dispatched_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    journal (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        at -> Timestamptz,
        actor_id -> Nullable<Uuid>,
        actor_kind -> Text,
        on_behalf_of -> Nullable<Uuid>,
        request_id -> Text,
        kind -> Text,
        object_kind -> Text,
        object_id -> Uuid,
        object_version -> BigInt,
        county_code -> Nullable<Integer>,
        committee_id -> Nullable<Uuid>,
        sector_id -> Nullable<Uuid>,
        member_id -> Nullable<Uuid>,
        department_ids -> Array<Uuid>,
        payload_hash -> Bytea,
    }
}

diesel::table! {
    journal_payload (city_code, entry_id) {
        city_code -> Integer,
        entry_id -> Uuid,
        salt -> Bytea,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    journal_pending (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
    }
}

diesel::table! {
    ledger_counters (city_code, year) {
        city_code -> Integer,
        year -> SmallInt,
        last -> Integer,
    }
}

diesel::table! {
    member_contacts (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        member_id -> Uuid,
        contact_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    member_sectors (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        member_id -> Uuid,
        sector_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        replaces -> Nullable<Uuid>,
    }
}

diesel::table! {
    members (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        person_id -> Uuid,
        number -> Text,
        unit -> Nullable<Text>,
        county_code -> Nullable<Integer>,
        sector_id -> Nullable<Uuid>,
        committee_id -> Nullable<Uuid>,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search -> Nullable<Array<Text>>,
    }
}

diesel::table! {
    notices (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        created_at -> Timestamptz,
        code -> Text,
        audience -> Text,
        place_id -> Nullable<Uuid>,
        object_kind -> Text,
        object_id -> Uuid,
        due_on -> Nullable<Date>,
        cause_id -> Uuid,
    }
}

diesel::table! {
    organizations (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        kind -> Text,
        code -> Text,
        name -> Text,
        parent_id -> Nullable<Uuid>,
        county_code -> Nullable<Integer>,
        position -> SmallInt,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        search -> Nullable<Array<Text>>,
    }
}

diesel::table! {
    party_links (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        party_member_id -> Uuid,
        member_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    person_identifiers (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        person_id -> Uuid,
        scheme -> Text,
        value -> Text,
        voided_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    person_merge_rows (city_code, merge_id, kind, row_id) {
        city_code -> Integer,
        merge_id -> Uuid,
        kind -> Text,
        row_id -> Uuid,
    }
}

diesel::table! {
    person_merges (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        person_id -> Uuid,
        into_id -> Uuid,
        merged_at -> Timestamptz,
        unmerged_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    persons (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        name -> Text,
        phone -> Nullable<Text>,
        address -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        search -> Nullable<Array<Text>>,
        canonical_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    plan_items (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        plan_id -> Uuid,
        position -> SmallInt,
        channel_code -> Text,
        must_visit_code -> Nullable<Text>,
        contact_id -> Nullable<Uuid>,
        planned_on -> Nullable<Date>,
        subject -> Text,
    }
}

diesel::table! {
    plans (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        owner_kind -> Text,
        owner_id -> Uuid,
        period_kind -> Text,
        period_start -> Date,
        scheme_id -> Uuid,
        state -> Text,
        late -> Bool,
        note -> Nullable<Text>,
        send_back_reason -> Nullable<Text>,
        member_id -> Nullable<Uuid>,
        sector_id -> Nullable<Uuid>,
        committee_id -> Nullable<Uuid>,
        county_code -> Nullable<Integer>,
        recorder_id -> Uuid,
        submitted_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<Uuid>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    post_holders (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        post_id -> Uuid,
        member_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    posts (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        organization_id -> Uuid,
        kind -> Text,
        title -> Text,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    refresh_tokens (city_code, hash) {
        city_code -> Integer,
        hash -> Bytea,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    replies (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        assignment_id -> Uuid,
        state -> Text,
        result_class -> Text,
        body -> Text,
        contact_mode -> Text,
        promised_on -> Nullable<Date>,
        reason -> Nullable<Text>,
        drafted_by -> Uuid,
        drafted_at -> Timestamptz,
        signed_by -> Nullable<Uuid>,
        signed_at -> Nullable<Timestamptz>,
        review_note -> Nullable<Text>,
        reviewed_by -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    reporters (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        address -> Nullable<Text>,
        contact_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    reveals (city_code, entry_id) {
        city_code -> Integer,
        entry_id -> Uuid,
        assignment_id -> Uuid,
        account_id -> Uuid,
        at -> Timestamptz,
        reason -> Text,
    }
}

diesel::table! {
    rule_categories (city_code, rule_set_id, code) {
        city_code -> Integer,
        rule_set_id -> Uuid,
        code -> Text,
        label_zh -> Text,
        label_en -> Text,
        cap -> Nullable<BigInt>,
        position -> SmallInt,
    }
}

diesel::table! {
    rule_sets (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        name -> Text,
        description -> Text,
        state -> Text,
        during -> Daterange,
        published_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    rules (city_code, rule_set_id, code) {
        city_code -> Integer,
        rule_set_id -> Uuid,
        code -> Text,
        category -> Text,
        event_kind -> Text,
        label_zh -> Text,
        label_en -> Text,
        points -> BigInt,
        cap -> Nullable<BigInt>,
        position -> SmallInt,
    }
}

diesel::table! {
    scheme_items (city_code, scheme_id, kind, code) {
        city_code -> Integer,
        scheme_id -> Uuid,
        kind -> Text,
        code -> Text,
        label_zh -> Text,
        label_en -> Text,
        position -> SmallInt,
    }
}

diesel::table! {
    schemes (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        kind -> Text,
        name -> Text,
        description -> Text,
        state -> Text,
        during -> Daterange,
        published_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        plan_due_day -> SmallInt,
    }
}

diesel::table! {
    score_entries (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        rule_set_id -> Uuid,
        rule_code -> Text,
        member_id -> Uuid,
        cause_id -> Uuid,
        sign -> SmallInt,
        points -> BigInt,
        object_kind -> Text,
        object_id -> Uuid,
        happened_at -> Timestamptz,
        posted_at -> Timestamptz,
        reverses_id -> Nullable<Uuid>,
        sector_id -> Nullable<Uuid>,
        committee_id -> Nullable<Uuid>,
        county_code -> Nullable<Integer>,
    }
}

diesel::table! {
    sector_committees (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        sector_id -> Uuid,
        committee_id -> Uuid,
        during -> Daterange,
        voided_at -> Nullable<Timestamptz>,
        replaces -> Nullable<Uuid>,
    }
}

diesel::table! {
    sessions (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        subject_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        ended_cause -> Nullable<Text>,
    }
}

diesel::table! {
    timers (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        kind -> Text,
        object_id -> Uuid,
        round -> SmallInt,
        due_at -> Timestamptz,
        fired_at -> Nullable<Timestamptz>,
        attempts -> SmallInt,
    }
}

diesel::table! {
    visits (city_code, id) {
        city_code -> Integer,
        id -> Uuid,
        member_id -> Uuid,
        recorder_id -> Uuid,
        plan_id -> Uuid,
        plan_item_id -> Uuid,
        contact_id -> Nullable<Uuid>,
        form -> Text,
        channel_code -> Text,
        must_visit_code -> Nullable<Text>,
        member_role -> Nullable<Text>,
        started_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        visited_on -> Date,
        division_code -> Nullable<BigInt>,
        place -> Nullable<Text>,
        summary -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        sector_id -> Nullable<Uuid>,
        committee_id -> Nullable<Uuid>,
        county_code -> Nullable<Integer>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    workday_years (city_code, year) {
        city_code -> Integer,
        year -> SmallInt,
    }
}

diesel::table! {
    workdays (city_code, day) {
        city_code -> Integer,
        day -> Date,
        kind -> Text,
        name -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    activities,
    activity_members,
    adjustment_items,
    adjustments,
    areas,
    assignments,
    auth_changes,
    branch_members,
    chair_committees,
    cities,
    city_codes,
    clients,
    committee_departments,
    consumer_positions,
    contact_points,
    contact_quota_days,
    contact_quotas,
    contacts,
    divisions,
    durations,
    external_ids,
    feed,
    feed_heads,
    feedback_attempts,
    feedback_requests,
    grants,
    group_members,
    idempotency_keys,
    import_errors,
    import_files,
    imports,
    issue_clocks,
    issue_sources,
    issue_tracking,
    issues,
    journal,
    journal_payload,
    journal_pending,
    ledger_counters,
    member_contacts,
    member_sectors,
    members,
    notices,
    organizations,
    party_links,
    person_identifiers,
    person_merge_rows,
    person_merges,
    persons,
    plan_items,
    plans,
    post_holders,
    posts,
    refresh_tokens,
    replies,
    reporters,
    reveals,
    rule_categories,
    rule_sets,
    rules,
    scheme_items,
    schemes,
    score_entries,
    sector_committees,
    sessions,
    timers,
    visits,
    workday_years,
    workdays,
);
