package io.jimbot.eventbus.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What the unmodified BalatroMCP mod sent, request by request, as it was captured. */
public final class CapturedTraffic {
  /** The names of the captures, from the plainest to the strangest. */
  public static final List<String> CAPTURES = List.of("typical", "menu", "lost", "nasty");

  private static final ObjectMapper JSON = new ObjectMapper();

  private CapturedTraffic() {}

  /**
   * One request.
   *
   * @param line its line in the capture, from 0
   * @param method the HTTP method
   * @param path the path
   * @param headers the headers that the mod set itself
   * @param body the bytes of its body
   */
  public record Request(
      int line, String method, String path, Map<String, String> headers, byte[] body) {
    /** Whether it posts a batch of events. */
    public boolean isBatch() {
      return path.endsWith("/events/batch");
    }
  }

  /** The requests of a capture, in their order. */
  public static List<Request> requests(String capture) {
    try (InputStream raw =
            Objects.requireNonNull(
                CapturedTraffic.class.getResourceAsStream("/balatro/" + capture + ".jsonl.gz"),
                capture);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(new GZIPInputStream(raw), UTF_8))) {
      List<String> all = lines.lines().toList();
      return java.util.stream.IntStream.range(0, all.size())
          .mapToObj(i -> request(i, all.get(i)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("capture " + capture, e);
    }
  }

  /** The batches of a capture, in their order. */
  public static List<Request> batches(String capture) {
    return requests(capture).stream().filter(Request::isBatch).toList();
  }

  private static Request request(int line, String json) {
    try {
      JsonNode node = JSON.readTree(json);
      Map<String, String> headers = new LinkedHashMap<>();
      node.get("headers")
          .properties()
          .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
      return new Request(
          line,
          node.get("method").asText(),
          node.get("path").asText(),
          headers,
          node.get("body").asText().getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("line " + line, e);
    }
  }
}
