#!/usr/bin/env python3
"""The writers of scripts/crash.sh, and what they remember.

crash.py write  reads "act issue version" lines, sends each in one of eight threads, and notes every
                request before it is sent and every answer after it came; ends when the server is gone
crash.py check  sends every noted request again with its own key: what was answered must be answered
                in the same words, what was not must be done now, or have been done

Both take BASE_URL, CRASH_TOKEN, CRASH_DEPARTMENT and CRASH_NOTES from the environment.
"""

import http.client
import json
import os
import queue
import sys
import threading
import urllib.parse

HOST = urllib.parse.urlsplit(os.environ["BASE_URL"]).netloc
NOTES = os.environ["CRASH_NOTES"]
THREADS = 8


def body_of(act):
    if act == "dispatch":
        order = {"department_id": os.environ["CRASH_DEPARTMENT"]}
        return json.dumps({"shape": "sole", "assignments": [order]})
    return json.dumps({"category": "roads", "urgency": "consult_help"})


def send(connection, act, issue, version):
    headers = {
        "Authorization": "Bearer " + os.environ["CRASH_TOKEN"],
        "Content-Type": "application/json",
        "If-Match": f'"{version}"',
        "Idempotency-Key": f"crash-{act}-{issue}",
    }
    connection.request("POST", f"/v1/issues/{issue}/{act}", body_of(act), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    return answer.status, text, answer.getheader("Idempotency-Replayed")


def write():
    work = queue.SimpleQueue()
    for line in sys.stdin:
        work.put(line.split())
    lock = threading.Lock()
    with open(NOTES, "a", encoding="utf-8") as notes:

        def note(**what):
            with lock:
                notes.write(json.dumps(what) + "\n")
                notes.flush()

        def writer():
            connection = http.client.HTTPConnection(HOST, timeout=10)
            while not work.empty():
                act, issue, version = work.get()
                note(sent=[act, issue, version])
                try:
                    status, text, _ = send(connection, act, issue, version)
                except (OSError, http.client.HTTPException):
                    return
                # 503: the database is gone, and nobody knows whether this was stored.
                if status == 503:
                    return
                note(answered=[act, issue, version], status=status, text=text)

        threads = [threading.Thread(target=writer) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def check():
    sent, answered = [], {}
    with open(NOTES, encoding="utf-8") as notes:
        for line in notes:
            what = json.loads(line)
            if "sent" in what:
                sent.append(tuple(what["sent"]))
            else:
                answered[tuple(what["answered"])] = what
    connection = http.client.HTTPConnection(HOST, timeout=30)
    wrong, open_ones, found = 0, 0, 0
    for request in sent:
        status, text, replayed = send(connection, *request)
        before = answered.get(request)
        if before is None:
            open_ones += 1
            found += replayed is not None
            fine = status == 200
        else:
            fine = (status, text) == (before["status"], before["text"]) and status == 200 and replayed
        if not fine:
            wrong += 1
            print(f"{request}: answered {before and before['status']}, now {status} {text[:300]}", file=sys.stderr)
    print(f"{len(answered)} acknowledged and there, {open_ones} open of which {found} were stored")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]]()
