"""What schemathesis must know of our API beyond the document (design/api.md, "Description")."""

import itertools
import json
import random
import threading
import time
import uuid
from pathlib import Path

import schemathesis
from schemathesis.generation.meta import TestPhase

from contract.city import City, caller, token

_document = json.loads((Path(__file__).parent.parent / "openapi" / "openapi.json").read_text())
_fault = _document["components"]["schemas"]["Problem"]["properties"]["errors"]["items"]["properties"]["code"]
# Well formed, yet against what is there: no schema can say it, so such a 422 is a fair answer. The
# document itself says which codes mean that.
SEMANTIC = set(_fault["x-meanings"])

_lock = threading.Lock()
_etags: dict[str, str] = {}
_draw = random.Random(1158)
_numbers = itertools.count(1)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Draws what refers to something from what is there: such values become the schema's only ones.

    So a value of none of them counts as wrong, as it is, and 404 need not be accepted for right ones.
    Only parameters and bodies are narrowed; answers are held against the document as it stands.
    """
    city = City()
    bodies, answers = set(), set()
    for item in raw_schema["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                name = parameter["name"]
                values = city.paths.get(f"{operation['operationId']}.{name}", city.paths.get(name))
                if name == "If-Match":
                    # The same, so that the coverage phase finds a value: it does not in the pattern.
                    parameter["schema"] = {"type": "string", "anyOf": [{"enum": ["*"]}, parameter["schema"]]}
                if parameter["in"] == "path" and values:
                    parameter["schema"] = {"type": "string", "enum": values}
                    parameter["example"] = values[0]
            reached(raw_schema, operation.get("requestBody", {}), bodies)
            for response in operation["responses"].values():
                reached(raw_schema, response, answers)
    for name in bodies - answers:
        narrow(name, raw_schema["components"]["schemas"][name], city.fields)


def reached(document, part, found):
    """Adds the components that `part` refers to, through others too."""
    if isinstance(part, list):
        for one in part:
            reached(document, one, found)
    elif isinstance(part, dict):
        name = str(part.get("$ref", "")).partition("#/components/schemas/")[2]
        if name and name not in found:
            found.add(name)
            reached(document, document["components"]["schemas"][name], found)
        for one in part.values():
            reached(document, one, found)


def narrow(body, schema, fields):
    """Gives the fields of a body that refer to something their values, in its example too."""
    for name, form in schema.get("properties", {}).items():
        values = fields.get(f"{body}.{name}", fields.get(name))
        if not values:
            continue
        nullable = isinstance(form.get("type"), list)
        schema["properties"][name] = {"enum": [*values, None] if nullable else values, "example": values[0]}
        if name in schema.get("example", {}):
            schema["example"][name] = values[0]
    # An example of a body holds those of the bodies inside it.
    for inner in schema.get("example", {}).values():
        for one in inner if isinstance(inner, list) else [inner]:
            for name in one if isinstance(one, dict) else []:
                if fields.get(name):
                    one[name] = fields[name][0]


@schemathesis.auth(refresh_interval=None)
class Callers:
    """Signs in as somebody who may do what the case asks for."""

    def get(self, case, context):
        return token(caller(case.operation.definition.raw["operationId"], case.path_parameters))

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """If-Match is `*` or the last ETag of the object, and keys are new, unless the case is about them."""
    if case.meta is None or case.meta.generation.mode.is_negative:
        return
    stateful = case.meta.phase.name == TestPhase.STATEFUL
    if stateful and isinstance(case.body, dict):
        renew(case.body)
    headers = case.headers or {}
    with _lock:
        if "If-Match" in headers:
            last = _etags.get(case.formatted_path) or _etags.get(case.formatted_path.rpartition("/")[0])
            headers["If-Match"] = last if last and not stateful and _draw.random() < 0.5 else "*"
        if "Idempotency-Key" in headers:
            headers["Idempotency-Key"] = str(uuid.uuid4())


def renew(body):
    """Makes what may be there once only new, so that a step sent again is answered as it was before:
    the stateful phase ends where it is not."""
    number = next(_numbers)
    if body.get("id"):
        body["id"] = uuid7()
    if "number" in body:
        body["number"] = f"S{number}"
    if "contact_id" in body and "from" in body:
        body |= {"from": f"{2100 + number}-01-01", "until": f"{2100 + number}-01-02"}
    if "period_start" in body:
        body["period_start"] = f"{2100 + number // 12}-{number % 12 + 1:02}-01"


def uuid7():
    """A new one; Python 3.14 is the first to know them."""
    bits = (int(time.time() * 1000) & (1 << 48) - 1) << 80 | 7 << 76 | random.getrandbits(76)
    return str(uuid.UUID(int=bits & ~(3 << 62) | 2 << 62))


@schemathesis.hook
def after_call(context, case, response):
    """Remembers the ETag of what was read."""
    etag = response.headers.get("etag")
    if etag and case.method.upper() == "GET" and response.status_code == 200:
        with _lock:
            _etags[case.formatted_path] = etag[0]


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps every failure but one: well-formed data refused for what it means."""
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    try:
        problem = json.loads(response.content)
    except ValueError:
        return True
    if (response.status_code, problem.get("code")) == (400, "bad_cursor"):
        return False
    faults = problem.get("errors") or []
    return not (
        (response.status_code, problem.get("code")) in [(422, "invalid"), (400, "bad_query")]
        and faults
        and all(fault.get("code") in SEMANTIC for fault in faults)
    )
