package io.jimbot.eventbus.kafka.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FatalFaultIT {

  @TempDir private Path temporary;

  @Test
  void a_lost_disk_is_told_to_the_owner_who_closes_the_broker_and_lives_on() throws Exception {
    Path directory = temporary.resolve("kafka");
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    EmbeddedKafka kafka =
        EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withOnFatalFault(told::complete));

    try (Admin admin = new KafkaClients(kafka.bootstrapServers()).admin()) {
      replaceByFile(directory);
      var unused = admin.createTopics(List.of(new NewTopic("numbers", 1, (short) 1)));

      Throwable fault = told.get(30, TimeUnit.SECONDS);

      assertThat(fault)
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining("asked to end the process");
    }
    kafka.close();
    try (EmbeddedKafka next =
        EmbeddedKafka.start(EmbeddedKafkaSettings.in(temporary.resolve("next")))) {
      assertThat(new KafkaClients(next.bootstrapServers()).topics()).isEmpty();
    }
  }

  private static void replaceByFile(Path directory) throws IOException {
    try (Stream<Path> everything = Files.walk(directory)) {
      for (Path path : everything.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    Files.createFile(directory);
  }
}
