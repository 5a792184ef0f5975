package io.jimbot.eventbus.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepeatMemoryTest {

  private static byte[] key(Random random) {
    byte[] key = new byte[16];
    random.nextBytes(key);
    return key;
  }

  @Test
  void aKeyIsARepeatExactlyIfItWasAmongTheLast() {
    Random random = new Random(5);
    RepeatMemory memory = new RepeatMemory(1_000);
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      byte[] key = key(random);
      keys.add(key);
      assertThat(memory.isRepeat(key)).isFalse();
      byte[] earlier = keys.get(Math.max(0, i - random.nextInt(1_000)));
      assertThat(memory.isRepeat(earlier.clone())).as("key of the last 1,000").isTrue();
    }
  }

  @Test
  void whatIsLongPastIsForgotten() {
    Random random = new Random(6);
    RepeatMemory memory = new RepeatMemory(100);
    byte[] first = key(random);
    memory.isRepeat(first);
    for (int i = 0; i < 250; i++) {
      memory.isRepeat(key(random));
    }

    assertThat(memory.isRepeat(first)).isFalse();
  }

  @Test
  void whatHasNoKeyNeverRepeats() {
    RepeatMemory memory = new RepeatMemory(10);

    assertThat(memory.isRepeat(null)).isFalse();
    assertThat(memory.isRepeat(null)).isFalse();
    assertThat(memory.isRepeat(new byte[3])).isFalse();
    assertThat(memory.isRepeat(new byte[3])).isFalse();
  }
}
