package io.jimbot.eventbus.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The places of a log, on a broker. */
class LogReaderIT {

  @TempDir private static Path directory;
  private static TestKafka kafka;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"endOffsets", "offsetsForTimes"})
  void whatIsStoredSinceTheTimeLiesBehindThePlacesWheneverItIsStored(String question)
      throws Exception {
    try (LogUnderTest log = new LogUnderTest(kafka.bootstrapServers(), "since-" + question, 3);
        LogReader reader =
            new LogReader(
                before(question, () -> log.appendMany(20, 20), log.tailConsumer("reader")),
                log.topic())) {
      log.appendMany(0, 20);
      int partitions = reader.learnPartitions();
      assertThat(partitions).isEqualTo(3);
      Instant since = Instant.now().plusMillis(1);
      await().until(() -> Instant.now().isAfter(since));

      assertThat(total(reader.at(since.toEpochMilli()))).isEqualTo(20);
    }
  }

  @Test
  void aTimeInTheFutureMeansTheEnd() throws Exception {
    try (LogUnderTest log = new LogUnderTest(kafka.bootstrapServers(), "future", 3);
        LogReader reader = new LogReader(log.tailConsumer("reader"), log.topic())) {
      log.appendMany(0, 20);
      int partitions = reader.learnPartitions();
      long[] places = reader.at(Instant.now().plusSeconds(3_600).toEpochMilli());

      assertThat(places).hasSize(partitions).isEqualTo(reader.end());
      assertThat(total(places)).isEqualTo(20);
    }
  }

  private static long total(long[] places) {
    long total = 0;
    for (long place : places) {
      total += place;
    }
    return total;
  }

  /** A consumer that is asked something just after something else has happened. */
  @SuppressWarnings("unchecked")
  private static Consumer<byte[], byte[]> before(
      String question, Runnable interlude, Consumer<byte[], byte[]> real) {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            LogReaderIT.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(question)) {
                interlude.run();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
