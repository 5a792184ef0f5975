"""Holds the licences of what the programs are made of to a list. For CI, after  mvn -Dsbom package.

    python3 ci/licences.py gateway/target/bom.json …

A component with several licences may be used under any of them. One that names none, or none of the list, is a fault.
"""

import collections
import json
import sys

# By the names of SPDX where there is one. Adding to it is a decision.
ALLOWED = {
    "Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EPL-1.0", "EPL-2.0", "MPL-1.1", "Go License",
}


def main():
    faults, seen, counts = [], set(), collections.Counter()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            components = json.load(file).get("components", [])
        assert components, f"{path} lists nothing"
        for component in components:
            name = f"{component.get('group', '')}:{component['name']}"
            if name in seen or name.startswith("io.jimbot.eventbus:"):
                continue
            seen.add(name)
            licences = names(component)
            fitting = [licence for licence in licences if licence in ALLOWED]
            if fitting:
                counts[fitting[0]] += 1
            else:
                faults.append(f"{name}: {' or '.join(licences) or 'names no licence'}")
    for fault in sorted(faults):
        print(f"licences: {fault}", file=sys.stderr)
    for licence, count in counts.most_common():
        print(f"{count:4} {licence}")
    print(f"{len(seen)} components, {len(faults)} faults")
    return 1 if faults else 0


def names(component):
    found = []
    for choice in component.get("licenses", []):
        licence = choice.get("license", {})
        found += [text for text in (licence.get("id"), licence.get("name"), choice.get("expression")) if text]
    return found


if __name__ == "__main__":
    sys.exit(main())
