package io.jimbot.eventbus.gateway.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Deliveries;
import io.jimbot.events.v1.RecordPosition;
import io.jimbot.events.v1.SubscribeEventsResponse;
import java.io.IOException;
import java.util.List;

/**
 * Writes deliveries as {@code SubscribeEventsResponse} and {@code StreamEventsResponse} have them
 * in their field {@code deliveries}, which is the same in both. The stored bytes of an event are
 * copied into the output once; nothing of them is parsed. Immutable.
 */
final class DeliveriesEncoding {

  private static final int RESPONSE_DELIVERIES = SubscribeEventsResponse.DELIVERIES_FIELD_NUMBER;
  private static final int EVENT = io.jimbot.events.v1.Delivery.EVENT_FIELD_NUMBER;
  private static final int TOPIC = io.jimbot.events.v1.Delivery.TOPIC_FIELD_NUMBER;
  private static final int POSITION = io.jimbot.events.v1.Delivery.POSITION_FIELD_NUMBER;
  private static final int ATTEMPT = io.jimbot.events.v1.Delivery.ATTEMPT_FIELD_NUMBER;
  private static final int ORDERING_KEY = io.jimbot.events.v1.Delivery.ORDERING_KEY_FIELD_NUMBER;
  private static final int ACK_ID = io.jimbot.events.v1.Delivery.ACK_ID_FIELD_NUMBER;
  private static final int TRACEPARENT = io.jimbot.events.v1.Delivery.TRACEPARENT_FIELD_NUMBER;
  private static final byte[] NOTHING = {};

  private final List<Delivery> deliveries;
  private final byte[] token;
  private final byte[][] ackIds;
  private final int[] sizes;
  private final int deliveriesSize;

  DeliveriesEncoding(OutboundMessage.Events events) {
    this.deliveries = events.deliveries();
    this.token = events.resumeToken() == null ? NOTHING : events.resumeToken().toBytes();
    this.ackIds = new byte[deliveries.size()][];
    this.sizes = new int[deliveries.size()];
    int sum = 0;
    for (int i = 0; i < sizes.length; i++) {
      Delivery delivery = deliveries.get(i);
      ackIds[i] = delivery.ackId() == null ? NOTHING : delivery.ackId().toBytes();
      sizes[i] = size(delivery, ackIds[i]);
      sum += nested(Deliveries.DELIVERIES_FIELD_NUMBER, sizes[i]);
    }
    if (token.length > 0) {
      sum += CodedOutputStream.computeByteArraySize(Deliveries.RESUME_TOKEN_FIELD_NUMBER, token);
    }
    this.deliveriesSize = sum;
  }

  /** Length of the whole message, in bytes. */
  int size() {
    return nested(RESPONSE_DELIVERIES, deliveriesSize);
  }

  private static int nested(int field, int length) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(length)
        + length;
  }

  private static int size(Delivery delivery, byte[] ackId) {
    StoredEvent event = delivery.event();
    int size =
        nested(EVENT, event.value().size())
            + CodedOutputStream.computeStringSize(TOPIC, event.topic())
            + nested(POSITION, positionSize(event))
            + CodedOutputStream.computeUInt32Size(ATTEMPT, delivery.attempt())
            + CodedOutputStream.computeByteArraySize(ORDERING_KEY, event.orderingKey());
    if (ackId.length > 0) {
      size += CodedOutputStream.computeByteArraySize(ACK_ID, ackId);
    }
    if (delivery.traceparent() != null) {
      size += CodedOutputStream.computeStringSize(TRACEPARENT, delivery.traceparent());
    }
    return size;
  }

  /** Like the generated classes, without what is 0. */
  private static int positionSize(StoredEvent event) {
    int size = CodedOutputStream.computeStringSize(RecordPosition.TOPIC_FIELD_NUMBER, event.log());
    if (event.partition() != 0) {
      size +=
          CodedOutputStream.computeInt32Size(
              RecordPosition.PARTITION_FIELD_NUMBER, event.partition());
    }
    if (event.offset() != 0) {
      size +=
          CodedOutputStream.computeInt64Size(RecordPosition.OFFSET_FIELD_NUMBER, event.offset());
    }
    return size;
  }

  /** Writes the whole message. */
  void writeTo(CodedOutputStream out) throws IOException {
    begin(RESPONSE_DELIVERIES, deliveriesSize, out);
    for (int i = 0; i < sizes.length; i++) {
      begin(Deliveries.DELIVERIES_FIELD_NUMBER, sizes[i], out);
      write(deliveries.get(i), ackIds[i], out);
    }
    if (token.length > 0) {
      out.writeByteArray(Deliveries.RESUME_TOKEN_FIELD_NUMBER, token);
    }
  }

  private static void begin(int field, int length, CodedOutputStream out) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(length);
  }

  private static void write(Delivery delivery, byte[] ackId, CodedOutputStream out)
      throws IOException {
    StoredEvent event = delivery.event();
    out.writeBytes(EVENT, event.value());
    out.writeString(TOPIC, event.topic());
    begin(POSITION, positionSize(event), out);
    out.writeString(RecordPosition.TOPIC_FIELD_NUMBER, event.log());
    if (event.partition() != 0) {
      out.writeInt32(RecordPosition.PARTITION_FIELD_NUMBER, event.partition());
    }
    if (event.offset() != 0) {
      out.writeInt64(RecordPosition.OFFSET_FIELD_NUMBER, event.offset());
    }
    if (ackId.length > 0) {
      out.writeByteArray(ACK_ID, ackId);
    }
    out.writeUInt32(ATTEMPT, delivery.attempt());
    out.writeByteArray(ORDERING_KEY, event.orderingKey());
    if (delivery.traceparent() != null) {
      out.writeString(TRACEPARENT, delivery.traceparent());
    }
  }
}
