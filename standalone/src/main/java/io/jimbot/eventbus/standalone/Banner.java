package io.jimbot.eventbus.standalone;

/** What is served where, in one block, with a line to try at once. */
final class Banner {

  private Banner() {}

  static String of(StandaloneBus bus) {
    return """

        JimBot Event Bus is up.
          HTTP   http://127.0.0.1:%1$d  (events, health, metrics)
          gRPC   127.0.0.1:%4$d  (publish and subscribe)
          Kafka  %2$s  (bootstrap.servers of any client)
          Data   %3$s

        Publish an event:
          curl -sS http://127.0.0.1:%1$d/api/v1/events -H 'Content-Type: application/json' \\
            -d '{"type":"HEARTBEAT","source":"curl","payload":{"status":"ok"}}'

        Watch events come:
          ./eventbus tail --server 127.0.0.1:%4$d

        Ctrl-C stops it; the data stays.
        """
        .formatted(bus.httpPort(), bus.bootstrapServers(), bus.dataDirectory(), bus.grpcPort());
  }
}
