package io.jimbot.eventbus.bench.delivery;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.grpc.protobuf.ProtoUtils;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Deliveries;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.RecordPosition;
import io.jimbot.events.v1.SubscribeEventsResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Relays records as one would without thinking: each event parsed, and written again. */
record ParsedRelay(List<ConsumerRecord<byte[], byte[]>> records) {

  int send() throws IOException {
    Deliveries.Builder deliveries = Deliveries.newBuilder();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      StoredEvent stored = new StoredEvent(record);
      deliveries.addDeliveries(
          Delivery.newBuilder()
              .setEvent(Event.parseFrom(stored.value()))
              .setTopic(stored.topic())
              .setPosition(
                  RecordPosition.newBuilder()
                      .setTopic(stored.log())
                      .setPartition(stored.partition())
                      .setOffset(stored.offset()))
              .setAttempt(1)
              .setOrderingKeyBytes(ByteString.copyFrom(stored.orderingKey())));
    }
    ResumeToken token = ResumeToken.of("jimbot.events", new long[] {1, 2, 3, 4, 5, 6, 7, 8});
    SubscribeEventsResponse response =
        SubscribeEventsResponse.newBuilder()
            .setDeliveries(deliveries.setResumeToken(ByteString.copyFrom(token.toBytes())))
            .build();
    try (InputStream stream =
        ProtoUtils.marshaller(SubscribeEventsResponse.getDefaultInstance()).stream(response)) {
      return ((Drainable) stream).drainTo(OutputStream.nullOutputStream());
    }
  }
}
