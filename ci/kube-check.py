"""What ci/kube-api.sh asks an API server beside helm.

    kube-check.py KUBECONFIG prepare            namespaces that enforce restricted Pod Security, and the kinds of others
    kube-check.py KUBECONFIG pods NAMESPACE     creates, as a dry run, a pod of each workload, and one that must be refused
    kube-check.py KUBECONFIG topics             the names of all KafkaTopics
"""

import json
import pathlib
import re
import ssl
import sys
import urllib.error
import urllib.request

LEVELS = ("enforce", "warn", "audit")
FOREIGN = [
    ("monitoring.coreos.com", ["v1"], "ServiceMonitor", "servicemonitors"),
    ("monitoring.coreos.com", ["v1"], "PrometheusRule", "prometheusrules"),
    ("gateway.networking.k8s.io", ["v1"], "HTTPRoute", "httproutes"),
    ("gateway.networking.k8s.io", ["v1"], "GRPCRoute", "grpcroutes"),
    # Strimzi's older and newer versions, as the value kafkaTopics.apiVersion has them.
    ("kafka.strimzi.io", ["v1", "v1beta2"], "KafkaTopic", "kafkatopics"),
]


class Server:
    def __init__(self, config):
        text = pathlib.Path(config).read_text(encoding="utf-8")
        self.address = re.search(r'server: "(.*?)"', text)[1]
        self.token = re.search(r"token: (\w+)", text)[1]
        self.trust = ssl.create_default_context(cafile=re.search(r'certificate-authority: "(.*?)"', text)[1])

    def ask(self, path, body=None):
        request = urllib.request.Request(
            self.address + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, context=self.trust, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)


def create(server, path, body):
    status, answer = server.ask(path, body)
    assert status in (200, 201), answer


def prepare(server):
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
    for group, versions, kind, plural in FOREIGN:
        create(server, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", foreign(group, versions, kind, plural))
    status, answer = server.ask("/version")
    assert status == 200, answer
    print(f"Kubernetes {answer['gitVersion']}")


def foreign(group, versions, kind, plural):
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return {
        "metadata": {"name": f"{plural}.{group}", "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"}},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [
                {"name": version, "served": True, "storage": version == versions[0], "schema": schema} for version in versions
            ],
        },
    }


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
    {"prepare": prepare, "pods": pods, "topics": topics}[sys.argv[2]](api, *sys.argv[3:])
