package io.jimbot.eventbus.gateway.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Deliveries;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.RecordPosition;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.SubscribeEventsResponse;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeliveriesEncodingTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void theBytesAreThoseThatTheGeneratedClassesWrite() throws Exception {
    Random random = new Random(3);
    for (int run = 0; run < 200; run++) {
      List<Delivery> deliveries = new ArrayList<>();
      Deliveries.Builder expected = Deliveries.newBuilder();
      int count = 1 + random.nextInt(5);
      for (int i = 0; i < count; i++) {
        add(random, deliveries, expected);
      }
      ResumeToken token =
          random.nextBoolean() ? ResumeToken.of("log", new long[] {random.nextInt(9), 7}) : null;
      if (token != null) {
        expected.setResumeToken(ByteString.copyFrom(token.toBytes()));
      }
      byte[] written = drain(new OutboundMessage.Events(deliveries, token));

      // Not isEqualTo: what it prints of a difference is longer than anybody reads.
      assertThat(
              Arrays.mismatch(
                  written,
                  SubscribeEventsResponse.newBuilder()
                      .setDeliveries(expected)
                      .build()
                      .toByteArray()))
          .as("first byte that differs, run " + run)
          .isEqualTo(-1);
      assertThat(StreamEventsResponse.parseFrom(written).getDeliveries())
          .isEqualTo(expected.build());
    }
  }

  private static void add(Random random, List<Delivery> deliveries, Deliveries.Builder expected) {
    Event event =
        Event.newBuilder()
            .setEventType("TEST")
            .setJson(ByteString.copyFromUtf8("x".repeat(random.nextInt(2_000))))
            .build();
    int partition = random.nextInt(300);
    long offset = random.nextLong() >>> random.nextInt(64) & Long.MAX_VALUE;
    int attempt = 1 + random.nextInt(200);
    AckId ackId = random.nextBoolean() ? new AckId(random.nextLong(), 3, offset, attempt) : null;
    String trace = random.nextBoolean() ? TRACE : null;
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("log", partition, offset, "kéy".getBytes(UTF_8), event.toByteArray());
    record.headers().add(HeaderNames.TOPIC, "game.state.update".getBytes(UTF_8));
    deliveries.add(new Delivery(new StoredEvent(record), attempt, ackId, trace));
    var delivery =
        expected
            .addDeliveriesBuilder()
            .setEvent(event)
            .setTopic("game.state.update")
            .setPosition(
                RecordPosition.newBuilder()
                    .setTopic("log")
                    .setPartition(partition)
                    .setOffset(offset))
            .setAttempt(attempt)
            .setOrderingKey("kéy");
    if (ackId != null) {
      delivery.setAckId(ByteString.copyFrom(ackId.toBytes()));
    }
    if (trace != null) {
      delivery.setTraceparent(trace);
    }
  }

  private static byte[] drain(OutboundMessage message) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream stream = new OutboundMarshaller().stream(message)) {
      int announced = stream.available();
      int drained = ((Drainable) stream).drainTo(out);
      assertThat(drained).isEqualTo(announced).isEqualTo(out.size());
      assertThat(stream.available()).isZero();
    }
    return out.toByteArray();
  }
}
