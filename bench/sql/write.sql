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
SELECT ARRAY(SELECT s.source_id FROM issue_sources s WHERE s.city_code = :city AND s.issue_id = :issue_id AND
    s.source_kind = 'visit' ORDER BY s.source_id) AS visits, ARRAY(SELECT DISTINCT w.department_id FROM
    assignments w WHERE w.city_code = :city AND w.parent_kind = 'issue' AND w.parent_id = :issue_id ORDER BY
    w.department_id) AS departments;
SELECT "organizations"."id" FROM "organizations" WHERE ((((("organizations"."city_code" = :city) AND
    ("organizations"."id" = ANY(:departments))) AND ("organizations"."kind" = 'department')) AND
    ("organizations"."voided_at" IS NULL)) AND ("organizations"."during" @> :today));
INSERT INTO "assignments" ("city_code", "id", "version", "parent_kind", "parent_id", "round", "kind", "state",
    "department_id", "urgency", "note", "dispatched_at", "sign_due_at", "sign_due_on", "signed_at",
    "signed_by", "amount", "unit", "due_at", "due_on", "provisional", "first_contact_at",
    "first_contact_due_at", "replied_at", "overdue_at", "card", "send_backs", "reason", "created_at",
    "updated_at", "first_due_at", "first_replied_at") VALUES (:city, :assignment_id, 1, 'issue', :issue_id, 1, 'sole', 'pending_sign',
    :department, 'consult_help', DEFAULT, :now, :due_at, :due_on, DEFAULT, DEFAULT, 5, 'wd', :due_at, :due_on,
    'false', DEFAULT, :due_at, DEFAULT, DEFAULT, 'normal', 0, DEFAULT, :now, :now, :due_at, DEFAULT);
INSERT INTO "notices" ("city_code", "id", "created_at", "code", "audience", "place_id", "object_kind",
    "object_id", "due_on", "cause_id") VALUES (:city, :notice_id, :now, 'assignment_dispatched', 'department',
    :department, 'assignment', :assignment_id, :due_on, :assignment_entry_id) ON CONFLICT DO NOTHING;
UPDATE "issue_clocks" SET "ended_at" = :now WHERE (((("issue_clocks"."city_code" = :city) AND
    ("issue_clocks"."issue_id" = :issue_id)) AND ("issue_clocks"."step" = ANY('{dispatch}'))) AND
    ("issue_clocks"."ended_at" IS NULL));
UPDATE "issues" SET "version" = 3, "state" = 'in_handling', "title" = :title, "body" = :body, "category" =
    :own_category, "urgency" = :own_urgency, "channel" = :own_channel, "reporter_id" = :own_reporter_id,
    "recorder_id" = :own_recorder_id, "member_id" = :own_member_id, "sector_id" = :own_sector_id,
    "committee_id" = :own_committee_id, "county_code" = :own_county_code, "division_code" =
    :own_division_code, "place" = :own_place, "intake_year" = :own_intake_year, "ledger_year" =
    :own_ledger_year, "ledger_number" = :own_ledger_number, "round" = 1, "result_class" = :nothing, "due_on" =
    :due_on, "due_at" = :due_at, "provisional" = 'false', "reason_code" = :nothing, "reason_note" = :nothing,
    "follow_up_on" = :nothing, "dispatched_at" = :now, "closed_at" = :nothing, "created_at" = :own_created_at,
    "updated_at" = :now WHERE (("issues"."city_code" = :city) AND ("issues"."id" = :issue_id));
SELECT t.*, r.erased_at IS NULL AND (r.name IS NOT NULL OR r.phone IS NOT NULL OR r.contact_id IS NOT NULL)
    AS reporter_known, r.name AS reporter_name, r.phone AS reporter_phone, r.contact_id AS
    reporter_contact_id, ARRAY(SELECT s.source_id FROM issue_sources s WHERE s.city_code = t.city_code AND
    s.issue_id = t.id AND s.source_kind = 'visit' ORDER BY s.source_id) AS visits, (SELECT
    coalesce(json_agg(json_build_object('id', w.id, 'department_id', w.department_id, 'kind', w.kind, 'state',
    w.state, 'round', w.round, 'due_on', w.due_on, 'card', w.card, 'replied_at', w.replied_at) ORDER BY
    w.round, w.created_at, w.id), '[]')::text FROM assignments w WHERE w.city_code = t.city_code AND
    w.parent_kind = 'issue' AND w.parent_id = t.id) AS assignments, (SELECT
    coalesce(json_agg(json_build_object('step', c.step, 'started_at', c.started_at, 'due_on', c.due_on,
    'due_at', c.due_at, 'provisional', c.provisional, 'ended_at', c.ended_at) ORDER BY c.started_at, c.step,
    c.sequence), '[]')::text FROM issue_clocks c WHERE c.city_code = t.city_code AND c.issue_id = t.id) AS
    clocks, (SELECT coalesce(json_agg(json_build_object('round', f.round, 'opened_at', f.opened_at,
    'window_ends_on', f.window_ends_on, 'answered_at', f.answered_at, 'solved', f.solved, 'satisfaction',
    f.satisfaction, 'cause', f.cause, 'text', f.body, 'answered_by', f.answered_by, 'attempts', (SELECT
    coalesce(json_agg(json_build_object('at', a.at, 'mode', a.mode, 'reached', a.reached, 'recorded_by',
    a.recorded_by) ORDER BY a.at, a.id), '[]') FROM feedback_attempts a WHERE a.city_code = f.city_code AND
    a.request_id = f.id)) ORDER BY f.round, f.opened_at, f.id), '[]')::text FROM feedback_requests f WHERE
    f.city_code = t.city_code AND f.issue_id = t.id) AS feedback FROM issues t JOIN reporters r ON r.city_code
    = t.city_code AND r.id = t.reporter_id WHERE t.city_code = :city AND t.id = :issue_id;
INSERT INTO journal (city_code, id, at, actor_id, actor_kind, on_behalf_of, request_id, kind, object_kind,
    object_id, object_version, county_code, committee_id, sector_id, member_id, department_ids, payload_hash)
    VALUES (:city, :assignment_entry_id, :now, :liaison, 'account', :nothing, :request,
    'assignment.dispatched', 'assignment', :assignment_id, 1, :county, :committee, :sector, :member,
    :departments, :hash), (:city, :issue_entry_id, :now, :liaison, 'account', :nothing, :request,
    'issue.dispatched', 'issue', :issue_id, 3, :county, :committee, :sector, :member, :departments, :hash);
INSERT INTO journal_payload (city_code, entry_id, salt, before, after) VALUES (:city, :assignment_entry_id, :hash,
    :nothing, :after_assignment), (:city, :issue_entry_id, :hash, :before_issue, :after_issue);
INSERT INTO journal_pending (city_code, id) VALUES (:city, :assignment_entry_id), (:city, :issue_entry_id);
INSERT INTO timers (city_code, id, kind, object_id, round, due_at) VALUES (:city, :unsigned_timer_id,
    'assignment.unsigned', :assignment_id, 1, :due_at), (:city, :yellow_timer_id, 'assignment.yellow',
    :assignment_id, 1, :due_at), (:city, :overdue_timer_id, 'assignment.overdue', :assignment_id, 1, :due_at)
    ON CONFLICT DO NOTHING;
INSERT INTO "idempotency_keys" ("city_code", "caller_id", "key", "request_hash", "status", "etag", "location",
    "body", "created_at") VALUES (:city, :liaison, :idempotency_key, :hash, 200, :etag, :nothing, :answer,
    :now);
COMMIT;
