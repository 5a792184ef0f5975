package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SmallBodiesTest {

  private static final int MAX_BYTES = 1_000;

  private long nanos;

  private final SmallBodies bodies =
      new SmallBodies(MAX_BYTES, 1, Duration.ofSeconds(10), () -> nanos);

  /** Sends a byte every second, for ever. */
  private final class Drip extends InputStream {
    private int sent;

    @Override
    public int read() {
      nanos += TimeUnit.SECONDS.toNanos(1);
      sent++;
      return 'x';
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      into[offset] = (byte) read();
      return 1;
    }
  }

  /** One without headers. */
  private static HttpServletRequest request() {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            SmallBodiesTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> null);
  }

  private Answer refusal(InputStream body) {
    RefusedBody refused =
        catchThrowableOfType(
            RefusedBody.class, () -> bodies.read(request(), body, unrefused -> null));
    return refused.answer();
  }

  @Test
  void aBodyOfTheLargestSizeIsReadWhole() throws Exception {
    byte[] body = "x".repeat(MAX_BYTES).getBytes(UTF_8);

    assertThat(bodies.read(request(), new ByteArrayInputStream(body), unrefused -> null))
        .isEqualTo(body);
  }

  @Test
  void aLargerOneIsRefused() {
    assertThat(refusal(new ByteArrayInputStream(new byte[MAX_BYTES + 1])).status()).isEqualTo(413);
  }

  @Test
  void aSenderThatDripsIsRefusedOnceItsTimeIsOver() {
    Drip drip = new Drip();

    assertThat(refusal(drip).status()).isEqualTo(408);
    assertThat(drip.sent).isEqualTo(11);
  }

  @Test
  void aRefusedSenderThatDripsHoldsNoReaderEither() {
    Drip drip = new Drip();
    RefusedBody refused =
        catchThrowableOfType(
            RefusedBody.class,
            () -> bodies.read(request(), drip, head -> RequestHead.tooLarge(MAX_BYTES)));

    assertThat(refused.answer().status()).isEqualTo(413);
    assertThat(drip.sent).isEqualTo(11);
  }
}
