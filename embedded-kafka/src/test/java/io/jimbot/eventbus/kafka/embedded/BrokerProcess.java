package io.jimbot.eventbus.kafka.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A broker in a JVM of its own that can be killed. It produces numbered records without end and
 * prints each number once it has been acknowledged.
 */
final class BrokerProcess implements AutoCloseable {

  static final String TOPIC = "numbers";

  private final Process process;
  private final BufferedReader output;

  private BrokerProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
  }

  static BrokerProcess start(Path dataDirectory) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            BrokerProcess.class.getName(),
            dataDirectory.toString());
    return new BrokerProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  long pid() {
    return process.pid();
  }

  /** Waits until this many records have been acknowledged. */
  void awaitAcknowledged(int count) throws IOException {
    int last = 0;
    while (last < count) {
      String line = output.readLine();
      if (line == null) {
        throw new IllegalStateException("The process ended after " + last + " records");
      }
      last = Integer.parseInt(line);
    }
  }

  /** Kills it and returns when it is gone. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(30, TimeUnit.SECONDS);
  }

  public static void main(String[] arguments) throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(Path.of(arguments[0])));
    KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
    clients.createTopic(TOPIC, 1);
    try (KafkaProducer<String, String> producer = clients.producer()) {
      for (int number = 1; ; number++) {
        int acknowledged = number;
        var unused =
            producer.send(
                new ProducerRecord<>(TOPIC, Integer.toString(number)),
                (metadata, failure) -> {
                  if (failure == null) {
                    System.out.println(acknowledged);
                  }
                });
      }
    }
  }
}
