package io.jimbot.eventbus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class DeadLettersCommandTest {

  private static final Map<String, String> PAGES =
      Map.of(
          "limit=1000",
          "{\"actions\":[{\"action_id\":\"c\"},{\"action_id\":\"b\"}],\"next_cursor\":\"b\"}",
          "limit=1000&cursor=b",
          "{\"actions\":[{\"action_id\":\"a\"}],\"older_forgotten\":true}");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Command(name = "top")
  private static final class Top {}

  private int run(String... arguments) {
    CommandLine commandLine = new CommandLine(new Top());
    ClientCommands.addTo(commandLine);
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  @Test
  void actionsAreFollowedFromPageToPageAndItIsSaidThatThereWereMore() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/dead-letters/actions",
        exchange -> {
          byte[] page =
              PAGES.getOrDefault(exchange.getRequestURI().getQuery(), "{}").getBytes(UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    try {
      String http = "--http=http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(run("dead-letters", "actions", http)).isZero();
    } finally {
      server.stop(0);
    }

    assertThat(out.toString().lines())
        .containsExactly("{\"action_id\":\"c\"}", "{\"action_id\":\"b\"}", "{\"action_id\":\"a\"}");
    assertThat(err.toString()).contains("no room for earlier actions");
  }
}
