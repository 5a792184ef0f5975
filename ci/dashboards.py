#!/usr/bin/env python3
"""Holds the dashboards and alerts to the metrics of the bus: each that counts dead letters must be in a query. With a Prometheus
that scrapes a running bus it is asked every query: each must be valid, and each metric that it names must be there or, for what only
shows once it has happened, be made by the sources.

    dashboards.py [PROMETHEUS-URL]
"""

import json
import pathlib
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).parent.parent
METRIC = re.compile(r"\b(?:eventbus|jvm|process)_[a-z_]+\b")
SUFFIX = re.compile(r"_(?:bucket|sum|count)$")


def ask(url, path, **query):
    with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(query)}", timeout=15) as answer:
        return json.load(answer)["data"]


def expressions():
    for file in sorted((ROOT / "helm/event-bus/dashboards").glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel.get("targets", []):
                yield f"{file.name}: {panel['title']}", target["expr"].replace("$__rate_interval", "1m")
    alerts = (ROOT / "helm/event-bus/alerts.yml").read_text()
    for rule in re.finditer(r"- alert: (\w+)\n +expr: (?:>-\n)?(.*?)\n +(?:for|labels):", alerts, re.DOTALL):
        yield f"alerts.yml: {rule[1]}", " ".join(rule[2].split())


def made_by_sources():
    """Names that stand in the sources, and those that are put together of a beginning and an end in one file."""
    made = set()
    for module in ("gateway", "service", "streams-processor"):
        for file in (ROOT / module / "src/main").rglob("*.java"):
            words = set(re.findall(r'"([a-z_]+)"', file.read_text()))
            whole = {word for word in words if word.startswith("eventbus_")}
            made |= {word for word in whole if not word.endswith("_")}
            ends = {word for word in words - whole if word.endswith("_total")}
            made |= {start + end for start in whole if start.endswith("_") for end in ends}
    return made


def used_in(expression, made):
    """The metrics that a query names; of a name given by a pattern, all that it fits."""
    used = set()
    for pattern in re.findall(r'__name__=~"([^"]*)"', expression):
        used |= {name for name in made if re.fullmatch(pattern, name)}
    return used | set(METRIC.findall(re.sub(r'"[^"]*"', "", expression)))


def main():
    url = sys.argv[1] if len(sys.argv) > 1 else None
    present = set(ask(url, "/api/v1/label/__name__/values")) if url else set()
    sources = made_by_sources()
    count, used, wrong = 0, set(), []
    for where, expression in expressions():
        count += 1
        names = used_in(expression, present | sources)
        used |= names
        if url:
            try:
                ask(url, "/api/v1/query", query=expression)
            except urllib.error.HTTPError as refusal:
                wrong.append(f"{where}: {expression}: {refusal.read().decode()}")
            unknown = sorted(name for name in names - present if SUFFIX.sub("", name) not in sources)
            wrong += [f"{where}: there is no metric {name}" for name in unknown]
    for name in sorted(present | sources):
        if name.startswith("eventbus_") and "dead_letter" in name and name not in used:
            wrong.append(f"{name} is in no dashboard and no alert")
    silent = ", ".join(sorted(used - present)) or "none"
    told = f"asked, {len(wrong)} wrong; made by the sources but not seen yet: {silent}" if url else f"read, {len(wrong)} wrong"
    print(f"{count} queries {told}")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
