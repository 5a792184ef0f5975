"""Publishes one event and a batch of them.

    python publish.py [--server 127.0.0.1:50051]
"""

import argparse
import sys

import grpc

import bus


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--server", default="127.0.0.1:50051")
    options = arguments.parse_args()

    with bus.channel(options.server) as channel:
        stub = bus.stub(channel)
        try:
            publish(stub)
        except grpc.RpcError as error:
            sys.exit(bus.explain(error))


def publish(stub):
    event = bus.events.Event(event_type="MONEY_CHANGED", source="example", game_id="game-1")
    event.money_changed.old_value = 4
    event.money_changed.new_value = 7
    stored = stub.PublishEvent(bus.api.PublishEventRequest(event=event), timeout=5)
    print(f"{stored.event_id} is in {stored.topic}, "
          f"{stored.position.partition}/{stored.position.offset}")

    # A type of your own needs no message: its payload is JSON.
    many = [
        bus.events.Event(
            event_type="EPISODE_STEP",
            source="example",
            game_id="game-1",
            sequence_number=step,
            json=b'{"reward":%d}' % step,
        )
        for step in range(3)
    ]
    answer = stub.PublishEvents(bus.api.PublishEventsRequest(events=many), timeout=5)
    for result in answer.results:
        if result.HasField("stored"):
            print(f"{result.stored.event_id} is in {result.stored.topic}")
        else:
            print(f"refused: {result.failure.field}: {result.failure.message}")


if __name__ == "__main__":
    main()
