#!/usr/bin/env bash
# Makes the files of a release in dist/: the programs, the contract, the chart, what each program is made of (CycloneDX), and
# the SHA-256 of all. Fails if the version is not the same everywhere, or a dependency's licence is not on the list.
#   cd dist && sha256sum -c SHA256SUMS
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

programs=(gateway streams-processor standalone)
version=$(sed -n 's#^  <version>\(.*\)</version>#\1#p' pom.xml)
ci/version.sh

for program in "${programs[@]}"; do
  # Jars of former versions must not come along.
  rm -rf "$program/target/lib"
done
mvn -q -B -ntp -Dquick -DskipTests -Dsbom -pl "$(IFS=,; echo "${programs[*]}")" -am package
python3 ci/licences.py "${programs[@]/%//target/bom.json}"

# archive NAME DIRECTORY FILE…: the same files give the same bytes.
archive() {
  local name=$1 directory=$2
  shift 2
  tar -C "$directory" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX \
    --transform "s#^#$name/#" -cf - "$@" | gzip -n9 >"dist/$name.tar.gz"
}

rm -rf dist
mkdir dist
archive "eventbus-$version" standalone/target eventbus.jar lib
archive "eventbus-gateway-$version" gateway/target "eventbus-gateway-$version.jar" lib
archive "eventbus-streams-processor-$version" streams-processor/target "eventbus-streams-processor-$version.jar" lib
archive "eventbus-contract-$version" proto/src/main/proto jimbot
for program in "${programs[@]}"; do
  cp "$program/target/bom.json" "dist/$program-$version.cdx.json"
done
cp CHANGELOG.md dist
export PATH=$PATH:${GOBIN:-$(go env GOPATH 2>/dev/null || echo "$HOME/go")/bin}
if command -v helm >/dev/null; then
  helm package helm/event-bus -d dist >/dev/null
else
  echo "release.sh: no helm; the chart is left out" >&2
fi
(cd dist && sha256sum -- * >SHA256SUMS && sha256sum -c --quiet SHA256SUMS && wc -c -- *)
