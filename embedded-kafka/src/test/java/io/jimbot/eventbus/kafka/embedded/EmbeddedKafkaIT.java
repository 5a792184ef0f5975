package io.jimbot.eventbus.kafka.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

  private static final List<String> VALUES = List.of("one", "two", "three");

  @TempDir private Path directory;

  @Test
  void what_is_produced_can_be_consumed() throws Exception {
    try (EmbeddedKafka kafka = start()) {
      KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
      clients.createTopic("numbers", 1);

      clients.produce("numbers", VALUES);

      assertThat(clients.consume("numbers", "readers", 3)).isEqualTo(VALUES);
    }
  }

  @Test
  void a_record_of_fifteen_mebibytes_passes() throws Exception {
    try (EmbeddedKafka kafka = start()) {
      KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
      clients.createTopic("large", 1);
      String large = "x".repeat(15 * 1024 * 1024);

      clients.produce("large", List.of(large));

      assertThat(clients.consume("large", "readers", 1)).containsExactly(large);
    }
  }

  @Test
  void topics_records_and_committed_offsets_outlive_a_restart_on_another_port() throws Exception {
    int firstPort;
    try (EmbeddedKafka kafka = start()) {
      firstPort = kafka.port();
      KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
      clients.createTopic("numbers", 1);
      clients.produce("numbers", VALUES);
      clients.consume("numbers", "readers", 3);
      clients.produce("numbers", List.of("four"));
    }

    try (BoundSockets occupied = BoundSockets.bind("127.0.0.1", firstPort);
        EmbeddedKafka kafka = start()) {

      KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
      assertThat(kafka.port()).isNotEqualTo(occupied.brokerPort());
      assertThat(clients.topics()).contains("numbers");
      assertThat(clients.consume("numbers", "readers", 1)).containsExactly("four");
      assertThat(clients.consume("numbers", "other readers", 4)).startsWith("one").hasSize(4);
    }
  }

  @Test
  void it_starts_again_on_the_same_port() throws Exception {
    int port;
    try (EmbeddedKafka kafka = start()) {
      port = kafka.port();
      new KafkaClients(kafka.bootstrapServers()).createTopic("numbers", 1);
    }

    try (EmbeddedKafka kafka =
        EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withPort(port))) {

      assertThat(kafka.port()).isEqualTo(port);
      assertThat(new KafkaClients(kafka.bootstrapServers()).topics()).contains("numbers");
    }
  }

  @Test
  void a_directory_in_use_by_this_process_is_refused_and_not_disturbed() throws Exception {
    try (EmbeddedKafka kafka = start()) {

      assertThatThrownBy(this::start)
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining("%s is in use by process %d", directory, pid())
          .extracting(e -> ((EmbeddedKafkaException) e).reason())
          .isEqualTo(EmbeddedKafkaException.Reason.DATA_DIRECTORY);

      assertThat(new KafkaClients(kafka.bootstrapServers()).topics()).isEmpty();
    }
  }

  @Test
  void a_taken_port_is_refused_with_its_number_and_what_to_do() {
    try (BoundSockets occupied = BoundSockets.bind("127.0.0.1", 0)) {
      EmbeddedKafkaSettings settings =
          EmbeddedKafkaSettings.in(directory.resolve("new")).withPort(occupied.brokerPort());

      assertThatThrownBy(() -> EmbeddedKafka.start(settings))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining("port %d of 127.0.0.1", occupied.brokerPort())
          .hasMessageContaining("choose another one")
          .extracting(e -> ((EmbeddedKafkaException) e).reason())
          .isEqualTo(EmbeddedKafkaException.Reason.ADDRESS);

      assertThat(directory.resolve("new")).doesNotExist();
    }
  }

  @Test
  void a_value_that_kafka_refuses_leaves_port_and_directory_free() {
    EmbeddedKafkaSettings refused =
        EmbeddedKafkaSettings.in(directory)
            .withBrokerOverrides(Map.of("num.io.threads", "no number"));

    assertThatThrownBy(() -> EmbeddedKafka.start(refused))
        .isInstanceOf(EmbeddedKafkaException.class)
        .hasMessageContaining("num.io.threads");

    assertThatCode(() -> start().close()).doesNotThrowAnyException();
  }

  @Test
  void a_directory_whose_identity_is_gone_is_not_formatted_over() throws Exception {
    start().close();
    Files.delete(directory.resolve("meta.properties"));

    assertThatThrownBy(this::start)
        .isInstanceOf(EmbeddedKafkaException.class)
        .hasMessageContaining("meta.properties is gone");
  }

  @Test
  void a_directory_whose_formatting_was_cut_short_is_formatted_again() throws Exception {
    StorageFormat.formatIfNew(directory);
    Files.delete(directory.resolve("meta.properties"));

    assertThatCode(() -> start().close()).doesNotThrowAnyException();
  }

  @Test
  void closing_twice_is_harmless() {
    EmbeddedKafka kafka = start();
    kafka.close();

    assertThatCode(kafka::close).doesNotThrowAnyException();
  }

  @Test
  void a_wildcard_host_is_reached_on_the_loopback_address() throws Exception {
    EmbeddedKafkaSettings everywhere = EmbeddedKafkaSettings.in(directory).withHost("0.0.0.0");

    try (EmbeddedKafka kafka = EmbeddedKafka.start(everywhere)) {
      KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
      clients.createTopic("numbers", 1);
      clients.produce("numbers", VALUES);

      assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + kafka.port());
      assertThat(clients.consume("numbers", "readers", 3)).isEqualTo(VALUES);
    }
  }

  @Test
  void records_acknowledged_before_a_kill_are_all_there_afterwards() throws Exception {
    int acknowledged = 5_000;
    try (BrokerProcess killed = BrokerProcess.start(directory)) {
      killed.awaitAcknowledged(acknowledged);
    }

    try (EmbeddedKafka kafka = start()) {

      List<String> found =
          new KafkaClients(kafka.bootstrapServers())
              .consume(BrokerProcess.TOPIC, "readers", acknowledged);
      assertThat(found)
          .startsWith(
              IntStream.rangeClosed(1, acknowledged)
                  .mapToObj(Integer::toString)
                  .toArray(String[]::new));
    }
  }

  @Test
  void a_directory_in_use_by_another_process_is_refused_with_its_number() throws Exception {
    try (BrokerProcess other = BrokerProcess.start(directory)) {
      other.awaitAcknowledged(1);

      assertThatThrownBy(this::start)
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining("%s is in use by process %d", directory, other.pid());
    }
  }

  private EmbeddedKafka start() {
    return EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory));
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }
}
