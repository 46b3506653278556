"""Reads everything that an example in the document names, as somebody who sees the whole city."""

import json
import sys

from contract.city import Refused, ask, brief, hand_in

document = json.load(open(sys.argv[1], encoding="utf-8"))
missing = []
# What nobody has made in the demonstration city has no example in the document.
made = {"import_id": hand_in(), "activity_id": brief()["id"]}


def read(what, path):
    try:
        ask("liaison", "GET", path)
    except Refused as refused:
        missing.append(f"{what}: {refused}")


count = 0
for path, item in document["paths"].items():
    if "get" not in item or not path.startswith("/v1/") or "{" not in path:
        continue
    filled = path
    for parameter in item["get"]["parameters"]:
        if parameter["in"] == "path":
            filled = filled.replace(f"{{{parameter['name']}}}", str(made.get(parameter["name"]) or parameter["example"]))
    read(item["get"]["operationId"], filled)
    count += 1
parameters = document["paths"]["/v1/plans/{plan_id}"]["get"]["parameters"]
plan = ask("liaison", "GET", "/v1/plans/" + next(one["example"] for one in parameters if one["name"] == "plan_id"))
item = document["components"]["schemas"]["NewVisit"]["example"]["plan_item_id"]
if item not in [one["id"] for one in plan["items"]]:
    missing.append(f"NewVisit.plan_item_id: {item} is not an item of plan {plan['id']}")
print(f"{count} examples read, {len(missing)} missing")
print("\n".join(missing))
sys.exit(bool(missing))
