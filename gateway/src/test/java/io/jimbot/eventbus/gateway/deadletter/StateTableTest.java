package io.jimbot.eventbus.gateway.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.gateway.deadletter.StateTable.Told;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.events.v1.DeadLetterState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StateTableTest {

  private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
  private static final Told SCHEDULED = new Told(DeadLetterState.DEAD_LETTER_STATE_SCHEDULED, 0, 0);

  private final StateTable table = new StateTable(DataSize.bytes(100L * StateTable.BYTES));

  private static UUID newId(Instant time) {
    return UUID.fromString(DeadLetterId.at(time));
  }

  private List<UUID> fill() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ids.add(newId(NOW.plusMillis(i)));
      assertThat(table.put(ids.get(i), SCHEDULED)).isTrue();
    }
    return ids;
  }

  @Test
  void aStateIsKeptWithThePlaceWhereItIsTold() {
    for (DeadLetterState state : DeadLetterState.values()) {
      if (state != DeadLetterState.UNRECOGNIZED) {
        UUID id = newId(NOW);
        Told told = new Told(state, 9_999, 70_000_000_000_000L);
        table.put(id, told);
        assertThat(table.get(id)).isEqualTo(told);
      }
    }
    assertThat(table.get(newId(NOW))).isNull();
  }

  @Test
  void aNewOneThatHasNoRoomIsRefusedAndAKnownOneIsNot() {
    List<UUID> ids = fill();
    Told redriven = new Told(DeadLetterState.DEAD_LETTER_STATE_REDRIVEN, 1, 5);

    assertThat(table.put(newId(NOW), SCHEDULED)).isFalse();
    assertThat(table.put(ids.get(3), redriven)).isTrue();
    assertThat(table.get(ids.get(3))).isEqualTo(redriven);
    table.remove(ids.get(0));
    assertThat(table.put(newId(NOW), SCHEDULED)).isTrue();
    assertThat(table.size()).isEqualTo(100);
  }

  @Test
  void whatIsTakenOutByItsTimeLeavesRoom() {
    List<UUID> ids = fill();

    table.removeBefore(NOW.plusMillis(30).toEpochMilli());

    assertThat(table.size()).isEqualTo(70);
    assertThat(table.get(ids.get(29))).isNull();
    assertThat(table.get(ids.get(30))).isEqualTo(SCHEDULED);
  }
}
