#!/usr/bin/env bash
# Makes the base images that the Dockerfiles ask for, where no registry can be reached: from Debian's packages and from a
# JDK 25 on this machine (JDK25_HOME, JAVA_HOME or one in the usual places). Prints the build arguments that name them.
#   docker build $(ci/base-images.sh --maven) -f gateway/Dockerfile .
# Without --maven the jars must be those of this tree: --build-arg JARS=prebuilt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jdk_home() {
  local home
  for home in "${JDK25_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/java/openjdk; do
    if [ -x "$home/bin/jlink" ] && grep -q '^JAVA_VERSION="25' "$home/release"; then
      echo "$home"
      return
    fi
  done
  echo "base-images: no JDK 25 found; name one with JDK25_HOME" >&2
  return 1
}

exists() { docker image inspect "$1" >/dev/null 2>&1; }

needs() {
  local missing=()
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  [ -x /bin/busybox ] || missing+=(busybox-static)
  [ "${#missing[@]}" -eq 0 ] || { apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >&2
}

debian() {
  exists local/debian:bookworm && return
  local root
  root=$(mktemp -d)
  debootstrap --variant=minbase --include=ca-certificates,binutils bookworm "$root" >&2
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,info,locale}/*
  tar -C "$root" --numeric-owner -c . | docker import - local/debian:bookworm >/dev/null
  rm -rf "$root"
}

jdk() {
  exists local/jdk:25 && return
  local home context
  home=$(jdk_home)
  context=$(mktemp -d)
  cp -rL "$home" "$context/java"
  # The linker knows the JDK's libraries, as it does in Eclipse Temurin's images.
  printf '%s\n' /opt/java/openjdk/lib /opt/java/openjdk/lib/server >"$context/java.conf"
  printf 'FROM local/debian:bookworm\nCOPY java /opt/java/openjdk\nCOPY java.conf /etc/ld.so.conf.d/java.conf\nRUN /sbin/ldconfig\nENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' \
    >"$context/Dockerfile"
  docker build -q -t local/jdk:25 "$context" >&2
  rm -rf "$context"
}

# The Maven of this machine beside that JDK.
maven() {
  exists local/maven:25 && return
  local home context
  home=$(mvn -version | sed -n 's/^Maven home: //p')
  context=$(mktemp -d)
  cp -rL "$home" "$context/maven"
  printf 'FROM local/jdk:25\nCOPY maven /opt/maven\nENV MAVEN_HOME=/opt/maven PATH=/opt/maven/bin:/opt/java/openjdk/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' \
    >"$context/Dockerfile"
  docker build -q -t local/maven:25 "$context" >&2
  rm -rf "$context"
}

busybox() {
  exists local/busybox && return
  tar -C / -c bin/busybox | docker import - local/busybox >/dev/null
}

needs
debian
jdk
busybox
maven_image=local/jdk:25
if [ "${1:-}" = --maven ]; then
  maven
  maven_image=local/maven:25
fi
echo "--build-arg MAVEN_IMAGE=$maven_image --build-arg JDK_IMAGE=local/jdk:25 --build-arg BUSYBOX_IMAGE=local/busybox"
