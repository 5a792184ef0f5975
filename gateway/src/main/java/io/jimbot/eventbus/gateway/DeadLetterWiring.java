package io.jimbot.eventbus.gateway;

import io.dropwizard.core.setup.Environment;
import io.jimbot.eventbus.gateway.deadletter.DeadLetterDesk;
import io.jimbot.eventbus.gateway.http.DeadLetterActionResource;
import io.jimbot.eventbus.gateway.http.DeadLetterResource;
import io.jimbot.eventbus.gateway.http.HttpSettings;
import io.jimbot.eventbus.gateway.http.LaterAnswers;
import io.jimbot.eventbus.gateway.kafka.KafkaLink;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;

/** Puts together what a gateway knows of dead letters. */
final class DeadLetterWiring {

  private static final int MOST_WAITING = 64;

  private DeadLetterWiring() {}

  /**
   * Registers the resources; its thread ends with the environment.
   *
   * @param keep how long a dead letter is known
   */
  static void register(
      KafkaLink kafka,
      Duration keep,
      Environment environment,
      HttpSettings http,
      LaterAnswers answers) {
    ExecutorService thread =
        environment
            .lifecycle()
            .executorService("dead-letters-%d")
            .minThreads(1)
            .maxThreads(1)
            .workQueue(new ArrayBlockingQueue<>(MOST_WAITING))
            .rejectedExecutionHandler(new ThreadPoolExecutor.AbortPolicy())
            .build();
    DeadLetterDesk desk =
        new DeadLetterDesk(
            kafka.topics(),
            kafka.publisher(),
            keep,
            () -> kafka.newSeekingConsumer("eventbus-dead-letters"),
            thread);
    environment.jersey().register(new DeadLetterResource(desk, answers));
    environment.jersey().register(new DeadLetterActionResource(desk, http, answers));
  }
}
