"""The demonstration city, as the fuzzer needs it: who may do what, and objects that are there.

Most of the city's issues are closed, so `City` first takes a few issues and visits through the API
itself to every stage: each transition then finds something it fits.
"""

import datetime
import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

# Who sends an operation; everything else is sent by the liaison centre, which sees the whole city.
CALLERS = {
    "create_issue": "member",
    "update_issue": "member",
    "submit_issue": "member",
    "withdraw_issue": "member",
    "create_plan": "member",
    "update_plan": "member",
    "submit_plan": "member",
    "record_visit": "member",
    "approve_plan": "convener",
    "send_back_plan": "convener",
    "confirm_visit": "convener",
    "send_back_visit": "convener",
    "void_visit": "convener",
    "create_scheme": "admin",
    "publish_scheme": "admin",
    "create_rule_set": "admin",
    "publish_rule_set": "admin",
    "list_assignments": "receiver",
    "sign_in_assignment": "receiver",
    "record_assignment_contact": "handler",
    "draft_assignment_reply": "handler",
    "reply_to_assignment": "head",
}

_lock = threading.Lock()
_tokens: dict[str, tuple[str, float]] = {}
_departments: dict[str, str] = {}
_places: dict[str, str] = {}


def token(account: str) -> str:
    """An account's access token, fetched anew before its ten minutes are over."""
    with _lock:
        value, until = _tokens.get(account, ("", 0.0))
        if time.monotonic() >= until:
            lines = Path(os.environ["LIANXIN_VAR"], "demo-accounts.txt").read_text().splitlines()
            name, password = next(line.split()[:2] for line in lines if line.startswith(f"{account}@"))
            form = urllib.parse.urlencode({"grant_type": "password", "username": name, "password": password})
            with urllib.request.urlopen(os.environ["BASE_URL"] + "/oauth/token", form.encode(), timeout=60) as answer:
                value = json.load(answer)["access_token"]
            _tokens[account] = (value, time.monotonic() + 300)
        return value


class Refused(Exception):
    """What the API would not do."""


def ask(account: str, method: str, path: str, body: dict | None = None):
    """One call through the API."""
    headers = {"Authorization": f"Bearer {token(account)}", "If-Match": "*", "Content-Type": "application/json"}
    data = None if method == "GET" else json.dumps(body or {}).encode()
    request = urllib.request.Request(os.environ["BASE_URL"] + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
            return json.loads(text) if answer.headers.get_content_type() == "application/json" else text
    except urllib.error.HTTPError as error:
        raise Refused(f"{account} {method} {path}: {error.code} {error.read().decode()}") from None


def hand_in() -> str:
    """An import of members that has been looked at: its id. Nobody in the demonstration has made one."""
    path = os.environ["BASE_URL"] + "/v1/imports?kind=members&dry_run=true"
    headers = {"Authorization": f"Bearer {token('liaison')}", "Content-Type": "text/csv"}
    request = urllib.request.Request(path, "编号,姓名\nM999,\n".encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        made = json.load(answer)["id"]
    for _ in range(100):
        if ask("liaison", "GET", f"/v1/imports/{made}")["finished_at"]:
            return made
        time.sleep(0.1)
    raise Refused(f"the import {made} does not end")


def brief() -> dict:
    """A briefing of a committee by its counterpart. Nobody in the demonstration has recorded one."""
    committee = ids("liaison", "/v1/committees", 20)[-1]
    links = f"/v1/organizations/{committee}/links"
    there = rows("liaison", f"{links}?kind=counterpart_department&as_of=2026-03-02", 1)
    link = there[0] if there else ask("liaison", "POST", links, {
        "kind": "counterpart_department", "other_id": ids("liaison", "/v1/departments", 20)[-1], "from": "2026-01-01",
    })
    return ask("liaison", "POST", "/v1/activities", {
        "kind": "briefing", "title": "住房保障工作情况通报", "committee_id": committee,
        "department_id": link["other_id"], "held_on": "2026-03-02", "member_ids": ids("liaison", "/v1/members", 3),
    })


def rows(account: str, path: str, count: int = 3) -> list[dict]:
    return ask(account, "GET", f"{path}{'&' if '?' in path else '?'}limit={count}")["data"]


def ids(account: str, path: str, count: int = 3) -> list[str]:
    return [row["id"] for row in rows(account, path, count)]


def caller(operation_id: str, path_parameters: dict) -> str:
    """The account for this call; of two departments with accounts, the one that has the work order."""
    account = CALLERS.get(operation_id, "liaison")
    work = str((path_parameters or {}).get("assignment_id"))
    if account in ("receiver", "handler", "head"):
        if work not in _departments:
            try:
                path = f"/v1/assignments/{urllib.parse.quote(work, safe='')}"
                _departments[work] = ask("liaison", "GET", path)["department"]["id"]
            except (Refused, KeyError):
                # No work order at all, which is what the case is about.
                _departments[work] = ""
        if _departments[work] == _places.get("receiver2"):
            return account + "2"
    return account


class City:
    """What is there: `paths` by parameter, `fields` by body and field."""

    def __init__(self) -> None:
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        self.month = today.replace(day=1).isoformat()
        self.months = [today.replace(year=today.year + 1, month=month, day=1).isoformat() for month in (1, 2, 3)]
        self.soon = (today + datetime.timedelta(days=60)).isoformat()
        self.member = ask("member", "GET", "/v1/me")["member_id"]
        self.contact = ask("member", "GET", f"/v1/members/{self.member}/chain")["contacts"][0]["contact_id"]
        for name in ("receiver", "receiver2"):
            _places[name] = ask(name, "GET", "/v1/me")["roles"][0]["place_id"]
        self.departments = list(_places.values())
        scheme = ask("admin", "GET", f"/v1/schemes/{rows('admin', '/v1/schemes?state=published')[0]['id']}")
        self.channels = [one["code"] for one in scheme["channels"]][:3]
        self.must_visits = [one["code"] for one in scheme["must_visits"]][:3]
        self.issues, self.works = [], []
        self.started = now()
        self.visit_ids = self.visits()
        self.briefings = [brief() for _ in range(3)]
        for stage in range(8):
            self.issue(stage)
        self.codes = [self.public(answered=False), self.public(answered=True)]
        self.paths, self.fields = self.path_values(), self.body_values()

    def path_values(self) -> dict[str, list[str]]:
        """By parameter, or by operation and parameter: ids that the operation's caller sees."""
        plans = rows("convener", "/v1/plans?owner_kind=member", 20)
        own = ask("convener", "GET", "/v1/me")["member_id"]
        others = [plan["id"] for plan in plans if plan["owner_id"] != own][:2]
        mine = ids("member", f"/v1/plans?owner_id={self.member}")
        # Links are moved, ended and voided: of members on whom nothing else here depends.
        far = rows("liaison", "/v1/members", 3)
        links = [ask("liaison", "GET", f"/v1/members/{one['id']}/chain")["contacts"] for one in far[:2]]
        self.persons = [one["person_id"] for one in rows("liaison", "/v1/contacts", 3)]
        reached = f"/v1/persons/{self.persons[0]}"
        points = [ask("liaison", "POST", f"{reached}/contact-points", {
            "kind": "wechat", "value": f"wang_wei{n}", "from": "2026-01-01",
        })["id"] for n in range(3)]
        identifiers = [ask("liaison", "POST", f"{reached}/identifiers", {
            "scheme": "other", "value": f"X-{n}",
        })["id"] for n in range(3)]
        schemes, rule_sets = ids("admin", "/v1/schemes"), ids("admin", "/v1/rule-sets")
        return {
            "city_code": ["230400"],
            "code": ["230400", "230403", "230403001"],
            "activity_id": [one["id"] for one in self.briefings],
            "adjustment_id": ids("liaison", "/v1/adjustments"),
            "area_id": ids("liaison", "/v1/areas"),
            "committee_id": ids("liaison", "/v1/committees"),
            "sector_id": ids("liaison", "/v1/sectors"),
            "department_id": self.departments,
            "contact_id": ids("liaison", "/v1/contacts"),
            "member_id": [one["id"] for one in far],
            "end_contact_link.member_id": [far[0]["id"]],
            "end_contact_link.link_id": [link["id"] for link in links[0]],
            "void_contact_link.member_id": [far[1]["id"]],
            "void_contact_link.link_id": [link["id"] for link in links[1]],
            "person_id": self.persons,
            **{f"{what}.person_id": self.persons[:1] for what in (
                "end_contact_point", "void_contact_point", "void_identifier")},
            "contact_point_id": points,
            "identifier_id": identifiers,
            "import_id": [hand_in()],
            "issue_id": self.issues + ids("liaison", "/v1/issues?state=closed&category=agriculture", 1),
            "update_issue.issue_id": self.issues,
            "submit_issue.issue_id": self.issues,
            "withdraw_issue.issue_id": self.issues,
            "assignment_id": self.works,
            "plan_id": mine,
            "approve_plan.plan_id": mine + others,
            "send_back_plan.plan_id": mine + others,
            "visit_id": self.visit_ids,
            "scheme_id": schemes,
            "rule_set_id": rule_sets,
        }

    def body_values(self) -> dict[str, list[str]]:
        """By field, or by body and field: what refers to something, and instants and days near today."""
        sectors, contacts = ids("liaison", "/v1/sectors"), ids("liaison", "/v1/contacts")
        return {
            "at": [now()],
            "category": ["roads", "water_heating", "agriculture"],
            "channel_code": self.channels,
            "contact_id": contacts,
            "county_code": ["230403", "230422"],
            "department_id": self.departments,
            "division_code": ["230403", "230403001", "230422102"],
            "ended_at": [now()],
            "follow_up_on": [self.soon],
            "member_id": [self.member],
            "into": self.persons,
            "must_visit_code": self.must_visits,
            "owner_id": [self.member],
            "period_start": [self.month, *self.months],
            "plan_item_id": self.items,
            "promised_on": [self.soon],
            "reason_code": ["litigation"],
            "sector_id": sectors,
            "source_visit_id": self.visit_ids,
            "started_at": [self.started],
            "tracking_code": self.codes,
            # The categories of contacts are others.
            "CreateContactBody.category": ["key_enterprise", "community", "village"],
            "UpdateContactBody.category": ["key_enterprise", "community", "village"],
            "ReporterBody.contact_id": [self.contact],
            "NewPlanItem.contact_id": [self.contact],
            "NewVisit.contact_id": [self.contact],
            "NewActivity.committee_id": [self.briefings[0]["committee_id"]],
            "NewActivity.department_id": [self.briefings[0]["department_id"]],
            "NewActivity.held_on": ["2026-03-02"],
            "NewActivity.member_ids": [self.briefings[0]["member_ids"], []],
        }

    def visits(self) -> list[str]:
        """A plan of the member's for this month, carried out three times; two records are still open."""
        item = {"channel_code": self.channels[0], "contact_id": self.contact, "subject": "走访联系群众"}
        plan = rows("member", f"/v1/plans?owner_id={self.member}&period_start={self.month}")
        if not plan:
            plan = [ask("member", "POST", "/v1/plans", {
                "owner_kind": "member", "owner_id": self.member, "period_kind": "month",
                "period_start": self.month, "items": [item, item],
            })]
            ask("member", "POST", f"/v1/plans/{plan[0]['id']}/submit")
            ask("convener", "POST", f"/v1/plans/{plan[0]['id']}/approve")
        self.items = [one["id"] for one in ask("member", "GET", f"/v1/plans/{plan[0]['id']}")["items"]][:2]
        made = [ask("member", "POST", "/v1/visits", {
            "plan_item_id": self.items[0], "form": "visit", "started_at": now(), "summary": "了解社区供暖情况",
        })["id"] for _ in range(3)]
        ask("convener", "POST", f"/v1/visits/{made[0]}/confirm")
        return made

    def issue(self, stage: int) -> None:
        """An issue that has come so far: draft, submitted, accepted, dispatched, signed for, …"""
        made = ask("member", "POST", "/v1/issues", {
            "title": "小区路灯不亮", "body": "三栋前的路灯坏了一周。", "category": "roads", "urgency": "consult_help",
            "channel": "visit", "division_code": "230403", "source_visit_id": self.visit_ids[0],
            "reporter": {"contact_id": self.contact},
        })["id"]
        self.issues.append(made)
        self.walk(made, stage, [("member", f"/v1/issues/{made}/submit", None)])

    def public(self, answered: bool) -> str:
        """The tracking code of an issue without an account, either new or waiting for its answer."""
        body = {"title": "自来水发黄", "body": "早上水发黄。", "category": "water_heating", "division_code": "230403",
                "reporter": {"phone": "13904680000"}}
        code = ask("liaison", "POST", "/public/v1/230400/issues", body)["tracking_code"]
        if answered:
            self.walk(rows("liaison", "/v1/issues?channel=public&state=submitted", 1)[0]["id"], 6, [])
        return code

    def walk(self, issue: str, stage: int, first: list) -> None:
        centre = f"/v1/issues/{issue}"
        steps = first + [
            ("liaison", f"{centre}/accept", {"category": "roads", "urgency": "consult_help"}),
            ("liaison", f"{centre}/dispatch", {"shape": "sole", "assignments": [{"department_id": self.departments[0]}]}),
        ]
        for account, path, body in steps[:stage]:
            ask(account, "POST", path, body)
        if stage < len(steps):
            return
        work = ids("receiver", f"/v1/assignments?parent_id={issue}", 1)[0]
        self.works.append(work)
        order = f"/v1/assignments/{work}"
        rest = [
            ("receiver", f"{order}/sign_in", None),
            ("handler", f"{order}/record_contact", {"at": now(), "mode": "phone"}),
            ("handler", f"{order}/draft_reply", {"result_class": "a", "body": "已修复。", "contact_mode": "phone"}),
            ("head", f"{order}/reply", None),
            ("liaison", f"{centre}/pass", None),
        ]
        # Contact and draft are one stage together, so that the last one waits for the person's answer.
        for account, path, body in rest[: [0, 1, 3, 4, 5][min(stage - len(steps), 4)]]:
            ask(account, "POST", path, body)


def now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat()
