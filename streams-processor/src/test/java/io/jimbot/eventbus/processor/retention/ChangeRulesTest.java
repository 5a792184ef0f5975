package io.jimbot.eventbus.processor.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeRulesTest {

  private final ChangeRules careful = new ChangeRules(Set.of(), Set.of());
  private final ChangeRules told = new ChangeRules(Set.of("t"), Set.of("t"));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "retention.ms;3600000;7200000;false",
        "retention.ms;7200000;3600000;true",
        "retention.ms;3600000;-1;false",
        "retention.ms;-1;3600000;true",
        "retention.bytes;1048576;-1;false",
        "retention.bytes;-1;1048576;true",
        "retention.bytes;2097152;1048576;true",
        "cleanup.policy;delete;compact;true",
        "cleanup.policy;compact;delete;true",
        "cleanup.policy;delete;compact,delete;true",
        "cleanup.policy;compact,delete;compact;false",
        "cleanup.policy;delete,compact;compact,delete;false",
        "max.message.bytes;2097152;1048576;false",
        "segment.ms;604800000;60000;false",
      })
  void whatWouldDeleteDataIsRefusedUnlessTheTopicIsNamed(
      String setting, String actual, String wanted, boolean refused) {
    assertThat(careful.setting("t", setting, actual, wanted).refused()).isEqualTo(refused);
    assertThat(told.setting("t", setting, actual, wanted).refused()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "retention.ms, 2, 1, events would be deleted that are kept longer now",
    "retention.bytes, 2, 1, events would be deleted that have room now",
    "cleanup.policy, delete, compact, events would be deleted by compact that delete keeps",
  })
  void aRefusalSaysWhatWouldBeDeletedAndHowToHaveItAllTheSame(
      String setting, String actual, String wanted, String loss) {
    assertThat(careful.setting("t", setting, actual, wanted).refusal())
        .startsWith(loss)
        .contains("name the topic in retention.allowDeletion");
  }

  @Test
  void partitionsGrowOnlyIfToldAndNeverShrink() {
    assertThat(careful.partitions("t", 4, 8).refusal()).contains("allowPartitionGrowth");
    assertThat(told.partitions("t", 4, 8).refused()).isFalse();
    assertThat(told.partitions("t", 8, 4).refusal()).contains("cannot take partitions away");
  }
}
