package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StandaloneProcessIT {

  @TempDir private Path directory;

  @Test
  void a_signal_stops_the_gateway_before_kafka_and_the_exit_code_is_0() throws Exception {
    try (BusProcess bus = start()) {
      bus.awaitLine("Ctrl-C stops it");

      bus.terminate();

      assertThat(bus.rest()).contains("drained to cluster").doesNotContain("Kafka was gone");
      assertThat(bus.awaitExitCode()).isZero();
    }
  }

  @Test
  void the_banner_names_the_real_ports_and_the_directory() throws Exception {
    try (BusProcess bus = start()) {

      String http = bus.awaitLine("HTTP ");
      String kafka = bus.awaitLine("Kafka ");
      String data = bus.awaitLine("Data ");
      String curl = bus.awaitLine("curl ");

      assertThat(http).containsPattern("http://127.0.0.1:[1-9][0-9]+ ");
      assertThat(kafka).containsPattern("127.0.0.1:[1-9][0-9]+ ");
      assertThat(data).contains(directory.toString());
      assertThat(curl).containsPattern("http://127.0.0.1:[1-9][0-9]+/api/v1/events ");
    }
  }

  @Test
  void a_second_bus_on_the_same_data_says_so_and_exits_with_1() throws Exception {
    try (BusProcess first = start()) {
      first.awaitLine("Ctrl-C stops it");

      try (BusProcess second = start()) {
        assertThat(second.rest())
            .contains("eventbus: --data-dir: ")
            .contains("is in use by process")
            .doesNotContain("\tat ");
        assertThat(second.awaitExitCode()).isEqualTo(1);
      }
    }
  }

  @Test
  void a_taken_http_port_stops_the_broker_again_and_exits_with_1() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        BusProcess bus =
            BusProcess.start(
                "standalone",
                "--http-port=" + taken.getLocalPort(),
                "--kafka-port=0",
                "--data-dir=" + directory)) {

      assertThat(bus.rest())
          .contains("the gateway cannot listen")
          .contains("--http-port")
          .contains("port " + taken.getLocalPort())
          .doesNotContain("\tat ");
      assertThat(bus.awaitExitCode()).isEqualTo(1);
    }
  }

  @Test
  void a_lost_disk_stops_the_bus_with_exit_code_1() throws Exception {
    try (BusProcess bus = start()) {
      String kafka = bus.awaitLine("Kafka  ").trim().split(" +")[1];
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
        admin.describeCluster().nodes().get();

        replaceByFile(directory.resolve("kafka"));
        var unused = admin.createTopics(List.of(new NewTopic("new", 1, (short) 1)));

        bus.awaitLine("Stopping after a fatal fault");
      }
      assertThat(bus.rest()).contains("Stopping");
      assertThat(bus.awaitExitCode()).isEqualTo(1);
    }
  }

  private BusProcess start() throws IOException {
    return BusProcess.start(
        "standalone",
        "--http-port=0",
        "--grpc-port=0",
        "--kafka-port=0",
        "--data-dir=" + directory);
  }

  private static void replaceByFile(Path path) throws IOException {
    try (Stream<Path> everything = Files.walk(path)) {
      for (Path each : everything.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    Files.createFile(path);
  }
}
