package io.jimbot.eventbus.gateway.delivery.history;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.jimbot.eventbus.service.kept.Stretch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended: what is still to be read, and of which question it is. Any gateway can go on
 * from it. Immutable.
 *
 * <p>Format, version 2, in URL-safe base 64 without padding: the byte 2, the fingerprint (4 bytes,
 * little endian), the time as a varint, the {@link StretchCodec stretches}.
 *
 * @param stretches all of the log, and those of class topics that are not read to their end; where
 *     they end was found for the first page: what is stored meanwhile does not belong to it
 * @param sinceMillis when the latest event so far was taken in, in milliseconds since 1970; 0 for
 *     none
 * @param fingerprint of the question
 */
public record HistoryCursor(List<Stretch> stretches, long sinceMillis, int fingerprint) {

  private static final int VERSION = 2;

  /** Copies. */
  public HistoryCursor {
    stretches = List.copyOf(stretches);
  }

  /** Reads what {@link #toText} wrote; null if the text is none. */
  public static @Nullable HistoryCursor read(String text) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(Base64.getUrlDecoder().decode(text));
      if (in.readRawByte() != VERSION) {
        return null;
      }
      int fingerprint = in.readFixed32();
      long sinceMillis = in.readInt64();
      List<Stretch> stretches = StretchCodec.read(in);
      return stretches != null && sinceMillis >= 0 && in.isAtEnd()
          ? new HistoryCursor(stretches, sinceMillis, fingerprint)
          : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  /** For a URL. */
  public String toText() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeRawByte(VERSION);
      out.writeFixed32NoTag(fingerprint);
      out.writeInt64NoTag(sinceMillis);
      StretchCodec.write(stretches, out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }
}
