"""A member of a consumer group: handles events in order per game, and acknowledges each.

    python group.py [--server 127.0.0.1:50051] [--group trainers] [--count N] [PATTERN ...]

Start several: they share the events. Kill one: what it had not acknowledged goes to the others.
"""

import argparse
import queue
import sys
import time

import grpc

import bus


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--server", default="127.0.0.1:50051")
    arguments.add_argument("--group", default="trainers")
    arguments.add_argument("--count", type=int, default=sys.maxsize)
    arguments.add_argument("patterns", nargs="*", default=["**"])
    options = arguments.parse_args()

    with bus.channel(options.server) as channel:
        stub = bus.stub(channel)
        left = options.count
        while left > 0:
            try:
                left = take_part(stub, options.group, options.patterns, left, handle)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE:
                    sys.exit(bus.explain(error))
                time.sleep(0.5)


def handle(delivery):
    """Your work. Raise, and the event comes again later; the other games go on meanwhile."""
    print(f"{delivery.topic} {delivery.event.event_id} attempt {delivery.attempt}", flush=True)


def take_part(stub, group, patterns, left, handler):
    """Handles up to `left` events on one stream; returns how many are still to do."""
    requests = queue.SimpleQueue()
    requests.put(
        bus.api.StreamEventsRequest(
            open=bus.api.StreamOpen(
                subscription=bus.api.Subscription(
                    topics=patterns,
                    mode=bus.api.SUBSCRIPTION_MODE_GROUP,
                    group=group,
                    start=bus.api.StartPosition(earliest=True),
                    # One event of a game at a time: nothing is handled before one that failed, until that is given up.
                    acknowledgement=bus.api.AcknowledgementPolicy(strict_order=True),
                )
            )
        )
    )
    # None ends our half of the stream; the gateway takes what came before it and ends the rest.
    responses = stub.StreamEvents(iter(requests.get, None), wait_for_ready=True)
    for response in responses:
        if response.HasField("drain"):
            # The gateway stops: nothing new comes, and whoever leaves now gets its events elsewhere at once.
            requests.put(None)
        if not response.HasField("deliveries"):
            continue
        settled = bus.api.AcknowledgeRequest()
        for delivery in response.deliveries.deliveries:
            if left == 0:
                break
            try:
                handler(delivery)
                settled.ack_ids.append(delivery.ack_id)
                left -= 1
            except Exception as failure:
                settled.nacks.add(
                    ack_id=delivery.ack_id,
                    action=bus.api.NACK_ACTION_RETRY,
                    reason=str(failure),
                )
        requests.put(bus.api.StreamEventsRequest(acknowledge=settled))
        if left == 0:
            requests.put(None)
    return left


if __name__ == "__main__":
    main()
