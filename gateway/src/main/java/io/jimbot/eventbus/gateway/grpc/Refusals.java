package io.jimbot.eventbus.gateway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.SubmissionFault;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the status of every refusal, with {@code google.rpc} details; {@code docs/errors.md} has
 * the table. Immutable.
 */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final String DOMAIN = "eventbus.jimbot.io";

  private final Duration retryAfter;

  Refusals(java.time.Duration retryAfter) {
    this.retryAfter =
        Duration.newBuilder()
            .setSeconds(retryAfter.getSeconds())
            .setNanos(retryAfter.getNano())
            .build();
  }

  /**
   * A field that is at fault.
   *
   * @param field its path in the request
   * @param message what is wrong, for a person
   */
  record Violation(String field, String message) {}

  /** How long a client is told to wait. */
  Duration retryAfter() {
    return retryAfter;
  }

  /** The request makes no sense. */
  StatusRuntimeException invalid(List<Violation> violations) {
    BadRequest.Builder details = BadRequest.newBuilder();
    violations.forEach(
        v ->
            details.addFieldViolations(
                BadRequest.FieldViolation.newBuilder()
                    .setField(v.field())
                    .setDescription(v.message())));
    Violation first = violations.get(0);
    String message = (first.field().isEmpty() ? "" : first.field() + ": ") + first.message();
    return exception(
        Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT_VALUE)
            .setMessage(message)
            .addDetails(Any.pack(details.build()))
            .addDetails(reason("invalid")));
  }

  /** What a request says beside its events makes no sense. */
  StatusRuntimeException of(SubmissionFault fault) {
    String message = String.valueOf(fault.getMessage());
    return invalid(new Violation(AskedTiming.field(fault), message), fault.reason());
  }

  /** An event is not acceptable. */
  StatusRuntimeException of(Outcome.Refused refused, String root) {
    String path = refused.path().isEmpty() ? root : root + "." + refused.path();
    return invalid(new Violation(path, refused.message()), refused.reason());
  }

  private static StatusRuntimeException invalid(Violation violation, String reason) {
    return exception(
        Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT_VALUE)
            .setMessage(violation.field() + ": " + violation.message())
            .addDetails(
                Any.pack(
                    BadRequest.newBuilder()
                        .addFieldViolations(
                            BadRequest.FieldViolation.newBuilder()
                                .setField(violation.field())
                                .setDescription(violation.message()))
                        .build()))
            .addDetails(reason(reason)));
  }

  /** An event was not stored. */
  StatusRuntimeException of(Outcome.Failed failed) {
    return unavailable(failed.reason(), failed.message());
  }

  /** This gateway cannot now; another one, or this one a little later, can. */
  StatusRuntimeException unavailable(String reason, String message) {
    return exception(
        Status.newBuilder()
            .setCode(Code.UNAVAILABLE_VALUE)
            .setMessage(message)
            .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(retryAfter).build()))
            .addDetails(reason(reason)));
  }

  /** A subscription was refused or is over. */
  StatusRuntimeException of(SubscriptionFault fault) {
    return switch (fault.kind()) {
      case INVALID ->
          invalid(new Violation("subscription." + fault.field(), fault.message()), fault.reason());
      case UNAVAILABLE -> unavailable(fault.reason(), fault.message());
      case OUT_OF_RANGE -> plain(Code.OUT_OF_RANGE, fault);
      case CONFLICT -> plain(Code.FAILED_PRECONDITION, fault);
      case EXHAUSTED -> plain(Code.RESOURCE_EXHAUSTED, fault);
      case INTERNAL -> plain(Code.INTERNAL, fault);
    };
  }

  private static StatusRuntimeException plain(Code code, SubscriptionFault fault) {
    return exception(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(fault.message())
            .addDetails(reason(fault.reason())));
  }

  /** A bug. The id is in the log as well. */
  StatusRuntimeException unexpected(Throwable failure) {
    String id = UUID.randomUUID().toString();
    LOG.error("gRPC call failed error_id={}", id, failure);
    return exception(
        Status.newBuilder()
            .setCode(Code.INTERNAL_VALUE)
            .setMessage("internal error " + id)
            .addDetails(reason("internal")));
  }

  private static Any reason(String reason) {
    return Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN).build());
  }

  private static StatusRuntimeException exception(Status.Builder status) {
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
