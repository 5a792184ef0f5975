package io.jimbot.eventbus.service.deadletter;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;

/** Which headers a dead letter keeps: all but those that may hold a credential. */
final class KeptHeaders {

  private static final Pattern CREDENTIAL =
      Pattern.compile("authorization|cookie|password|passwd|secret|token|credential|api[-_]?key");

  private KeptHeaders() {}

  /** The last header of each name. */
  static Map<String, ByteString> of(Iterable<Header> headers) {
    Map<String, ByteString> kept = new HashMap<>();
    for (Header header : headers) {
      if (header.value() != null && isKept(header.key())) {
        kept.put(header.key(), ByteString.copyFrom(header.value()));
      }
    }
    return kept;
  }

  static boolean isKept(String name) {
    return !CREDENTIAL.matcher(name.toLowerCase(Locale.ROOT)).find();
  }
}
