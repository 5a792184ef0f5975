"""Confluent's own Python client on the bus's log: reads what the bus wrote, writes what the bus relays. For CI.

    python check.py --kafka 127.0.0.1:9092 --http http://127.0.0.1:8080 --grpc 127.0.0.1:50051 --registry URL
"""

import argparse
import json
import pathlib
import sys
import time
import urllib.request

import grpc
from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from text_schemas import TextSchemas

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "python" / "generated"))

from jimbot.events.v1 import event_bus_pb2 as api  # noqa: E402
from jimbot.events.v1 import event_bus_pb2_grpc as grpc_api  # noqa: E402
from jimbot.events.v1 import event_pb2 as events  # noqa: E402

TOPIC = "jimbot.events"
PATIENCE = 60


def main():
    arguments = argparse.ArgumentParser()
    for name in ("kafka", "http", "grpc", "registry"):
        arguments.add_argument("--" + name, required=True)
    options = arguments.parse_args()
    registry = SchemaRegistryClient({"url": options.registry})
    context = SerializationContext(TOPIC, MessageField.VALUE)

    publish(options.http, {"type": "MONEY_CHANGED", "event_id": "from-bus", "payload": {"new_value": 7}})
    value = consume(options.kafka, lambda headers: headers.get("event-id") == b"from-bus")
    assert value[0] == 0, "the value is not in the wire format"
    # By the schema that the registry has under the record's id.
    by_schema = TextSchemas({"url": options.registry})
    read = ProtobufDeserializer(events.Event, {"use.deprecated.format": False}, by_schema)(value, context)
    assert read.event_id == "from-bus" and read.money_changed.new_value == 7, read
    print(f"read with Confluent's ProtobufDeserializer: {value[:6].hex()} {read.event_type} {read.event_id}")

    foreign = events.Event(event_id="from-confluent", event_type="HAND_PLAYED", game_id="g-1", source="analytics")
    foreign.hand_played.hands_remaining = 2
    write = ProtobufSerializer(
        events.Event, registry, {"use.deprecated.format": False, "normalize.schemas": False}
    )
    produce(options.kafka, write(foreign, context))
    delivered = receive(options.grpc)
    assert delivered.topic == "game.hand.played" and delivered.event.hand_played.hands_remaining == 2, delivered
    print(f"written with Confluent's ProtobufSerializer, relayed over gRPC: {delivered.topic} {delivered.event.event_id}")
    streamed = stream(options.http)
    assert streamed["event"]["payload"]["hands_remaining"] == 2, streamed
    print(f"and as a server-sent event: {streamed['topic']} {streamed['event_id']}")

    # For read.go: one that the processor writes, and a dead letter.
    publish(options.http, {"type": "MONEY_CHANGED", "event_id": "from-processor"}, {"X-Deliver-At": str(int(time.time() * 1000) + 500)})
    publish(options.http, {"batch_id": "not-taken", "events": [{"type": 5}]}, path="/api/v1/events/batch", status=207)


def publish(http, body, headers={}, path="/api/v1/events", status=200):
    request = urllib.request.Request(
        http + path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status == status, answer.read()


def consume(kafka, wanted):
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": "confluent-check", "auto.offset.reset": "earliest"})
    consumer.subscribe([TOPIC])
    end = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < end:
            record = consumer.poll(1)
            if record and not record.error() and wanted(dict(record.headers() or [])):
                return record.value()
    finally:
        consumer.close()
    raise AssertionError("the record was not found")


def produce(kafka, value):
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(TOPIC, value, key=b"g-1")
    assert producer.flush(PATIENCE) == 0


def receive(address):
    with grpc.insecure_channel(address) as channel:
        request = api.SubscribeEventsRequest()
        request.subscription.topics.append("game.hand.*")
        request.subscription.start.earliest = True
        for answer in grpc_api.EventBusStub(channel).SubscribeEvents(request, timeout=PATIENCE):
            for delivery in answer.deliveries.deliveries:
                if delivery.event.event_id == "from-confluent":
                    return delivery
    raise AssertionError("the event was not relayed over gRPC")


def stream(http):
    url = http + "/api/v1/events/stream?topic=game.hand.*&start=earliest"
    with urllib.request.urlopen(url, timeout=PATIENCE) as lines:
        for line in lines:
            if line.startswith(b"data: ") and b"from-confluent" in line:
                return json.loads(line[len(b"data: "):])
    raise AssertionError("the event was not relayed as a server-sent event")


if __name__ == "__main__":
    main()
