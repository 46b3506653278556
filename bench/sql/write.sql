-- What POST /v1/issues/{id}/dispatch sends, in one transaction. Each client counts on and takes accepted
-- issues that nobody took: 7919, a prime, scatters them. `used` is how many earlier runs took.
\set turn :turn + 1
\set accepted :issues / 20 * 15
\set taken :used + :client_id + 32 * :turn
\set number :issues / 10 + 1 + (:taken * 7919) % :accepted
\set ms :start + :number * :step
\set number 1000000000 + :number
\set clock :clock + 1
\set salt random(100000000000000, 999999999999999)
BEGIN;
SELECT "idempotency_keys"."request_hash", "idempotency_keys"."status", "idempotency_keys"."etag",
    "idempotency_keys"."location", "idempotency_keys"."body" FROM "idempotency_keys" WHERE
    (("idempotency_keys"."city_code" = :city) AND (("idempotency_keys"."caller_id" = :liaison) AND
    ("idempotency_keys"."key" = :idempotency_key))) LIMIT 1;
SELECT "issues"."city_code", "issues"."id", "issues"."version", "issues"."state", "issues"."title",
    "issues"."body", "issues"."category", "issues"."urgency", "issues"."channel", "issues"."reporter_id",
    "issues"."recorder_id", "issues"."member_id", "issues"."sector_id", "issues"."committee_id",
    "issues"."county_code", "issues"."division_code", "issues"."place", "issues"."intake_year",
    "issues"."ledger_year", "issues"."ledger_number", "issues"."round", "issues"."result_class",
    "issues"."due_on", "issues"."due_at", "issues"."provisional", "issues"."reason_code",
    "issues"."reason_note", "issues"."follow_up_on", "issues"."dispatched_at", "issues"."closed_at",
    "issues"."created_at", "issues"."updated_at" FROM "issues" WHERE (("issues"."city_code" = :city) AND
    ("issues"."id" = :issue_id)) LIMIT 1 FOR UPDATE;
SELECT "issue_sources"."source_id" FROM "issue_sources" WHERE ((("issue_sources"."city_code" = :city) AND
    ("issue_sources"."issue_id" = :issue_id)) AND ("issue_sources"."source_kind" = 'visit')) ORDER BY
    "issue_sources"."source_id";
SELECT DISTINCT "assignments"."department_id" FROM "assignments" WHERE ((("assignments"."city_code" = :city)
    AND ("assignments"."parent_kind" = 'issue')) AND ("assignments"."parent_id" = :issue_id)) ORDER BY
    "assignments"."department_id";
SELECT "organizations"."id" FROM "organizations" WHERE ((((("organizations"."city_code" = :city) AND
    ("organizations"."id" = ANY(:departments))) AND ("organizations"."kind" = 'department')) AND
    ("organizations"."voided_at" IS NULL)) AND ("organizations"."during" @> :today));
SELECT "workday_years"."year" FROM "workday_years" WHERE ("workday_years"."city_code" = :city);
SELECT "workdays"."day", "workdays"."kind" FROM "workdays" WHERE ("workdays"."city_code" = :city);
SELECT "durations"."amount", "durations"."unit" FROM "durations" WHERE (("durations"."city_code" = :city) AND
    (("durations"."urgency" = 'consult_help') AND ("durations"."step" = 'sign_in'))) LIMIT 1;
SELECT "durations"."amount", "durations"."unit" FROM "durations" WHERE (("durations"."city_code" = :city) AND
    (("durations"."urgency" = 'consult_help') AND ("durations"."step" = 'reply'))) LIMIT 1;
INSERT INTO "assignments" ("city_code", "id", "version", "parent_kind", "parent_id", "round", "kind", "state",
    "department_id", "urgency", "note", "dispatched_at", "sign_due_at", "sign_due_on", "signed_at",
    "signed_by", "amount", "unit", "due_at", "due_on", "provisional", "first_contact_at",
    "first_contact_due_at", "replied_at", "overdue_at", "card", "send_backs", "reason", "created_at",
    "updated_at") VALUES (:city, :assignment_id, 1, 'issue', :issue_id, 1, 'sole', 'pending_sign',
    :department, 'consult_help', DEFAULT, :now, :due_at, :due_on, DEFAULT, DEFAULT, 5, 'wd', :due_at, :due_on,
    'false', DEFAULT, :due_at, DEFAULT, DEFAULT, 'normal', 0, DEFAULT, :now, :now);
WITH entry AS ( INSERT INTO journal (city_code, id, at, actor_id, actor_kind, on_behalf_of, request_id, kind,
    object_kind, object_id, object_version, county_code, committee_id, sector_id, member_id, department_ids,
    payload_hash) VALUES (:city, :assignment_entry_id, :now, :liaison, 'account', :nothing, :request,
    'assignment.dispatched', 'assignment', :assignment_id, 1, :county, :committee, :sector, :member,
    :departments, :hash) ), payload AS ( INSERT INTO journal_payload (city_code, entry_id, salt, before,
    after) VALUES (:city, :assignment_entry_id, :hash, :nothing, :after_assignment) ) INSERT INTO
    journal_pending (city_code, id) VALUES (:city, :assignment_entry_id);
INSERT INTO "notices" ("city_code", "id", "created_at", "code", "audience", "place_id", "object_kind",
    "object_id", "due_on", "cause_id") VALUES (:city, :notice_id, :now, 'assignment_dispatched', 'department',
    :department, 'assignment', :assignment_id, :due_on, :assignment_entry_id) ON CONFLICT DO NOTHING;
INSERT INTO "timers" ("city_code", "id", "kind", "object_id", "round", "due_at") VALUES (:city,
    :unsigned_timer_id, 'assignment.unsigned', :assignment_id, 1, :due_at) ON CONFLICT DO NOTHING;
INSERT INTO "timers" ("city_code", "id", "kind", "object_id", "round", "due_at") VALUES (:city,
    :yellow_timer_id, 'assignment.yellow', :assignment_id, 1, :due_at) ON CONFLICT DO NOTHING;
INSERT INTO "timers" ("city_code", "id", "kind", "object_id", "round", "due_at") VALUES (:city,
    :overdue_timer_id, 'assignment.overdue', :assignment_id, 1, :due_at) ON CONFLICT DO NOTHING;
UPDATE "issue_clocks" SET "ended_at" = :now WHERE (((("issue_clocks"."city_code" = :city) AND
    ("issue_clocks"."issue_id" = :issue_id)) AND ("issue_clocks"."step" = ANY('{dispatch}'))) AND
    ("issue_clocks"."ended_at" IS NULL));
SELECT "assignments"."city_code", "assignments"."id", "assignments"."version", "assignments"."parent_kind",
    "assignments"."parent_id", "assignments"."round", "assignments"."kind", "assignments"."state",
    "assignments"."department_id", "assignments"."urgency", "assignments"."note",
    "assignments"."dispatched_at", "assignments"."sign_due_at", "assignments"."sign_due_on",
    "assignments"."signed_at", "assignments"."signed_by", "assignments"."amount", "assignments"."unit",
    "assignments"."due_at", "assignments"."due_on", "assignments"."provisional",
    "assignments"."first_contact_at", "assignments"."first_contact_due_at", "assignments"."replied_at",
    "assignments"."overdue_at", "assignments"."card", "assignments"."send_backs", "assignments"."reason",
    "assignments"."created_at", "assignments"."updated_at" FROM "assignments" WHERE
    ((("assignments"."city_code" = :city) AND ("assignments"."parent_kind" = 'issue')) AND
    ("assignments"."parent_id" = :issue_id)) ORDER BY "assignments"."round", "assignments"."created_at",
    "assignments"."id";
UPDATE "issues" SET "version" = 3, "state" = 'in_handling', "title" = :title, "body" = :body, "category" =
    :own_category, "urgency" = :own_urgency, "channel" = :own_channel, "reporter_id" = :own_reporter_id,
    "recorder_id" = :own_recorder_id, "member_id" = :own_member_id, "sector_id" = :own_sector_id,
    "committee_id" = :own_committee_id, "county_code" = :own_county_code, "division_code" =
    :own_division_code, "place" = :own_place, "intake_year" = :own_intake_year, "ledger_year" =
    :own_ledger_year, "ledger_number" = :own_ledger_number, "round" = 1, "result_class" = :nothing, "due_on" =
    :due_on, "due_at" = :due_at, "provisional" = 'false', "reason_code" = :nothing, "reason_note" = :nothing,
    "follow_up_on" = :nothing, "dispatched_at" = :now, "closed_at" = :nothing, "created_at" = :own_created_at,
    "updated_at" = :now WHERE (("issues"."city_code" = :city) AND ("issues"."id" = :issue_id));
WITH entry AS ( INSERT INTO journal (city_code, id, at, actor_id, actor_kind, on_behalf_of, request_id, kind,
    object_kind, object_id, object_version, county_code, committee_id, sector_id, member_id, department_ids,
    payload_hash) VALUES (:city, :issue_entry_id, :now, :liaison, 'account', :nothing, :request,
    'issue.dispatched', 'issue', :issue_id, 3, :county, :committee, :sector, :member, :departments, :hash) ),
    payload AS ( INSERT INTO journal_payload (city_code, entry_id, salt, before, after) VALUES (:city,
    :issue_entry_id, :hash, :before_issue, :after_issue) ) INSERT INTO journal_pending (city_code, id) VALUES
    (:city, :issue_entry_id);
SELECT DISTINCT "assignments"."department_id" FROM "assignments" WHERE ((("assignments"."city_code" = :city)
    AND ("assignments"."parent_kind" = 'issue')) AND ("assignments"."parent_id" = :issue_id)) ORDER BY
    "assignments"."department_id";
SELECT "reporters"."city_code", "reporters"."id", "reporters"."name", "reporters"."phone",
    "reporters"."address", "reporters"."contact_id", "reporters"."created_at", "reporters"."erased_at" FROM
    "reporters" WHERE (("reporters"."city_code" = :city) AND ("reporters"."id" = :reporter_id)) LIMIT 1;
SELECT "issue_sources"."source_id" FROM "issue_sources" WHERE ((("issue_sources"."city_code" = :city) AND
    ("issue_sources"."issue_id" = :issue_id)) AND ("issue_sources"."source_kind" = 'visit')) ORDER BY
    "issue_sources"."source_id";
SELECT "issue_clocks"."city_code", "issue_clocks"."issue_id", "issue_clocks"."step",
    "issue_clocks"."sequence", "issue_clocks"."started_at", "issue_clocks"."amount", "issue_clocks"."unit",
    "issue_clocks"."due_at", "issue_clocks"."due_on", "issue_clocks"."provisional", "issue_clocks"."ended_at"
    FROM "issue_clocks" WHERE (("issue_clocks"."city_code" = :city) AND ("issue_clocks"."issue_id" =
    :issue_id)) ORDER BY "issue_clocks"."started_at", "issue_clocks"."step", "issue_clocks"."sequence";
SELECT "feedback_attempts"."city_code", "feedback_attempts"."id", "feedback_attempts"."issue_id",
    "feedback_attempts"."round", "feedback_attempts"."at", "feedback_attempts"."mode",
    "feedback_attempts"."reached", "feedback_attempts"."recorded_by" FROM "feedback_attempts" WHERE
    (("feedback_attempts"."city_code" = :city) AND ("feedback_attempts"."issue_id" = :issue_id)) ORDER BY
    "feedback_attempts"."round", "feedback_attempts"."at", "feedback_attempts"."id";
SELECT "feedback_requests"."city_code", "feedback_requests"."id", "feedback_requests"."issue_id",
    "feedback_requests"."reporter_id", "feedback_requests"."round", "feedback_requests"."opened_at",
    "feedback_requests"."window_ends_at", "feedback_requests"."window_ends_on",
    "feedback_requests"."answered_at", "feedback_requests"."solved", "feedback_requests"."satisfaction",
    "feedback_requests"."cause", "feedback_requests"."body", "feedback_requests"."answered_by" FROM
    "feedback_requests" WHERE (("feedback_requests"."city_code" = :city) AND ("feedback_requests"."issue_id" =
    :issue_id)) ORDER BY "feedback_requests"."round", "feedback_requests"."opened_at",
    "feedback_requests"."id";
SELECT "assignments"."city_code", "assignments"."id", "assignments"."version", "assignments"."parent_kind",
    "assignments"."parent_id", "assignments"."round", "assignments"."kind", "assignments"."state",
    "assignments"."department_id", "assignments"."urgency", "assignments"."note",
    "assignments"."dispatched_at", "assignments"."sign_due_at", "assignments"."sign_due_on",
    "assignments"."signed_at", "assignments"."signed_by", "assignments"."amount", "assignments"."unit",
    "assignments"."due_at", "assignments"."due_on", "assignments"."provisional",
    "assignments"."first_contact_at", "assignments"."first_contact_due_at", "assignments"."replied_at",
    "assignments"."overdue_at", "assignments"."card", "assignments"."send_backs", "assignments"."reason",
    "assignments"."created_at", "assignments"."updated_at" FROM "assignments" WHERE
    ((("assignments"."city_code" = :city) AND ("assignments"."parent_kind" = 'issue')) AND
    ("assignments"."parent_id" = :issue_id)) ORDER BY "assignments"."round", "assignments"."created_at",
    "assignments"."id";
INSERT INTO "idempotency_keys" ("city_code", "caller_id", "key", "request_hash", "status", "etag", "location",
    "body", "created_at") VALUES (:city, :liaison, :idempotency_key, :hash, 200, :etag, :nothing, :answer,
    :now);
COMMIT;
