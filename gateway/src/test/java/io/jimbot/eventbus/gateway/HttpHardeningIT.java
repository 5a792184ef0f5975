package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.RawConnection.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Senders that want to harm the others. */
class HttpHardeningIT {
  private static final String JSON = "Content-Type: application/json";

  private static GatewayServer gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = TestGateway.start(new RecordingIngest(), Map.of());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void whoeverAnnouncesLargeBodiesAndSendsNothingHoldsNobodyUp() throws Exception {
    List<RawConnection> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        RawConnection connection = new RawConnection(gateway.httpPort());
        silent.add(connection);
        connection.send(
            "POST /events HTTP/1.1\nHost: test\n" + JSON + "\nContent-Length: 8000000\n\n{");
      }

      try (RawConnection connection = new RawConnection(gateway.httpPort())) {
        assertThat(connection.post("/events", "{\"type\":\"A\"}", JSON).read().status())
            .isEqualTo(200);
      }
    } finally {
      for (RawConnection connection : silent) {
        connection.close();
      }
    }
  }

  @Test
  void sendersOfSlowCommandsDoNotTakeAllThreads() throws Exception {
    List<RawConnection> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 80; i++) {
        RawConnection connection = new RawConnection(gateway.httpPort());
        slow.add(connection);
        connection.send(
            "POST /api/v1/commands HTTP/1.1\nHost: test\n" + JSON + "\nContent-Length: 1000\n\n{");
      }

      try (RawConnection connection = new RawConnection(gateway.httpPort())) {
        assertThat(connection.send("GET /health HTTP/1.1\nHost: test\n\n").read().status())
            .isEqualTo(200);
      }
    } finally {
      for (RawConnection connection : slow) {
        connection.close();
      }
    }
  }

  @Test
  void aHealthPostWhoseBodyComesLateLeavesItsConnectionUsable() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (RawConnection connection = new RawConnection(gateway.httpPort())) {
        connection.send(
            "POST /api/v1/events/health HTTP/1.1\nHost: test\n" + JSON + "\nContent-Length: 2\n\n");
        connection.send("{}");
        assertThat(connection.read().status()).isEqualTo(200);
        assertThat(connection.post("/events", "{\"type\":\"A\"}", JSON).read().status())
            .isEqualTo(200);
      }
    }
  }

  @Test
  void aWebPageCannotMakeItsVisitorsBrowserPost() throws Exception {
    try (RawConnection connection = new RawConnection(gateway.httpPort())) {
      Response response =
          connection
              .post("/api/v1/commands", "{\"command\":\"skip_blind\"}", "Origin: https://evil.test")
              .read();

      assertThat(response.status()).isEqualTo(403);
      assertThat(response.body()).contains("\"status\":\"error\"").contains("Origin");
    }
  }
}
