"""Runs the examples against a bus and fails if they do not do what they say. For CI.

    python check.py --server 127.0.0.1:50051
"""

import argparse
import threading
import uuid

import grpc

import bus
import group
import tail

EVENTS = 200
GAMES = 5


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--server", required=True)
    options = arguments.parse_args()

    run = uuid.uuid4().hex
    with bus.channel(options.server) as channel:
        stub = bus.stub(channel)
        tailed = start_tail(stub, run)
        published = publish(stub, run)
        assert tailed(published), "the tail did not see every event in order"
        check_group(stub, run, published)
        check_refusal(stub)
    print(f"{EVENTS} events published, tailed and acknowledged in order")


def start_tail(stub, run):
    """Begins to tail; the answer waits until it has seen what was published."""
    began = threading.Event()
    seen = []
    done = threading.Event()

    def read():
        for delivery in tail.tail(stub, [f"custom.check_{run}"], began.set):
            seen.append((delivery.event.game_id, delivery.event.sequence_number))
            if len(seen) == EVENTS:
                done.set()
                return

    threading.Thread(target=read, daemon=True).start()
    assert began.wait(30), "the tail did not begin"
    return lambda published: done.wait(30) and by_game(seen) == by_game(published)


def publish(stub, run):
    sent = [(f"{run}-{number % GAMES}", number) for number in range(EVENTS)]
    answer = stub.PublishEvents(
        bus.api.PublishEventsRequest(
            events=[
                bus.events.Event(
                    event_type=f"CHECK_{run}".upper(),
                    source="check",
                    game_id=game,
                    sequence_number=number,
                    json=b"{}",
                )
                for game, number in sent
            ]
        ),
        timeout=30,
    )
    assert all(result.HasField("stored") for result in answer.results), answer
    return sent


def check_group(stub, run, published):
    """One event of one game fails once: it comes again, and only its own game waits for it."""
    handled = []
    failed = []

    def handle(delivery):
        place = (delivery.event.game_id, delivery.event.sequence_number)
        if place == published[0] and not failed:
            failed.append(place)
            raise ValueError("fails once, on purpose")
        handled.append(place)

    left = group.take_part(stub, f"check-{run}", [f"custom.check_{run}"], EVENTS, handle)
    assert left == 0, f"{left} events did not come"
    assert failed, "nothing failed"
    assert by_game(handled) == by_game(published), "the group did not get every event once, in order"
    before = {game for game, _ in handled[: handled.index(failed[0])]}
    others = {game for game, _ in published} - {failed[0][0]}
    assert before == others, f"of the games {others} only {before} went on while one event waited"


def check_refusal(stub):
    try:
        stub.PublishEvent(bus.api.PublishEventRequest(event=bus.events.Event()), timeout=5)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error
        assert "event_type" in bus.explain(error), bus.explain(error)
    else:
        raise AssertionError("an event without a type was taken")


def by_game(events):
    games = {}
    for game, number in events:
        games.setdefault(game, []).append(number)
    return games


if __name__ == "__main__":
    main()
