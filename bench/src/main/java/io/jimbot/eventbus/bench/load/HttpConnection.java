package io.jimbot.eventbus.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * One kept-alive connection with at most one request under way. Reads just enough HTTP/1.1 to find
 * the status and the end of an answer that says its length. Used by one thread.
 */
final class HttpConnection {

  private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
  private static final String LENGTH_FIELD = "\r\ncontent-length:";
  private static final int STATUS_FROM = "HTTP/1.1 ".length();

  private final InetSocketAddress address;
  private final int slot;
  private final SocketChannel channel;
  private final SelectionKey key;

  private ByteBuffer[] outgoing = {};
  private byte[] answer = new byte[16 * 1024];
  private int answerLength;
  private int status;

  /** Where the answer ends, 0 as long as its head is not there in full. */
  private int answerEnd;

  private HttpConnection(
      InetSocketAddress address, int slot, SocketChannel channel, Selector selector)
      throws IOException {
    this.address = address;
    this.slot = slot;
    this.channel = channel;
    this.key = channel.register(selector, SelectionKey.OP_READ);
  }

  static HttpConnection open(InetSocketAddress address, int slot, Selector selector)
      throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    HttpConnection connection = new HttpConnection(address, slot, channel, selector);
    connection.key.attach(connection);
    return connection;
  }

  int slot() {
    return slot;
  }

  /** A new one in its place. */
  HttpConnection reopen() throws IOException {
    close();
    return open(address, slot, key.selector());
  }

  /** Sends a request; the buffers must not be changed before it is answered. */
  void send(ByteBuffer... request) throws IOException {
    outgoing = request;
    answerLength = 0;
    answerEnd = 0;
    flush();
  }

  private void flush() throws IOException {
    channel.write(outgoing);
    boolean done = !outgoing[outgoing.length - 1].hasRemaining();
    key.interestOps(done ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }

  /**
   * Goes on with what the socket is ready for.
   *
   * @param scratch for the bytes that come
   * @return the status, once the answer is there in full; else 0
   */
  int advance(ByteBuffer scratch) throws IOException {
    if (key.isWritable()) {
      flush();
    }
    if (!key.isReadable()) {
      return 0;
    }
    scratch.clear();
    int count = channel.read(scratch);
    if (count < 0) {
      throw new EOFException("the gateway closed the connection");
    }
    if (answerLength + count > answer.length) {
      answer = Arrays.copyOf(answer, Math.max(answer.length * 2, answerLength + count));
    }
    scratch.flip().get(answer, answerLength, count);
    answerLength += count;
    if (answerEnd == 0) {
      readHead();
    }
    return answerEnd > 0 && answerLength >= answerEnd ? status : 0;
  }

  private void readHead() throws IOException {
    int end = endOfHead();
    if (end < 0) {
      return;
    }
    String head = new String(answer, 0, end, ISO_8859_1).toLowerCase(java.util.Locale.ROOT);
    int length = head.indexOf(LENGTH_FIELD);
    if (length < 0) {
      throw new IOException("an answer does not tell its length: " + head);
    }
    int from = length + LENGTH_FIELD.length();
    int bodyLength = Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    status = Integer.parseInt(head.substring(STATUS_FROM, STATUS_FROM + 3));
    answerEnd = end + bodyLength;
  }

  /** Where the body begins, or -1. */
  private int endOfHead() {
    for (int end = END_OF_HEAD.length; end <= answerLength; end++) {
      int from = end - END_OF_HEAD.length;
      if (Arrays.equals(answer, from, end, END_OF_HEAD, 0, END_OF_HEAD.length)) {
        return end;
      }
    }
    return -1;
  }

  /** The answer's text, for a message. */
  String answer() {
    return new String(answer, 0, answerLength, ISO_8859_1);
  }

  void close() throws IOException {
    channel.close();
  }
}
