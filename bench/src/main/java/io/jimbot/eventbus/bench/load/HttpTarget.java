package io.jimbot.eventbus.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway over HTTP/1.1: a kept-alive connection for each slot, all on one selector, no parsing
 * beyond the status. A general client would take more CPU than the gateway.
 *
 * <p>Every slot is a producer with an ordering key of its own, so that the events spread over the
 * partitions as those of many games do.
 */
public final class HttpTarget implements Target {

  private static final Logger LOG = LoggerFactory.getLogger(HttpTarget.class);
  private static final int SCRATCH_BYTES = 64 * 1024;
  private static final int OK = 200;

  private final Payload payload;
  private final Selector selector = Selector.open();
  private final Alarm alarm = new Alarm(selector::wakeup);
  private final HttpConnection[] connections;
  private final ByteBuffer[] headOfSlot;

  /** The gateway also closes connections that are idle for long; those have nothing to fail. */
  private final boolean[] underWay;

  private final List<ByteBuffer> rest;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

  /** Connects to {@code http://host:port}. */
  public HttpTarget(URI gateway, Payload payload, int slots) throws IOException {
    this.payload = payload;
    InetSocketAddress address = new InetSocketAddress(gateway.getHost(), gateway.getPort());
    connections = new HttpConnection[slots];
    headOfSlot = new ByteBuffer[slots];
    underWay = new boolean[slots];
    for (int slot = 0; slot < slots; slot++) {
      connections[slot] = HttpConnection.open(address, slot, selector);
      headOfSlot[slot] =
          direct(
              "POST %s HTTP/1.1\r\nHost: %s\r\nX-Ordering-Key: %s\r\n"
                  .formatted(payload.path(), gateway.getAuthority(), OrderingKeys.of(slot)));
    }
    rest = payload.requests().stream().map(request -> rest(request.body())).toList();
  }

  private static ByteBuffer rest(byte[] body) {
    byte[] head =
        "User-Agent: BalatroMCP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(body.length)
            .getBytes(US_ASCII);
    return ByteBuffer.allocateDirect(head.length + body.length).put(head).put(body).flip();
  }

  private static ByteBuffer direct(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Override
  public void send(int slot, long number, long dueNanoTime) throws IOException {
    underWay[slot] = true;
    connections[slot].send(
        headOfSlot[slot].duplicate(), rest.get(payload.index(number)).duplicate());
  }

  @Override
  public void await(long untilNanoTime, Completion completion) throws IOException {
    long nanos = untilNanoTime - System.nanoTime();
    if (nanos <= 0) {
      selector.selectNow();
    } else {
      alarm.set(untilNanoTime);
      selector.select(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }
    Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
    while (ready.hasNext()) {
      HttpConnection connection = (HttpConnection) ready.next().attachment();
      ready.remove();
      advance(connection, completion);
    }
  }

  private void advance(HttpConnection connection, Completion completion) throws IOException {
    int slot = connection.slot();
    try {
      int status = connection.advance(scratch);
      if (status != 0) {
        if (status != OK) {
          LOG.debug("answered {}", connection.answer());
        }
        complete(slot, status == OK, completion);
      }
    } catch (IOException e) {
      LOG.debug("connection {} failed: {}", slot, e.toString());
      connections[slot] = connection.reopen();
      if (underWay[slot]) {
        complete(slot, false, completion);
      }
    }
  }

  private void complete(int slot, boolean succeeded, Completion completion) {
    underWay[slot] = false;
    completion.completed(slot, succeeded, System.nanoTime());
  }

  @Override
  public void close() throws IOException {
    alarm.close();
    for (HttpConnection connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
