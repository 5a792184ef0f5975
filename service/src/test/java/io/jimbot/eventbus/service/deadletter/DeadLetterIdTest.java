package io.jimbot.eventbus.service.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeadLetterIdTest {

  private static final Instant TIME = Instant.ofEpochMilli(1_800_000_000_123L);

  @Test
  void thoseOfOneMomentSortInTheOrderInWhichTheyWereMade() {
    List<String> ids = Stream.generate(() -> DeadLetterId.at(TIME)).limit(2_000).toList();

    assertThat(ids).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aLaterMomentSortsBehindAndAnEarlierOneBefore() {
    String first = DeadLetterId.at(TIME);
    String later = DeadLetterId.at(TIME.plusMillis(1));
    String earlier = DeadLetterId.at(TIME.minusMillis(1));

    assertThat(List.of(earlier, first, later)).isSorted();
  }

  @Test
  void theyTellTheirTimeAndNothingElseDoes() {
    String id = DeadLetterId.at(TIME);

    assertThat(DeadLetterId.millis(id)).isEqualTo(TIME.toEpochMilli());
    assertThat(DeadLetterId.least(TIME.toEpochMilli())).isLessThanOrEqualTo(id);
    assertThat(DeadLetterId.millis("1-2-3-4-5")).isEqualTo(-1);
    assertThat(DeadLetterId.millis("")).isEqualTo(-1);
  }
}
