package io.jimbot.eventbus.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResumeTokenTest {

  private final ResumeToken token = ResumeToken.of("log", new long[] {0, 127, 128, Long.MAX_VALUE});

  @Test
  void itIsReadBackFromBytesAndText() {
    assertThat(ResumeToken.read(token.toBytes())).isEqualTo(token);
    assertThat(ResumeToken.read(token.toText())).isEqualTo(token);
    assertThat(token.isOf("log")).isTrue();
    assertThat(token.isOf("other")).isFalse();
    assertThat(token.next(3)).isEqualTo(Long.MAX_VALUE);
    assertThat(token.next(4)).isZero();
  }

  @Test
  void aTokenCutShortOrWithMoreBehindItIsNone() {
    byte[] bytes = token.toBytes();
    for (int length = 0; length < bytes.length; length++) {
      assertThat(ResumeToken.read(Arrays.copyOf(bytes, length))).isNull();
    }
    assertThat(ResumeToken.read(Arrays.copyOf(bytes, bytes.length + 1))).isNull();
    assertThat(ResumeToken.read("no token!")).isNull();
  }

  @Test
  void hostileBytesAreNoTokenOrOneWithOffsetsThatExist() {
    long seed = Long.getLong("random.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = 1;
      }
      ResumeToken read = ResumeToken.read(bytes);
      for (int p = 0; read != null && p < read.partitions(); p++) {
        assertThat(read.next(p)).as("seed %d", seed).isNotNegative();
      }
    }
  }
}
