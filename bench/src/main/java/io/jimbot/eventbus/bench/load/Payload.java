package io.jimbot.eventbus.bench.load;

import java.util.List;

/**
 * What is sent, request after request, from the first again behind the last.
 *
 * @param name how the table calls it
 * @param path where the gateway takes it
 * @param requests at least one
 */
public record Payload(String name, String path, List<Request> requests) {

  /** Checks that there is something to send. */
  public Payload {
    requests = List.copyOf(requests);
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("nothing to send for " + name);
    }
  }

  /**
   * One request.
   *
   * @param body as the gateway gets it
   * @param events the same events one by one, as the plain producer sends them
   */
  public record Request(byte[] body, List<byte[]> events) {}

  /** The request to be sent as the {@code number}th, from 0. */
  Request request(long number) {
    return requests.get(index(number));
  }

  int index(long number) {
    return (int) (number % requests.size());
  }
}
