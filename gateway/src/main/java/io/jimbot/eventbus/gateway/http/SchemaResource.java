package io.jimbot.eventbus.gateway.http;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.gateway.schema.SchemaDesk;
import io.jimbot.eventbus.gateway.schema.WhatIf;
import io.jimbot.eventbus.proto.LossReport;
import io.jimbot.eventbus.proto.ProposedSchema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/v1/schemas/what-if}: of how many of the last events a proposed schema would lose
 * something, with examples. The body is a set of file descriptors, as {@code protoc} and {@code
 * buf} write it. Thread-safe; no thread waits for Kafka but the desk's.
 */
@Path("/api/v1/schemas")
public final class SchemaResource {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaResource.class);

  private static final Set<String> MEDIA_TYPES =
      Set.of("application/x-protobuf", "application/protobuf", "application/octet-stream");
  private static final int MAX_BODY_BYTES = 1024 * 1024;
  private static final int MAX_FILES = 500;
  private static final int USUAL_EVENTS = 1_000;
  private static final int MAX_EVENTS = 10_000;
  private static final int USUAL_EXAMPLES = 3;
  private static final int MAX_EXAMPLES = 20;
  private static final int RETRY_SECONDS = 5;

  private final SchemaDesk desk;
  private final SmallBodies bodies;
  private final LaterAnswers answers;

  /** Asks that desk. */
  public SchemaResource(SchemaDesk desk, HttpSettings settings, LaterAnswers answers) {
    this.desk = desk;
    this.bodies = new SmallBodies(MAX_BODY_BYTES, RETRY_SECONDS, settings.readTimeout());
    this.answers = answers;
  }

  /**
   * Answers {@code events}, how many of them would be {@code unread}, how many would be {@code
   * losing} something, {@code losses} by kind, and whether that is {@code complete}: of as many as
   * were asked for, or of all that the log has.
   *
   * @param request {@code last}, how many events (1 to 10,000; 1,000), and {@code examples} of each
   *     kind of loss (1 to 20; 3)
   */
  @POST
  @Path("what-if")
  public void whatIf(
      @Context HttpServletRequest request,
      @Nullable InputStream body,
      @Suspended AsyncResponse response) {
    try {
      int last = FilterParameters.number(request, "last", USUAL_EVENTS, MAX_EVENTS);
      int examples = FilterParameters.number(request, "examples", USUAL_EXAMPLES, MAX_EXAMPLES);
      ProposedSchema schema = schema(bodies.read(request, body, SchemaResource::refusal));
      var unused =
          answers.send(
              response,
              desk.whatIf(schema, last, examples)
                  .thenApply(whatIf -> JsonResponse.of(200, json(whatIf)))
                  .exceptionally(SchemaResource::unavailable),
              Function.identity());
    } catch (InvalidParameter e) {
      response.resume(JsonResponse.of(e.answer()));
    } catch (RefusedBody refused) {
      response.resume(JsonResponse.of(refused.answer()));
    } catch (RejectedExecutionException e) {
      response.resume(
          JsonResponse.of(Answer.error(503, "busy", "too many questions wait", RETRY_SECONDS)));
    }
  }

  private static @Nullable Answer refusal(HttpServletRequest request) {
    String type = request.getContentType();
    String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return MEDIA_TYPES.contains(bare)
        ? null
        : Answer.error(
            415,
            "unsupported_media_type",
            "send a set of file descriptors as application/x-protobuf");
  }

  private static ProposedSchema schema(byte[] body) throws RefusedBody {
    try {
      FileDescriptorSet set = FileDescriptorSet.parseFrom(body);
      if (set.getFileCount() > MAX_FILES) {
        throw new RefusedBody(
            Answer.invalidAt("body.file", "a set has at most " + MAX_FILES + " files"));
      }
      return ProposedSchema.of(set);
    } catch (InvalidProtocolBufferException e) {
      throw new RefusedBody(
          Answer.error(400, "malformed", "the body is no set of file descriptors"));
    } catch (IllegalArgumentException e) {
      throw new RefusedBody(Answer.invalidAt("body.file", String.valueOf(e.getMessage())));
    }
  }

  private static byte[] json(WhatIf whatIf) {
    LossReport report = whatIf.report();
    JsonBytes json = new JsonBytes(1024).raw("{\"events\":").number(report.events());
    json.raw(",\"unread\":").number(report.unread());
    json.raw(",\"losing\":").number(report.losing()).raw(",\"losses\":[");
    String separator = "";
    for (LossReport.Kind kind : report.kinds()) {
      json.raw(separator).raw("{\"what\":").text(kind.what());
      json.raw(",\"events\":").number(kind.events()).raw(",\"examples\":[");
      String comma = "";
      for (String example : kind.examples()) {
        json.raw(comma).text(example);
        comma = ",";
      }
      json.raw("]}");
      separator = ",";
    }
    return json.raw("],\"complete\":")
        .raw(String.valueOf(whatIf.complete()))
        .raw("}")
        .toByteArray();
  }

  private static Response unavailable(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    LOG.warn("the last events cannot be read", cause);
    return JsonResponse.of(
        Answer.error(
            503, "kafka_unreachable", "the last events cannot be read now", RETRY_SECONDS));
  }
}
