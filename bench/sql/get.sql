-- What GET /v1/issues/{id} sends, one statement after the other. An issue of the first sector:
-- sectors take turns, so its number divides by 14.
\set number 14 * random(1, :issues / 14)
\set ms :start + :number * :step
\set number 1000000000 + :number
SELECT "issues"."city_code", "issues"."id", "issues"."version", "issues"."state", "issues"."title",
    "issues"."body", "issues"."category", "issues"."urgency", "issues"."channel", "issues"."reporter_id",
    "issues"."recorder_id", "issues"."member_id", "issues"."sector_id", "issues"."committee_id",
    "issues"."county_code", "issues"."division_code", "issues"."place", "issues"."intake_year",
    "issues"."ledger_year", "issues"."ledger_number", "issues"."round", "issues"."result_class",
    "issues"."due_on", "issues"."due_at", "issues"."provisional", "issues"."reason_code",
    "issues"."reason_note", "issues"."follow_up_on", "issues"."dispatched_at", "issues"."closed_at",
    "issues"."created_at", "issues"."updated_at" FROM "issues" WHERE (("issues"."city_code" = :city) AND
    ("issues"."id" = :issue_id)) LIMIT 1;
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
