#!/usr/bin/env bash
# Builds the jars once more in a copy of the tree, elsewhere, and compares them with those that lie here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$copy"
(cd "$copy" && mvn -q -B -ntp -Dquick -DskipTests package)

differing=0
compared=0
while IFS= read -r jar; do
  compared=$((compared + 1))
  if ! cmp -s "$jar" "$copy/$jar"; then
    echo "not reproducible: $jar" >&2
    differing=1
  fi
done < <(find . -path '*/target/*.jar' -not -path '*/target/lib/*' -not -path '*/target/protobuf-maven-plugin/*' | sort)
echo "$compared jars built twice; differing: $differing"
[ "$compared" -gt 0 ] && [ "$differing" -eq 0 ]
