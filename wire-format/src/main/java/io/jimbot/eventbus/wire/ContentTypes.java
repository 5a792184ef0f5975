package io.jimbot.eventbus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.Descriptor;
import io.jimbot.eventbus.event.HeaderNames;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The media types of values, as the header {@code content-type} names them. */
public final class ContentTypes {

  private static final String PLAIN = "application/x-protobuf; messageType=";
  private static final String CONFLUENT = "application/x-confluent-protobuf; messageType=";

  private ContentTypes() {}

  /** Plain Protobuf. */
  public static String plain(Descriptor message) {
    return PLAIN + message.getFullName();
  }

  /** A {@link ConfluentFrame} around it. */
  public static String confluent(Descriptor message) {
    return CONFLUENT + message.getFullName();
  }

  /** Puts the header in the place of any that is there. */
  static void set(Header contentType, Headers headers) {
    headers.remove(contentType.key());
    headers.add(contentType);
  }

  static Header header(String contentType) {
    return new RecordHeader(HeaderNames.CONTENT_TYPE, contentType.getBytes(UTF_8));
  }
}
