"""A client of the registry for Confluent's ProtobufDeserializer, where the registry keeps schemas as text only. For CI."""

import base64
import pathlib
import tempfile

import attrs
import grpc_tools
from confluent_kafka.schema_registry import SchemaRegistryClient
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc


class TextSchemas(SchemaRegistryClient):
    """Fetches a schema and what it refers to as text and compiles it here, since the deserializer asks for the serialized form:
    Apicurio 3.3.3 answers that with bytes that are not in base64 and lack extensions, and with 500 for a file without a message."""

    def get_schema(self, schema_id, subject_name=None, fmt=None, reference_format=None):
        return self._serialized(super().get_schema(schema_id, subject_name))

    def get_version(self, subject_name, version="latest", deleted=False, fmt=None):
        found = super().get_version(subject_name, version, deleted)
        return attrs.evolve(found, schema=self._serialized(found.schema))

    def _serialized(self, schema):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            self._write(root, "schema.proto", schema)
            includes = [f"-I{root}", f"-I{pathlib.Path(grpc_tools.__file__).parent / '_proto'}"]
            compiled = root / "compiled"
            assert protoc.main(["protoc", *includes, f"--descriptor_set_out={compiled}", "schema.proto"]) == 0, schema.schema_str
            file = FileDescriptorSet.FromString(compiled.read_bytes()).file[0]
        return attrs.evolve(schema, schema_str=base64.b64encode(file.SerializeToString()).decode())

    def _write(self, root, name, schema):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(schema.schema_str)
        for reference in schema.references or []:
            self._write(root, reference.name, super().get_version(reference.subject, reference.version).schema)
