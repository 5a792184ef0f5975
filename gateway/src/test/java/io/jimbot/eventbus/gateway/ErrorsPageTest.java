package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Clients are told to rely on reasons; so each has to be in the one table of them. */
class ErrorsPageTest {

  /** Where the sources give a reason in words. */
  private static final Pattern REASON =
      Pattern.compile(
          "(?:Answer\\.error\\(\\s*\\w+,|unavailable\\(|SubscriptionFault\\(\\s*[\\w.]+,)\\s*\"([a-z_]+)\"");

  @Test
  void everyReasonThatAClientCanGetIsInTheTableOfErrors() throws Exception {
    String page = Files.readString(Path.of("../docs/errors.md"));
    Set<String> missing = new TreeSet<>();
    Set<String> found = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      sources
          .filter(path -> path.toString().endsWith(".java"))
          .map(ErrorsPageTest::text)
          .forEach(
              text -> {
                for (Matcher reason = REASON.matcher(text); reason.find(); ) {
                  found.add(reason.group(1));
                  if (!page.contains("`" + reason.group(1) + "`")) {
                    missing.add(reason.group(1));
                  }
                }
              });
    }

    assertThat(missing).isEmpty();
    assertThat(found).contains("stopping", "filter_differs", "too_many_subscriptions", "malformed");
  }

  private static String text(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
