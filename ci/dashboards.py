#!/usr/bin/env python3
"""Holds the dashboards and alerts to the metrics of the bus: each that counts dead letters must be in a query, and no query may mix
the buses of several namespaces. With a Prometheus that scrapes a running bus it is asked every query: each must be valid, and each
metric that it names must be there or, for what only shows once it has happened, be made by the sources. One that is there must have
every label that it is grouped by, selected by or shown with.

    dashboards.py [PROMETHEUS-URL]
"""

import json
import pathlib
import re
import sys
import typing
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).parent.parent
METRIC = re.compile(r"\b(?:eventbus|jvm|process)_[a-z_]+\b")
SUFFIX = re.compile(r"_(?:bucket|sum|count)$")
GROUPED = re.compile(r"\b(?:sum|min|max|avg|count)\b(?: by \(([^)]*)\))? ?(?=\()")

# Labels that Kubernetes gives a target, and Compose does not.
OF_KUBERNETES = {"namespace", "pod", "service", "container", "endpoint"}


class Query(typing.NamedTuple):
    """A query of a panel, with what its legend says, or of an alert, which has none."""

    where: str
    text: str
    legend: typing.Optional[str] = None

    def to_ask(self):
        return self.text.replace("$__rate_interval", "1m").replace("$namespace", ".*")


def ask(url, path, **query):
    with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(query)}", timeout=15) as answer:
        return json.load(answer)["data"]


def dashboards():
    for file in sorted((ROOT / "helm/event-bus/dashboards").glob("*.json")):
        yield file.name, json.loads(file.read_text())


def queries():
    for name, dashboard in dashboards():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                yield Query(f"{name}: {panel['title']}", target["expr"], target.get("legendFormat", ""))
    alerts = (ROOT / "helm/event-bus/alerts.yml").read_text()
    for rule in re.finditer(r"- alert: (\w+)\n +expr: (?:>-\n)?(.*?)\n +(?:for|labels):", alerts, re.DOTALL):
        yield Query(f"alerts.yml: {rule[1]}", " ".join(rule[2].split()))


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


def listed(labels):
    return re.findall(r"\w+", labels or "")


def without_choice():
    """Dashboards that have no namespace to choose, or none that fits a stack whose metrics have no such label."""
    for name, dashboard in dashboards():
        variables = {each["name"]: each.get("allValue") for each in dashboard["templating"]["list"]}
        if variables.get("namespace") != ".*":
            yield name


def mixes_namespaces(query):
    """Whether a panel takes a metric of another namespace than is chosen, or an alert puts several into one."""
    if query.legend is not None:
        return re.search(METRIC.pattern + r'(?!\{namespace=~"\$namespace")', query.text)
    together = GROUPED.findall(query.text) + re.findall(r"\bon \(([^)]*)\)", query.text)
    return any("namespace" not in listed(labels) for labels in together)


def in_brackets(text, start):
    """What stands in the bracket that opens at start."""
    depth = 0
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[start:end]
    return text[start:]


def labels_needed(query):
    """Each label that a query names, with the part of the query whose metrics must have it."""
    for group in GROUPED.finditer(query.text):
        yield from ((label, in_brackets(query.text, group.end())) for label in listed(group[1]))
    for selected in re.finditer(METRIC.pattern + r"\{([^}]*)\}", query.text):
        yield from ((label, selected[0]) for label in listed(re.sub(r'"[^"]*"', "", selected[1])))
    if not GROUPED.search(query.text):
        yield from ((label, query.text) for label in legend_labels(query))


def legend_labels(query):
    return re.findall(r"{{(\w+)}}", query.legend or "")


def grouped_away(query):
    """Labels of a legend that nothing of the query's answer has, since it is not grouped by them."""
    groups = GROUPED.findall(query.text)
    return [label for label in legend_labels(query) if groups and not any(label in listed(labels) for labels in groups)]


def main():
    url = sys.argv[1] if len(sys.argv) > 1 else None
    present = set(ask(url, "/api/v1/label/__name__/values")) if url else set()
    sources = made_by_sources()
    labels = {name: ask(url, "/api/v1/labels", **{"match[]": name}) for name in present if METRIC.fullmatch(name)}
    count, used = 0, set()
    wrong = [f"{name}: all namespaces cannot be chosen" for name in without_choice()]
    for query in queries():
        count += 1
        names = used_in(query.text, present | sources)
        used |= names
        if mixes_namespaces(query):
            wrong.append(f"{query.where}: {query.text} mixes the buses of several namespaces")
        wrong += [f"{query.where}: {query.text} is not grouped by {label}, which is to be shown" for label in grouped_away(query)]
        if url:
            try:
                ask(url, "/api/v1/query", query=query.to_ask())
            except urllib.error.HTTPError as refusal:
                wrong.append(f"{query.where}: {query.text}: {refusal.read().decode()}")
            unknown = sorted(name for name in names - present if SUFFIX.sub("", name) not in sources)
            wrong += [f"{query.where}: there is no metric {name}" for name in unknown]
            for label, part in labels_needed(query):
                without = sorted(name for name in used_in(part, present) & present if label not in labels[name])
                wrong += [f"{query.where}: {name} has no label {label}" for name in without if label not in OF_KUBERNETES]
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
