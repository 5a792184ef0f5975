package io.jimbot.eventbus.gateway;

import io.dropwizard.core.setup.Environment;
import io.jimbot.eventbus.gateway.http.HttpSettings;
import io.jimbot.eventbus.gateway.http.LaterAnswers;
import io.jimbot.eventbus.gateway.http.SchemaResource;
import io.jimbot.eventbus.gateway.kafka.KafkaLink;
import io.jimbot.eventbus.gateway.schema.SchemaDesk;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;

/** Puts together what a gateway tells of proposed schemas. */
final class SchemaWiring {

  private static final int MOST_WAITING = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private SchemaWiring() {}

  /** Registers the resource; its thread ends with the environment. */
  static void register(
      KafkaLink kafka, Environment environment, HttpSettings http, LaterAnswers answers) {
    ExecutorService thread =
        environment
            .lifecycle()
            .executorService("schemas-%d")
            .minThreads(1)
            .maxThreads(1)
            .workQueue(new ArrayBlockingQueue<>(MOST_WAITING))
            .rejectedExecutionHandler(new ThreadPoolExecutor.AbortPolicy())
            .build();
    environment
        .jersey()
        .register(
            new SchemaResource(
                new SchemaDesk(
                    kafka.topics().events(),
                    PATIENCE,
                    () -> kafka.newSeekingConsumer("eventbus-schemas"),
                    thread),
                http,
                answers));
  }
}
