package io.jimbot.eventbus.cli;

import ch.qos.logback.classic.Level;
import io.dropwizard.logging.common.BootstrapLogging;
import io.jimbot.eventbus.service.catalogue.Catalogue;
import io.jimbot.eventbus.service.migration.MigrationProgress;
import io.jimbot.eventbus.service.migration.MigrationRefused;
import io.jimbot.eventbus.service.migration.TopicMigration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code eventbus schema migrate}: a topic's events in the current version, in a topic of their
 * own.
 */
@Command(
    name = "migrate",
    description = {
      "Rewrites a topic into a new one like it, with its events in the current version of their types.",
      "What was killed goes on when it is run again, with no event lost or doubled; run again after its",
      "end, it takes what has come since.",
      "TO may not begin with the name of a bus's log and a point, such as jimbot.events.: the bus reads such",
      "topics as its own, and would give each event twice. History and replays go on with FROM, in the current",
      "version for who asks so; who reads Kafka without the bus goes over to TO once a last run has taken the rest.",
      "Exit code: 0 done, 1 failed, 2 refused: the target is another's, or is read by a bus, or an event cannot",
      "be taken."
    })
final class SchemaMigrateCommand implements Callable<Integer> {

  private static final int REFUSED = 2;
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

  @Parameters(index = "0", paramLabel = "FROM", description = "The Kafka topic to read.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String from;

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "The Kafka topic to make, not a jimbot.events.*.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String to;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:9092",
      description = "Where Kafka is. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String bootstrapServers;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Properties for Kafka's clients, for example security.protocol.")
  private @Nullable Path kafkaConfig;

  @Option(
      names = "--catalogue",
      paramLabel = "FILE",
      description = "The catalogue that says which versions are current. Default: that of the bus")
  private @Nullable Path catalogue;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "At most so many records a second; 0: as many as there can be. Default: 0")
  private int rate;

  @Option(
      names = "--keep-failing",
      description = "Events that a step cannot take are written as they are. Default: they end it")
  private boolean keepFailing;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private long reportedNanos;

  @Override
  public Integer call() throws Exception {
    BootstrapLogging.bootstrap(Level.ERROR);
    PrintWriter out = spec.commandLine().getOut();
    try {
      MigrationProgress end =
          new TopicMigration(
                  kafka(), from, to, Catalogue.load(catalogue).upcasters(), keepFailing, rate)
              .run(progress -> report(progress, out));
      out.println(
          "%s holds what %s held: this run wrote %d records, %d in a newer version, %d that no step could take"
              .formatted(to, from, end.records(), end.upcast(), end.failed()));
      return 0;
    } catch (MigrationRefused e) {
      spec.commandLine().getErr().println("eventbus: " + e.getMessage());
      return REFUSED;
    }
  }

  private void report(MigrationProgress progress, PrintWriter out) {
    long now = System.nanoTime();
    if (reportedNanos == 0 || now - reportedNanos >= REPORT_NANOS) {
      reportedNanos = now;
      out.println(
          String.format(
              Locale.ROOT,
              "%.1f %% of %s, %d records written by this run",
              progress.percent(),
              from,
              progress.records()));
      out.flush();
    }
  }

  private Map<String, Object> kafka() throws IOException {
    Map<String, Object> all = new HashMap<>();
    if (kafkaConfig != null) {
      Properties properties = new Properties();
      try (Reader in = Files.newBufferedReader(kafkaConfig)) {
        properties.load(in);
      }
      properties.forEach((name, value) -> all.put(name.toString(), value));
    }
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return all;
  }
}
