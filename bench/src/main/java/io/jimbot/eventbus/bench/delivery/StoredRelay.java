package io.jimbot.eventbus.bench.delivery;

import io.grpc.Drainable;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.grpc.OutboundMarshaller;
import io.jimbot.eventbus.gateway.grpc.OutboundMessage;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Relays records as the gateway does. */
record StoredRelay(List<ConsumerRecord<byte[], byte[]>> records) {

  private static final OutboundMarshaller MARSHALLER = new OutboundMarshaller();

  int send() throws IOException {
    List<Delivery> deliveries = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      deliveries.add(Delivery.unacknowledged(new StoredEvent(record)));
    }
    ResumeToken token = ResumeToken.of("jimbot.events", new long[] {1, 2, 3, 4, 5, 6, 7, 8});
    try (InputStream stream = MARSHALLER.stream(new OutboundMessage.Events(deliveries, token))) {
      return ((Drainable) stream).drainTo(OutputStream.nullOutputStream());
    }
  }
}
