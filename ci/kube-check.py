"""What ci/kube-api.sh asks an API server beside helm.

    kube-check.py KUBECONFIG prepare CRDS       namespaces that enforce restricted Pod Security, and the kinds of others
    kube-check.py KUBECONFIG strict NAMESPACE.yaml...
                                                creates, as a dry run, each object with no field unknown, and of the kinds of
                                                others one with a misspelt field, which must be refused
    kube-check.py KUBECONFIG pods NAMESPACE     creates, as a dry run, a pod of each workload, and one that must be refused
    kube-check.py KUBECONFIG topics             the names of all KafkaTopics
"""

import json
import pathlib
import re
import ssl
import sys
import time
import urllib.error
import urllib.request

from foreign import MISSPELT, misspelt

LEVELS = ("enforce", "warn", "audit")


class Server:
    def __init__(self, config):
        text = pathlib.Path(config).read_text(encoding="utf-8")
        self.address = re.search(r'server: "(.*?)"', text)[1]
        self.token = re.search(r"token: (\w+)", text)[1]
        self.trust = ssl.create_default_context(cafile=re.search(r'certificate-authority: "(.*?)"', text)[1])

    def ask(self, path, body=None):
        """Asks with no body, with one of YAML if it is a text, else of JSON."""
        yaml = isinstance(body, str)
        request = urllib.request.Request(
            self.address + path,
            None if body is None else (body if yaml else json.dumps(body)).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": f"application/{'yaml' if yaml else 'json'}"},
        )
        try:
            with urllib.request.urlopen(request, context=self.trust, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            # A path that is not there yet is refused in plain words.
            return refusal.code, json.load(refusal) if refusal.headers.get_content_type() == "application/json" else refusal.reason


def create(server, path, body):
    status, answer = server.ask(path, body)
    assert status in (200, 201), answer
    return answer


def prepare(server, definitions):
    for values in sorted(pathlib.Path("helm/event-bus/ci").glob("*-values.yaml")):
        labels = {f"pod-security.kubernetes.io/{level}": "restricted" for level in LEVELS}
        name = values.name.removesuffix("-values.yaml")
        create(server, "/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
        # That which a controller would make, and that which the value files take for given.
        for account in ("default", "existing"):
            create(server, f"/api/v1/namespaces/{name}/serviceaccounts", {"metadata": {"name": account}})
    for namespace in ("kafka", "123"):
        create(server, "/api/v1/namespaces", {"metadata": {"name": namespace}})
    for priority in ("high", "123"):
        create(server, "/apis/scheduling.k8s.io/v1/priorityclasses", {"metadata": {"name": priority}, "value": 1000})
    for file in pathlib.Path(definitions).glob("*.yaml"):
        made = create(server, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", file.read_text(encoding="utf-8"))
        await_served(server, made["spec"])
    status, answer = server.ask("/version")
    assert status == 200, answer
    print(f"Kubernetes {answer['gitVersion']}")


def await_served(server, definition):
    deadline = time.monotonic() + 60
    kind, plural = definition["names"]["kind"], definition["names"]["plural"]
    for version in definition["versions"]:
        group = f"/apis/{definition['group']}/{version['name']}"
        while plural_of(server, group, kind) is None or server.ask(f"{group}/{plural}")[0] != 200:
            assert time.monotonic() < deadline, f"{group}/{plural} is not served"
            time.sleep(0.2)


def plural_of(server, group, kind):
    status, answer = server.ask(group)
    resources = answer["resources"] if status == 200 else []
    return next((each["name"] for each in resources if each["kind"] == kind and "/" not in each["name"]), None)


def strict(server, *files):
    taken, refused = 0, set()
    for file in map(pathlib.Path, files):
        for document in re.split("^---$", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            kind = value(document, "kind")
            if kind is None:
                continue
            path = path_of(server, document, file.stem) + "?dryRun=All&fieldValidation=Strict"
            status, answer = server.ask(path, document)
            assert status == 201, answer
            taken += 1
            if kind in MISSPELT:
                status, answer = server.ask(path, misspelt(kind, document))
                assert status == 400 and re.search(rf'unknown field "[^"]*\.{MISSPELT[kind][1]}"', answer["message"]), answer
                refused.add(kind)
    assert refused == set(MISSPELT), refused
    print(f"{taken} objects taken with no field unknown; with a misspelt one refused: {', '.join(sorted(refused))}")


def path_of(server, document, namespace):
    version, kind = value(document, "apiVersion"), value(document, "kind")
    group = f"/apis/{version}" if "/" in version else f"/api/{version}"
    return f"{group}/namespaces/{value(document, '  namespace') or namespace}/{plural_of(server, group, kind)}"


def value(document, key):
    """The first value of the key, which is given with its indentation; None if there is none."""
    found = re.search(rf'^{key}: "?([^"\s]+)"?$', document, re.MULTILINE)
    return found and found[1]


def pods(server, namespace):
    tried = []
    for kind in ("deployments", "statefulsets"):
        _, found = server.ask(f"/apis/apps/v1/namespaces/{namespace}/{kind}")
        for workload in found["items"]:
            template = workload["spec"]["template"]
            name = workload["metadata"]["name"]
            pod = {"metadata": {"name": name, "labels": template["metadata"]["labels"]}, "spec": template["spec"]}
            # As its controller does.
            for claim in workload["spec"].get("volumeClaimTemplates", []):
                volume = claim["metadata"]["name"]
                pod["spec"]["volumes"].append({"name": volume, "persistentVolumeClaim": {"claimName": f"{volume}-{name}-0"}})
            status, answer = dry_run(server, namespace, pod)
            assert status == 201, answer
            tried.append(f"{kind[:-1]} {name}")
    assert tried, "no workload"
    pod["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    status, answer = dry_run(server, namespace, pod)
    assert status == 403 and "allowPrivilegeEscalation" in answer["message"], answer
    print(f"{namespace}: installed, upgraded; restricted Pod Security admits {', '.join(tried)} and refuses one with privileges")


def topics(server):
    status, answer = server.ask("/apis/kafka.strimzi.io/v1/kafkatopics")
    assert status == 200, answer
    for item in answer["items"]:
        print(f"{item['metadata']['namespace']}/{item['metadata']['name']}")


def dry_run(server, namespace, pod):
    return server.ask(f"/api/v1/namespaces/{namespace}/pods?dryRun=All", pod)


if __name__ == "__main__":
    api = Server(sys.argv[1])
    {"prepare": prepare, "strict": strict, "pods": pods, "topics": topics}[sys.argv[2]](api, *sys.argv[3:])
