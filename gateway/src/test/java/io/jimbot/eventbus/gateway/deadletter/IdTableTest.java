package io.jimbot.eventbus.gateway.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdTableTest {

  private static final long FIRST = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

  private final IdTable table = new IdTable();
  private final Random random = new Random(7);

  private UUID newId() {
    return UUID.fromString(DeadLetterId.at(Instant.ofEpochMilli(FIRST + random.nextInt(10_000))));
  }

  private void put(UUID id, long value) {
    table.put(id.getMostSignificantBits(), id.getLeastSignificantBits(), value);
  }

  private long get(UUID id) {
    return table.get(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  private void remove(UUID id) {
    table.remove(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  @Test
  void itHoldsWhatAMapWouldHold() {
    Map<UUID, Long> expected = new HashMap<>();
    List<UUID> ids = new ArrayList<>();
    for (long step = 0; step < 50_000; step++) {
      int kind = random.nextInt(10);
      if (ids.isEmpty() || kind < 5) {
        ids.add(newId());
      }
      UUID id = kind < 5 ? ids.get(ids.size() - 1) : ids.get(random.nextInt(ids.size()));
      if (kind < 7) {
        put(id, step);
        expected.put(id, step);
      } else {
        remove(id);
        expected.remove(id);
      }
    }

    assertThat(table.size()).isEqualTo(expected.size());
    assertThat(ids)
        .allSatisfy(id -> assertThat(get(id)).isEqualTo(expected.getOrDefault(id, IdTable.ABSENT)));
  }

  @Test
  void whatIsEarlierThanATimeIsTakenOutAndAllElseStays() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      ids.add(newId());
      put(ids.get(i), i);
    }
    long least = (FIRST + 4_000) << 16;

    table.removeBelow(least);

    assertThat(ids)
        .anyMatch(id -> id.getMostSignificantBits() < least)
        .allSatisfy(
            id ->
                assertThat(get(id))
                    .isEqualTo(
                        id.getMostSignificantBits() < least ? IdTable.ABSENT : ids.indexOf(id)));
    assertThat(table.size())
        .isEqualTo((int) ids.stream().filter(id -> get(id) != IdTable.ABSENT).count());
  }
}
