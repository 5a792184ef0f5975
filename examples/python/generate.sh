#!/bin/sh
# Generates the classes of the contract into generated/, with the grpcio-tools of requirements.txt.
set -eu
cd "$(dirname "$0")"
rm -rf generated
mkdir generated
python3 -m grpc_tools.protoc -I ../../proto/src/main/proto \
  --python_out generated --pyi_out generated --grpc_python_out generated \
  ../../proto/src/main/proto/jimbot/events/v1/*.proto
