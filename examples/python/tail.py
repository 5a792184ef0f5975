"""Prints every event as it comes, and goes on where it was when the gateway goes away.

    python tail.py [--server 127.0.0.1:50051] [--count N] [PATTERN ...]
"""

import argparse
import sys
import time

import grpc

import bus


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--server", default="127.0.0.1:50051")
    arguments.add_argument("--count", type=int, default=sys.maxsize)
    arguments.add_argument("patterns", nargs="*", default=["**"])
    options = arguments.parse_args()

    with bus.channel(options.server) as channel:
        printed = 0
        for delivery in tail(bus.stub(channel), options.patterns):
            event = delivery.event
            print(f"{delivery.topic} {event.event_id} {event.WhichOneof('payload')}", flush=True)
            printed += 1
            if printed == options.count:
                return


def tail(stub, patterns, on_start=lambda: None):
    """Yields deliveries for ever; the resume token makes a change of gateway invisible."""
    start = bus.api.StartPosition(now=True)
    while True:
        request = bus.api.SubscribeEventsRequest(
            subscription=bus.api.Subscription(topics=patterns, start=start)
        )
        try:
            for response in stub.SubscribeEvents(request, wait_for_ready=True):
                message = response.WhichOneof("message")
                if message == "heartbeat":
                    on_start()  # the first one says that the subscription has begun
                if message == "deliveries":
                    yield from response.deliveries.deliveries
                token = getattr(response, message).resume_token
                if token:  # a gateway that stops before the subscription began has none
                    start = bus.api.StartPosition(resume_token=token)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                sys.exit(bus.explain(error))
            time.sleep(0.5)


if __name__ == "__main__":
    main()
