package io.jimbot.eventbus.service.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.json.Decoded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DeadLetterReasonTest {

  private static final Pattern ROW =
      Pattern.compile("\\| (`[^|]+`) \\| [^|]+ \\| [^|]+ \\| (yes|no) \\|");
  private static final Pattern WORD = Pattern.compile("`([a-z_]+)`");

  @Test
  void everyReasonIsDocumentedWithWhetherItComesAgain() throws Exception {
    Map<String, Boolean> documented = new TreeMap<>();
    String page = Files.readString(Path.of("../docs/errors.md"));
    Matcher row = ROW.matcher(page.substring(page.indexOf("## Dead letters")));
    while (row.find()) {
      Matcher word = WORD.matcher(row.group(1));
      while (word.find()) {
        documented.put(word.group(1), row.group(2).equals("yes"));
      }
    }

    Map<String, Boolean> decided = new TreeMap<>();
    Arrays.stream(DeadLetterReason.values())
        .forEach(reason -> decided.put(reason.word(), reason.isRetryable()));
    assertThat(documented).isEqualTo(decided);
  }

  @Test
  void everyReasonOfTheDecoderIsOne() {
    assertThat(Decoded.Broken.reasons())
        .isNotEmpty()
        .allSatisfy(word -> assertThat(DeadLetterReason.of(word).isRetryable()).isFalse());
  }

  @Test
  void whatALaterVersionMayWriteIsNotSentAgain() {
    assertThat(DeadLetterReason.isRetryable("attempts_exhausted")).isTrue();
    assertThat(DeadLetterReason.isRetryable("something_new")).isFalse();
  }
}
