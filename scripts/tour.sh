#!/usr/bin/env bash
# The main job with curl, as different callers, each step printed. Needs a server with the
# demonstration city: BASE_URL and LIANXIN_VAR say where it is.
set -euo pipefail

BASE_URL=${BASE_URL:-http://127.0.0.1:1158}
ACCOUNTS=${LIANXIN_VAR:-var}/demo-accounts.txt
[ -r "$ACCOUNTS" ] || { echo "No $ACCOUNTS: start with \`make run\`." >&2; exit 1; }

step() { printf '\n== %s\n' "$*"; }

# field NAME: the value of the first "NAME": in the JSON on standard input.
field() { python3 -c 'import json,sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value[int(key)] if key.lstrip("-").isdigit() else value[key]
print(value)' "$1"; }

# now: this instant, to the microsecond: a whole second may lie before what was done just now.
now() { python3 -c 'from datetime import datetime, timezone; print(datetime.now(timezone.utc).isoformat())'; }

# sign_in ACCOUNT: an access token. The password never stands on a command line.
sign_in() {
    local name password
    read -r name password _ < <(grep "^$1@" "$ACCOUNTS")
    printf 'grant_type=password&username=%s&password=%s' "$name" "$password" |
        curl -sS --fail-with-body "$BASE_URL/oauth/token" --data-binary @- | field access_token
}

# call TOKEN METHOD PATH [BODY]: the answer; a refusal ends the tour with its problem document.
call() {
    local token=$1 method=$2 path=$3 body=${4-} out
    local args=(-sS -X "$method" -H "Authorization: Bearer $token" -H 'If-Match: *' -H 'Accept-Language: en')
    [ -z "$body" ] || args+=(-H 'Content-Type: application/json' -d "$body")
    out=$(curl --fail-with-body "${args[@]}" "$BASE_URL$path") || { echo "$method $path: $out" >&2; exit 1; }
    printf '%s' "$out"
}

step "Seven accounts sign in; the public and a machine come later"
MEMBER=$(sign_in member); CONVENER=$(sign_in convener); LIAISON=$(sign_in liaison)
RECEIVER=$(sign_in receiver); HANDLER=$(sign_in handler); HEAD=$(sign_in head); CHAIR=$(sign_in chair)
call "$MEMBER" GET /v1/me
MEMBER_ID=$(call "$MEMBER" GET /v1/me | field member_id)
DEPARTMENT=$(call "$RECEIVER" GET /v1/me | field roles.0.place_id)

step "The member's chain: committee, sector, contacts"
CHAIN=$(call "$MEMBER" GET "/v1/members/$MEMBER_ID/chain")
CONTACT=$(printf '%s' "$CHAIN" | field contacts.0.contact_id)
printf '%s\n' "$CHAIN"

step "A plan for this month, submitted by the member, approved by the convener"
MONTH=$(TZ=Asia/Shanghai date +%Y-%m-01)
SCHEME=$(call "$MEMBER" GET '/v1/schemes?state=published' | field data.0.id)
CHANNEL=$(call "$MEMBER" GET "/v1/schemes/$SCHEME" | field channels.0.code)
PLAN=$(call "$MEMBER" GET "/v1/plans?owner_id=$MEMBER_ID&period_start=$MONTH" | field data.0.id 2>/dev/null || true)
if [ -z "$PLAN" ]; then
    PLAN=$(call "$MEMBER" POST /v1/plans "{\"owner_kind\":\"member\",\"owner_id\":\"$MEMBER_ID\",\"period_kind\":\"month\",\"period_start\":\"$MONTH\",\"items\":[{\"channel_code\":\"$CHANNEL\",\"contact_id\":\"$CONTACT\",\"subject\":\"走访联系群众\"}]}" | field id)
    call "$MEMBER" POST "/v1/plans/$PLAN/submit" '{}' >/dev/null
    call "$CONVENER" POST "/v1/plans/$PLAN/approve" '{}' >/dev/null
fi
ITEM=$(call "$MEMBER" GET "/v1/plans/$PLAN" | field items.0.id)
call "$MEMBER" GET "/v1/plans/$PLAN"

step "A visit against the plan, confirmed by the convener"
VISIT=$(call "$MEMBER" POST /v1/visits "{\"plan_item_id\":\"$ITEM\",\"form\":\"visit\",\"started_at\":\"$(now)\",\"summary\":\"了解社区供暖情况\"}" | field id)
call "$CONVENER" POST "/v1/visits/$VISIT/confirm" '{}'

step "The person raises an issue"
ISSUE=$(call "$MEMBER" POST /v1/issues "{\"title\":\"小区路灯不亮\",\"body\":\"三栋前的路灯坏了一周。\",\"category\":\"roads\",\"urgency\":\"consult_help\",\"channel\":\"visit\",\"division_code\":\"230403\",\"source_visit_id\":\"$VISIT\",\"reporter\":{\"contact_id\":\"$CONTACT\"}}" | field id)
call "$MEMBER" POST "/v1/issues/$ISSUE/submit" '{}'

step "The liaison centre takes it in and transfers it to a department"
call "$LIAISON" POST "/v1/issues/$ISSUE/accept" '{"category":"roads","urgency":"consult_help"}' >/dev/null
call "$LIAISON" POST "/v1/issues/$ISSUE/dispatch" "{\"shape\":\"sole\",\"assignments\":[{\"department_id\":\"$DEPARTMENT\"}]}"

step "The department signs, speaks with the person, drafts and signs a reply"
WORK=$(call "$RECEIVER" GET "/v1/assignments?parent_id=$ISSUE" | field data.0.id)
call "$RECEIVER" POST "/v1/assignments/$WORK/sign_in" '{}' >/dev/null
call "$HANDLER" POST "/v1/assignments/$WORK/record_contact" "{\"at\":\"$(now)\",\"mode\":\"phone\"}" >/dev/null
call "$HANDLER" POST "/v1/assignments/$WORK/draft_reply" '{"result_class":"a","body":"路灯已修复。","contact_mode":"phone"}' >/dev/null
call "$HEAD" POST "/v1/assignments/$WORK/reply" '{}'

step "The centre reviews; the person says it helped; the issue closes"
call "$LIAISON" POST "/v1/issues/$ISSUE/pass" '{}' >/dev/null
call "$LIAISON" POST "/v1/issues/$ISSUE/answer_feedback" '{"solved":true,"satisfaction":"satisfied"}' >/dev/null
call "$LIAISON" POST "/v1/issues/$ISSUE/close" '{}'

step "The eighth caller has no account: public intake, followed by its code"
CODE=$(curl -sS --fail-with-body "$BASE_URL/public/v1/230400/issues" -H 'Content-Type: application/json' \
    -d '{"title":"自来水发黄","body":"早上水发黄。","category":"water_heating","division_code":"230403","reporter":{}}' | field tracking_code)
curl -sS --fail-with-body "$BASE_URL/public/v1/230400/issues/track" -H 'Content-Type: application/json' -d "{\"tracking_code\":\"$CODE\"}"

step "Points follow, with an explanation that sums to the total"
sleep 2
call "$MEMBER" GET "/v1/members/$MEMBER_ID/score/explain"

step "The city's statistics count it: this year, and the report's period"
call "$CHAIR" GET /v1/statistics
call "$CHAIR" GET '/v1/statistics?from=2023-06-20&until=2024-07-17'

step "An integrating system walks the feed from where the issue began, and finds its way through it"
read -r _ _ _ _ CLIENT_ID _ CLIENT_SECRET < <(grep '^A machine' "$ACCOUNTS")
MACHINE=$(printf 'grant_type=client_credentials&client_id=%s&client_secret=%s' "$CLIENT_ID" "$CLIENT_SECRET" |
    curl -sS --fail-with-body "$BASE_URL/oauth/token" --data-binary @- | field access_token)
FIRST=$(call "$LIAISON" GET "/v1/issues/$ISSUE/events" | field data.0.position)
AFTER=$((FIRST - 1))
while :; do
    PAGE=$(call "$MACHINE" GET "/v1/events?after=$AFTER&limit=200")
    printf '%s' "$PAGE" | ISSUE=$ISSUE python3 -c 'import json,os,sys
for event in json.load(sys.stdin)["data"]:
    if event["object"]["id"] == os.environ["ISSUE"]:
        print(event["position"], event["kind"])'
    NEXT=$(printf '%s' "$PAGE" | field next)
    [ "$NEXT" != "$(printf '%s' "$PAGE" | field as_of_position)" ] || break
    AFTER=$NEXT
done
printf '\n\nThe tour is done.\n'
