#!/usr/bin/env python3
"""Publishes events over REST, notes which were acknowledged, and looks for them in the history. Python's own library only.

    traffic.py publish --url URL --seconds N --acknowledged FILE [--threads N]    tries each event again until it is taken
    traffic.py verify  --url URL --acknowledged FILE [--since MILLIS]             ends with 1 if one is missing
"""

import argparse
import json
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid


def post(url, event):
    """Whether the event was acknowledged; anything but 200 means: again, later."""
    request = urllib.request.Request(
        url + "/api/v1/events", json.dumps(event).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError, ValueError):
        return False


def publish(options):
    end = time.monotonic() + options.seconds
    lock = threading.Lock()
    counts = {"acknowledged": 0, "again": 0}

    def work(number, notes):
        sequence = 0
        while time.monotonic() < end:
            event = {
                "type": "MONEY_CHANGED",
                "event_id": str(uuid.uuid4()),
                "source": "traffic",
                "game_id": f"game-{number}",
                "payload": {"old_value": sequence, "new_value": sequence + 1},
            }
            while not post(options.url, event):
                with lock:
                    counts["again"] += 1
                if time.monotonic() > end + 60:
                    return
                time.sleep(0.2)
            with lock:
                notes.write(event["event_id"] + "\n")
                notes.flush()
                counts["acknowledged"] += 1
            sequence += 1
            time.sleep(0.01)

    with open(options.acknowledged, "a", encoding="utf-8") as notes:
        threads = [threading.Thread(target=work, args=(n, notes)) for n in range(options.threads)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print(f"acknowledged={counts['acknowledged']} sent_again={counts['again']}", flush=True)


def history(url, since):
    cursor = None
    while True:
        query = {"source": "traffic", "from": since, "limit": 1000} | ({"cursor": cursor} if cursor else {})
        with urllib.request.urlopen(f"{url}/api/v1/events?{urllib.parse.urlencode(query)}", timeout=30) as answer:
            page = json.load(answer)
        yield from (event["event_id"] for event in page["events"])
        cursor = page.get("next_cursor")
        if not cursor:
            return


def verify(options):
    with open(options.acknowledged, encoding="utf-8") as notes:
        expected = set(notes.read().split())
    seen = {}
    for event_id in history(options.url, options.since):
        seen[event_id] = seen.get(event_id, 0) + 1
    missing = expected - seen.keys()
    again = sum(1 for event_id in expected if seen.get(event_id, 0) > 1)
    print(f"acknowledged={len(expected)} stored={len(seen)} missing={len(missing)} stored_more_than_once={again}", flush=True)
    return 1 if missing or not expected else 0


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("command", choices=["publish", "verify"])
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--acknowledged", required=True)
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--threads", type=int, default=8)
    arguments.add_argument("--since", type=int, default=0)
    options = arguments.parse_args()
    return publish(options) if options.command == "publish" else verify(options)


if __name__ == "__main__":
    sys.exit(main())
