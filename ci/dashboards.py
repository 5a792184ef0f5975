#!/usr/bin/env python3
"""Asks a Prometheus that scrapes a running bus every query of the dashboards and alerts: each must be valid, and each metric
that it names must be there or, for what only shows once it has happened, be made by the sources.

    dashboards.py PROMETHEUS-URL
"""

import json
import pathlib
import re
import sys
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
    for line in (ROOT / "helm/event-bus/alerts.yml").read_text().splitlines():
        if line.strip().startswith("expr: "):
            yield "alerts.yml", line.strip().removeprefix("expr: ")


def made_by_sources():
    text = "".join(f.read_text() for m in ("gateway", "service", "streams-processor") for f in (ROOT / m / "src/main").rglob("*.java"))
    return set(re.findall(r'"(eventbus_[a-z_]+)"', text))


def main():
    url = sys.argv[1]
    present = set(ask(url, "/api/v1/label/__name__/values"))
    sources = made_by_sources()
    asked, silent, wrong = 0, set(), []
    for where, expression in expressions():
        asked += 1
        try:
            ask(url, "/api/v1/query", query=expression)
        except urllib.error.HTTPError as refusal:
            wrong.append(f"{where}: {expression}: {refusal.read().decode()}")
        for name in METRIC.findall(expression):
            if name in present:
                continue
            if SUFFIX.sub("", name) in sources:
                silent.add(name)
            else:
                wrong.append(f"{where}: there is no metric {name}")
    print(f"{asked} queries asked, {len(wrong)} wrong; made by the sources but not seen yet: {', '.join(sorted(silent)) or 'none'}")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
