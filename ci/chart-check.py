#!/usr/bin/env python3
"""Holds renderings of the chart to Kubernetes' own schemas and to restricted Pod Security, and every value to having its line
in the README and in the schema. Needs pyyaml and kubernetes-validate.

    chart-check.py KUBERNETES-VERSION CHART RENDERED.yaml...
"""

import json
import pathlib
import sys

import kubernetes_validate
import yaml

# Kinds of others, which Kubernetes has no schema for.
FOREIGN = ("monitoring.coreos.com/", "kafka.strimzi.io/", "gateway.networking.k8s.io/")


def pod_of(document):
    if document["kind"] == "Pod":
        return document["spec"]
    return document["spec"]["template"]["spec"] if document["kind"] in ("Deployment", "StatefulSet") else None


def against_schema(document, version):
    if document["apiVersion"].startswith(FOREIGN):
        return
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as fault:
        yield str(fault)


def not_restricted(pod):
    security = pod.get("securityContext", {})
    if not security.get("runAsNonRoot") or security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "pod"
    if any("hostPath" in volume for volume in pod.get("volumes", [])):
        yield "hostPath"
    if pod.get("automountServiceAccountToken") is not False:
        yield "token"
    for container in pod["containers"]:
        own = container.get("securityContext", {})
        if (
            own.get("allowPrivilegeEscalation") is not False
            or own.get("capabilities", {}).get("drop") != ["ALL"]
            or own.get("readOnlyRootFilesystem") is not True
        ):
            yield f"container {container['name']}"


def undocumented(values, schema, readme, path=""):
    for key, value in values.items():
        name = f"{path}{key}"
        inner = schema.get("properties", {}).get(key)
        if inner is None:
            yield f"{name} is not in the schema"
        elif "properties" in inner:
            yield from undocumented(value, inner, readme, name + ".")
        elif f"| `{name}` |" not in readme:
            yield f"{name} is not in the README"


def main():
    version, chart = sys.argv[1], pathlib.Path(sys.argv[2])
    faults = list(
        undocumented(
            yaml.safe_load((chart / "values.yaml").read_text()),
            json.loads((chart / "values.schema.json").read_text()),
            (chart / "README.md").read_text(),
        )
    )
    objects, pods = 0, 0
    for file in sys.argv[3:]:
        for document in filter(None, yaml.safe_load_all(pathlib.Path(file).read_text())):
            name = f"{pathlib.Path(file).name}: {document['kind']}/{document['metadata']['name']}"
            objects += 1
            faults += [f"{name}: {fault}" for fault in against_schema(document, version)]
            pod = pod_of(document)
            if pod:
                pods += 1
                faults += [f"{name}: {what} is not restricted" for what in not_restricted(pod)]
    print(f"{objects} objects held to Kubernetes {version}, {pods} pods to the restricted standard; {len(faults)} faults")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
