#!/usr/bin/env python3
"""Holds renderings of the chart to Kubernetes' own schemas, the kinds of others to their CRDs, pods to restricted Pod Security, names
to the lengths that are allowed and labels to being text, KafkaTopics to being kept and to what gateways and processor are told,
network policies to letting nobody in by a second rule, alerts to those of alerts.yml, every value to having its line in the README
and in the schema, and the schema to knowing the programs' settings. Needs kubernetes-validate, with the pyyaml and jsonschema it needs.

    chart-check.py KUBERNETES-VERSION CHART CRDS RENDERED.yaml...

CRDS is a folder that ci/crds.sh has filled; a kind of others whose CRD is not there is not held to anything.
"""

import json
import pathlib
import re
import sys
import urllib.parse

import jsonschema
import kubernetes_validate
import yaml
from foreign import MISSPELT, misspelt

TOPIC_NAMES = pathlib.Path("service/src/main/java/io/jimbot/eventbus/service/kafka/KafkaTopics.java")
PROGRAMS = {
    "gateway": pathlib.Path("gateway/src/main/resources/gateway.yml"),
    "processor": pathlib.Path("streams-processor/src/main/resources/processor.yml"),
}
# A StatefulSet's name and 11 characters more are a label of its pods.
LONGEST = {"Service": 63, "StatefulSet": 52}
# What the processor makes beside what is in ofGateway() there.
OF_PROCESSOR = {"dead-letter-states", "delayed-reports", "replays"}


class OnceEach(yaml.SafeLoader):
    """Refuses a key that is there twice, of which others keep the last."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"twice: {sorted(twice)}", node.start_mark)
        return super().construct_mapping(node, deep)


def pod_of(document):
    if document["kind"] == "Pod":
        return document["spec"]
    return document["spec"]["template"]["spec"] if document["kind"] in ("Deployment", "StatefulSet") else None


def closed(schema):
    """A CRD's schema as JSON Schema has it, and refusing the fields that it does not name, as an API server does if asked to."""
    schema = dict(schema)
    if schema.get("type") == "object":
        schema["properties"] = {name: closed(inner) for name, inner in schema.get("properties", {}).items()}
        others = schema.get("additionalProperties", schema.get("x-kubernetes-preserve-unknown-fields", False))
        schema["additionalProperties"] = closed(others) if isinstance(others, dict) else others
    if "items" in schema:
        schema["items"] = closed(schema["items"])
    if schema.get("nullable"):
        schema["type"] = [schema["type"], "null"]
    return schema


def definitions_in(folder):
    """What the CRDs of the folder hold an object to, by its kind and apiVersion."""
    definitions = {}
    for file in folder.glob("*.yaml"):
        spec = yaml.safe_load(file.read_text())["spec"]
        for version in spec["versions"]:
            schema = closed(version["schema"]["openAPIV3Schema"])
            # CRDs leave it to Kubernetes.
            schema["properties"]["metadata"] = {}
            of_kind = definitions.setdefault(spec["names"]["kind"], {})
            of_kind[f"{spec['group']}/{version['name']}"] = jsonschema.Draft7Validator(schema)
    return definitions


def against_definition(document, of_kind):
    if document["apiVersion"] not in of_kind:
        yield f"there is no {document['apiVersion']}"
        return
    for fault in of_kind[document["apiVersion"]].iter_errors(document):
        yield f"{fault.json_path}: {fault.message}"


def against_schema(document, version, definitions):
    kind = document["kind"]
    if kind in MISSPELT:
        if kind in definitions:
            yield from against_definition(document, definitions[kind])
            other = yaml.safe_load(misspelt(kind, yaml.safe_dump(document)))
            if not any(f"'{MISSPELT[kind][1]}' was unexpected" in fault for fault in against_definition(other, definitions[kind])):
                yield f"it is taken with {MISSPELT[kind][1]} for {MISSPELT[kind][0]}, too"
        # Another kind that has nothing but metadata.
        document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": document["metadata"]}
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as fault:
        yield str(fault)


def texts_in(node):
    """What must be text wherever it stands."""
    if isinstance(node, list):
        for each in node:
            yield from texts_in(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from (value or {}).items() if key in ("labels", "annotations", "matchLabels") else texts_in(value)


def wrong_metadata(document):
    metadata, longest = document["metadata"], LONGEST.get(document["kind"], 253)
    if len(str(metadata["name"])) > longest:
        yield f"the name has more than {longest} characters"
    texts = [(key, metadata[key]) for key in ("name", "namespace") if key in metadata] + list(texts_in(document))
    yield from (f"{key} is {value}, which is no text" for key, value in texts if not isinstance(value, str))


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


def topics_of_gateway():
    source = TOPIC_NAMES.read_text()
    names = dict(re.findall(r'String (\w+)\(\) {\s+return prefix \+ "\.(.*?)"', source))
    return {names[method] for method in re.findall(r"(\w+)\(\)", source[source.index("return List.of(") :].split(";")[0])}


def settings_told(documents):
    return {
        file: yaml.safe_load(text)
        for document in documents
        if document["kind"] == "ConfigMap"
        for file, text in document["data"].items()
        if file in ("gateway.yml", "processor.yml")
    }


def told_otherwise(documents, values):
    """Settings that a program is told differently from what the values say for it."""
    for file, settings in settings_told(documents).items():
        program = file.removesuffix(".yml")
        own = values.get(program, {}).get("config", {})
        own = own.get("kafkaClient", {}) if program == "gateway" else own.get("kafka", {}).get("client", {})
        client = settings["kafkaClient"] if program == "gateway" else settings["kafka"]["client"]
        if client != values["kafka"].get("client", {}) | own:
            yield f"{file} has Kafka's clients be {client}"
        level = values.get("logging", {}).get("level", "INFO")
        if settings["logging"]["level"] != level:
            yield f"{file} has the level {settings['logging']['level']}, not {level}"


def wrong_topics(documents, values):
    """The topics that are declared to Strimzi: all that the services make by fixed names, kept, and as the services are told."""
    topics = {document["spec"]["topicName"]: document for document in documents if document["kind"] == "KafkaTopic"}
    if not topics:
        return
    told = settings_told(documents)
    settings = told["gateway.yml"]["topics"]
    prefix = settings["prefix"]
    wanted = {f"{prefix}.{name}" for name in topics_of_gateway() | OF_PROCESSOR}
    if set(topics) != wanted:
        yield f"KafkaTopics differ from those that the services make: {sorted(set(topics) ^ wanted)}"
        return
    for topic in topics.values():
        name = topic["metadata"]["name"]
        if topic["apiVersion"] != values["kafkaTopics"].get("apiVersion", "kafka.strimzi.io/v1"):
            yield f"KafkaTopic/{name} is of {topic['apiVersion']}"
        if (topic["metadata"].get("annotations") or {}).get("helm.sh/resource-policy") != "keep":
            yield f"KafkaTopic/{name} is not kept"
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", name):
            yield f"KafkaTopic/{name} is no name for Kubernetes"
    for name, setting in {"events": "events", "dead-letters": "deadLetters", "commands": "commands", "delayed": "delayed"}.items():
        spec, shape = topics[f"{prefix}.{name}"]["spec"], settings[setting]
        declared = (spec["partitions"], f"{spec['config']['retention.ms']}ms", f"{spec['config']['max.message.bytes']}B")
        if declared != (shape["partitions"], shape["retention"], shape["maxMessageSize"]):
            yield f"topics.{setting} of gateway.yml is {shape}, declared is {declared}"
    if "processor.yml" in told:
        letters = told["processor.yml"]["deadLetters"]
        pairs = [
            (told["processor.yml"]["replay"]["partitions"], topics[f"{prefix}.replays"]["spec"]["partitions"]),
            (letters["partitions"], topics[f"{prefix}.dead-letter-states"]["spec"]["partitions"]),
            (letters["keep"], f"{topics[f'{prefix}.dead-letters']['spec']['config']['retention.ms']}ms"),
        ]
        yield from (f"processor.yml says {here}, declared is {there}" for here, there in pairs if here != there)


def open_gateway(documents, values):
    """Rules that let everybody reach the gateway although the values say who may."""
    if values.get("networkPolicy", {}).get("from"):
        for policy in gateway_policies(documents):
            yield from (f"the gateway is open by {rule}" for rule in policy["spec"]["ingress"] if not rule.get("from"))


def blocked(documents, values):
    """Ports that the addresses of the values name and no policy lets the pods reach."""
    urls = [values.get("schemaRegistry", {}).get("url", ""), values.get("tracing", {}).get("endpoint", "")]
    addresses = [f"kafka://{each.strip()}" for each in values["kafka"]["bootstrapServers"].split(",")]
    addresses += [each.strip() for url in urls for each in url.split(",") if "://" in each]
    usual = {"http": 80, "https": 443}
    parsed = [urllib.parse.urlsplit(address) for address in addresses]
    needed = {address.port or usual[address.scheme] for address in parsed}
    for policy in gateway_policies(documents):
        reached = {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}
        yield from (f"port {port} is blocked" for port in sorted(needed - reached))


def gateway_policies(documents):
    return [each for each in documents if each["kind"] == "NetworkPolicy" and each["metadata"]["name"].endswith("-gateway")]


def behind_a_proxy(documents):
    """Where an Ingress or a route leads to the gateway, it must look behind it for the sender; nginx must let large bodies through."""
    kinds = [(each["kind"], each["metadata"]["name"]) for each in documents]
    wanted = any(kind == "HTTPRoute" or (kind == "Ingress" and name.endswith("-http")) for kind, name in kinds)
    config = next(each["data"]["gateway.yml"] for each in documents if "gateway.yml" in each.get("data", {}))
    if yaml.safe_load(config)["http"]["trustForwardedFor"] is not wanted:
        yield f"http.trustForwardedFor is not {wanted}"
    for ingress in (each for each in documents if each["kind"] == "Ingress"):
        if "nginx.ingress.kubernetes.io/proxy-body-size" not in ingress["metadata"].get("annotations", {}):
            yield f"Ingress/{ingress['metadata']['name']} has nginx refuse what the bus takes"


def without_extras(documents, values):
    """Volumes of the user's that a workload lacks, or has and does not mount."""
    for component in ("gateway", "processor"):
        pods = [pod_of(each) for each in documents if each["metadata"]["name"].endswith(f"-{component}")]
        for pod in filter(None, pods):
            for key, had in (("extraVolumes", pod["volumes"]), ("extraVolumeMounts", pod["containers"][0]["volumeMounts"])):
                missing = [each for each in values.get(component, {}).get(key, []) if each not in had]
                yield from (f"{component}.{key}: {each} is missing" for each in missing)


def wrong(documents, values):
    yield from told_otherwise(documents, values)
    yield from wrong_topics(documents, values)
    yield from open_gateway(documents, values)
    yield from blocked(documents, values)
    yield from behind_a_proxy(documents)
    yield from without_extras(documents, values)


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


def unknown_settings(schema):
    """Keys of a program's settings that the schema refuses, or takes although the program does not know them."""
    for program, file in PROGRAMS.items():
        known = set(schema["definitions"][f"{program}Config"]["properties"])
        yield from (f"{program}.config: {key}" for key in sorted(known ^ set(yaml.safe_load(file.read_text()))))


def main():
    version, chart = sys.argv[1], pathlib.Path(sys.argv[2])
    schema = json.loads((chart / "values.schema.json").read_text())
    faults = list(undocumented(yaml.safe_load((chart / "values.yaml").read_text()), schema, (chart / "README.md").read_text()))
    faults += unknown_settings(schema)
    alerts = yaml.safe_load((chart / "alerts.yml").read_text())
    definitions = definitions_in(pathlib.Path(sys.argv[3]))
    objects, pods, untried = 0, 0, set(MISSPELT)
    for file in map(pathlib.Path, sys.argv[4:]):
        documents = list(filter(None, yaml.load_all(file.read_text(), OnceEach)))
        values = yaml.safe_load((chart / "ci" / f"{file.stem}-values.yaml").read_text())
        unlike = []
        for document in documents:
            name = f"{file.name}: {document['kind']}/{document['metadata']['name']}"
            objects += 1
            untried.discard(document["kind"])
            unlike += [f"{name}: {fault}" for fault in against_schema(document, version, definitions)]
            # The templates in them are for Prometheus to fill in, not for Helm.
            if document["kind"] == "PrometheusRule" and document["spec"] != alerts:
                unlike.append(f"{name}: its alerts are not those of alerts.yml")
            unlike += [f"{name}: {fault}" for fault in wrong_metadata(document)]
            pod = pod_of(document)
            if pod:
                pods += 1
                faults += [f"{name}: {what} is not restricted" for what in not_restricted(pod)]
        # Objects that have not the form they should are not read any further.
        faults += unlike or [f"{file.name}: {fault}" for fault in wrong(documents, values)]
    faults += [f"no value file has a {kind}" for kind in sorted(untried)]
    print(f"{objects} objects held to Kubernetes {version}, of others {', '.join(sorted(definitions))} to their CRDs")
    print(f"{pods} pods to the restricted standard; {len(faults)} faults")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
