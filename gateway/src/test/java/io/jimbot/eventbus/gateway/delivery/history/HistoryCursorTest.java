package io.jimbot.eventbus.gateway.delivery.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.kept.Gap;
import io.jimbot.eventbus.service.kept.Stretch;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HistoryCursorTest {

  private static final long MILLIS = 1_764_000_000_000L;

  private static Stretch stretch(String topic, int partition, long begin, long next, long end) {
    return new Stretch(new TopicPartition(topic, partition), begin, next, end, begin, List.of());
  }

  @Test
  void aCursorIsReadAsItWasWritten() {
    HistoryCursor cursor =
        new HistoryCursor(
            List.of(
                stretch("t.events", 0, 100, 250, 1_000),
                stretch("t.events", 1, 0, 0, 0),
                new Stretch(
                    new TopicPartition("t.events.standard", 3),
                    20,
                    70,
                    500,
                    90,
                    List.of(new Gap(0, 200, 250, 0), new Gap(7, 1L << 40, 1L << 41, 77)))),
            MILLIS,
            0xfedcba98);

    assertThat(HistoryCursor.read(cursor.toText())).isEqualTo(cursor);
    assertThat(cursor.toText()).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void aCursorOverManyPartitionsFitsIntoTheAddressOfARequest() {
    List<Stretch> many =
        IntStream.range(0, 4 * 64)
            .mapToObj(
                i ->
                    stretch(
                        i < 64 ? "jimbot.events" : "jimbot.events.class-" + i / 64,
                        i % 64,
                        10_000_000,
                        12_000_000,
                        30_000_000))
            .toList();

    assertThat(new HistoryCursor(many, MILLIS, 1).toText().length()).isLessThan(6_000);
  }

  @Test
  void whatIsNoCursorIsRefused() {
    byte[] good =
        Base64.getUrlDecoder()
            .decode(
                new HistoryCursor(List.of(stretch("t.events", 0, 1, 2, 3)), MILLIS, 1).toText());

    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThat(HistoryCursor.read(text(cut))).as("%d bytes", length).isNull();
    }
    assertThat(HistoryCursor.read(text(Arrays.copyOf(good, good.length + 1)))).isNull();
    assertThat(HistoryCursor.read("not base 64!")).isNull();
    HistoryCursor backwards =
        new HistoryCursor(List.of(stretch("t.events", 0, 10, 5, 3)), MILLIS, 1);
    assertThat(HistoryCursor.read(backwards.toText())).isNull();
    assertThat(Objects.requireNonNull(HistoryCursor.read(text(good))).fingerprint()).isEqualTo(1);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
