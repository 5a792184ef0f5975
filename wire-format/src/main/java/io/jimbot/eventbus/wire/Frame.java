package io.jimbot.eventbus.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** What is put around the messages of one schema. Immutable. */
final class Frame {

  private final int schemaId;
  private final byte[] prefix;
  private final Header contentType;

  Frame(int schemaId, Descriptor message) {
    this.schemaId = schemaId;
    this.prefix = ConfluentFrame.prefix(schemaId, MessageIndexes.of(message));
    this.contentType = ContentTypes.header(ContentTypes.confluent(message));
  }

  int schemaId() {
    return schemaId;
  }

  /** The value of a message, in one array of its exact size. */
  byte[] around(Message message) {
    int size = message.getSerializedSize();
    byte[] value = begun(size);
    try {
      message.writeTo(CodedOutputStream.newInstance(value, prefix.length, size));
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the right size is never full", e);
    }
    return value;
  }

  /** The same for a message that is encoded already. */
  byte[] around(byte[] message) {
    byte[] value = begun(message.length);
    System.arraycopy(message, 0, value, prefix.length, message.length);
    return value;
  }

  private byte[] begun(int size) {
    byte[] value = new byte[prefix.length + size];
    System.arraycopy(prefix, 0, value, 0, prefix.length);
    return value;
  }

  /** Says in the record's headers what its value is. */
  void label(Headers headers) {
    ContentTypes.set(contentType, headers);
  }
}
