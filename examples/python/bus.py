"""What the examples share: the generated classes, a channel, and errors as a person reads them."""

import pathlib
import sys

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

sys.path.insert(0, str(pathlib.Path(__file__).parent / "generated"))

from jimbot.events.v1 import event_bus_pb2 as api  # noqa: E402
from jimbot.events.v1 import event_bus_pb2_grpc as grpc_api  # noqa: E402
from jimbot.events.v1 import event_pb2 as events  # noqa: E402

__all__ = ["api", "events", "channel", "stub", "explain"]


def channel(address):
    """A channel that notices a dead connection and takes events of up to 16 MiB."""
    return grpc.insecure_channel(
        address,
        options=[
            ("grpc.keepalive_time_ms", 30_000),
            ("grpc.max_receive_message_length", 16 * 1024 * 1024),
        ],
    )


def stub(to):
    """The bus behind a channel."""
    return grpc_api.EventBusStub(to)


def explain(error):
    """The status of a refused call, with the fields that are at fault and how long to wait."""
    text = [f"{error.code().name}: {error.details()}"]
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        bad_request = error_details_pb2.BadRequest()
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(bad_request):
            text += [f"  {v.field}: {v.description}" for v in bad_request.field_violations]
        elif detail.Unpack(retry):
            text.append(f"  try again after {retry.retry_delay.ToTimedelta().total_seconds()} s")
    return "\n".join(text)
