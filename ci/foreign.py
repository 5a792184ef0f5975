"""The kinds that the chart makes for others, each with a field of it and how that may be misspelt. A check that takes the misspelt
one holds the kind to nothing."""

import re

MISSPELT = {
    "ServiceMonitor": ("interval", "intervall"),
    "PrometheusRule": ("expr", "exprr"),
    "HTTPRoute": ("backendRefs", "backendRef"),
    "GRPCRoute": ("parentRefs", "parentRef"),
    "KafkaTopic": ("topicName", "topicNme"),
}


def misspelt(kind, text):
    """An object of that kind, as YAML with each field on a line or in braces, with the first of those fields misspelt."""
    right, wrong = MISSPELT[kind]
    return re.sub(rf"\b{right}:", f"{wrong}:", text, count=1)
