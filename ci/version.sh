#!/usr/bin/env bash
# The version stands in pom.xml. This holds all other places to it, or puts it there:
#   ci/version.sh            fails where a place differs
#   ci/version.sh --write    after pom.xml has been changed
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n 's#^  <version>\(.*\)</version>#\1#p' pom.xml)
faults=0

# place FILE BEFORE AFTER VALUE: what stands in the file's line between the two is to be the value.
place() {
  local found
  found=$(sed -n "s#^$2\(.*\)$3\$#\1#p" "$1")
  [ "$found" != "$4" ] || return 0
  if [ "${write:-}" = yes ]; then
    sed -i "s#^$2${found:?}$3\$#$2$4$3#" "$1"
    echo "$1: $4 instead of $found"
  else
    echo "version.sh: $1 says $found, pom.xml says $4" >&2
    faults=1
  fi
}

[ "${1:-}" != --write ] || write=yes
for module in */pom.xml; do
  place "$module" '    <version>' '</version>' "$version"
done
place .env EVENTBUS_VERSION= '' "$version"
place helm/event-bus/Chart.yaml 'version: ' '' "${version%-SNAPSHOT}"
place helm/event-bus/Chart.yaml 'appVersion: ' '' "$version"
if [[ $version != *-SNAPSHOT ]] && ! grep -qF "## [$version]" CHANGELOG.md; then
  echo "version.sh: CHANGELOG.md has no section for $version" >&2
  faults=1
fi
[ "$faults" -eq 0 ] && echo "version $version, the same everywhere"
