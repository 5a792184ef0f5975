# shellcheck shell=bash
# To be sourced: starts the standalone bus on free ports and stops it, with its data, when the script ends. Sets
#   work    a directory that is deleted at the end
#   http    the address of its HTTP port, host:port
#   server  the address of its gRPC port, host:port

work=$(mktemp -d)
bus=
stop_bus() {
  if [ -n "$bus" ]; then
    kill "$bus" 2>/dev/null || true
    wait "$bus" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap stop_bus EXIT

address_of() {
  sed -n "s,^ *$1  *\(http://\)\{0\,1\}\([0-9.]*:[0-9]*\).*,\2,p" "$work/bus.log"
}

start_bus() {
  ./eventbus standalone --http-port 0 --grpc-port 0 --kafka-port 0 --data-dir "$work/data" >"$work/bus.log" 2>&1 &
  bus=$!
  for _ in $(seq 600); do
    grep -q 'Event Bus is up' "$work/bus.log" && break
    kill -0 "$bus" 2>/dev/null || { cat "$work/bus.log" >&2; exit 1; }
    sleep 0.5
  done
  http=$(address_of HTTP)
  server=$(address_of gRPC)
  if [ -z "$http" ] || [ -z "$server" ]; then
    cat "$work/bus.log" >&2
    exit 1
  fi
}
