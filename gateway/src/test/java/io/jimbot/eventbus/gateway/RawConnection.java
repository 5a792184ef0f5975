package io.jimbot.eventbus.gateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends and reads bytes, so that a test sees what is really on the wire. */
final class RawConnection implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawConnection(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** An answer; header names in lower case. */
  record Response(int status, Map<String, String> headers, String body) {}

  /** Sends a text as it is, but with CR LF for every line break. */
  RawConnection send(String text) throws IOException {
    out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    return this;
  }

  RawConnection sendBytes(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
    out.flush();
    return this;
  }

  /** A POST with a body and its length. */
  RawConnection post(String path, String body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\nHost: test\n");
    for (String header : headers) {
      head.append(header).append('\n');
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    send(head + "Content-Length: " + bytes.length + "\n\n");
    return sendBytes(bytes, 0, bytes.length);
  }

  /** Reads one answer, which must announce its length. */
  Response read() throws IOException {
    String statusLine = line();
    if (!statusLine.startsWith("HTTP/1.1 ")) {
      throw new IOException("not a status line: '" + statusLine + "'");
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (status == 100) {
      return new Response(status, headers, "");
    }
    String length = headers.get("content-length");
    if (length == null) {
      throw new IOException("no Content-Length in " + headers);
    }
    byte[] body = in.readNBytes(Integer.parseInt(length));
    return new Response(status, headers, new String(body, StandardCharsets.UTF_8));
  }

  /** Whether the server has closed its side; waits for it. */
  boolean isClosedByServer() throws IOException {
    return in.read() < 0;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended after '" + line + "'");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
