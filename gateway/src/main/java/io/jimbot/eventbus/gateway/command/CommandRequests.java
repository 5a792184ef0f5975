package io.jimbot.eventbus.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is posted to issue a command. Four forms are known:
 *
 * <ul>
 *   <li>{@code {"command":"play_hand","arguments":"1,2","game_id":"g","ttl_ms":5000}}, the
 *       product's own, in which nothing else may stand; arguments may be a text, a number, or a
 *       list of those
 *   <li>{@code {"type":"select_card","payload":{"position":0}}}, of monitor_events.py and
 *       play_game.py, with {@code position} or {@code index}
 *   <li>{@code {"type":"COMMAND","action":"play_hand","params":{"a":1}}}, of send_command.py; of
 *       params' values, in their order, the arguments are made
 *   <li>the line itself: {@code play_hand} or {@code select_card:0}
 * </ul>
 *
 * <p>In all JSON forms {@code game_id} and {@code ttl_ms} may stand. Immutable.
 */
public final class CommandRequests {

  private static final Set<String> OWN_MEMBERS =
      Set.of("command", "arguments", "game_id", "ttl_ms");

  private final JsonMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final long longestMillis;

  /** Takes the limits from the settings. */
  public CommandRequests(CommandSettings settings) {
    this.longestMillis = settings.maxTimeToLive().toMillis();
  }

  /**
   * Reads a body.
   *
   * @throws CommandFault if it holds no acceptable command
   */
  public NewCommand read(byte[] body) throws CommandFault {
    String text = text(body).strip();
    if (text.isEmpty()) {
      throw CommandFault.malformed("the body holds no command");
    }
    return text.startsWith("{") ? fromJson(text) : fromLine(text);
  }

  private static String text(byte[] body) throws CommandFault {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw CommandFault.malformed("the body is not UTF-8");
    }
  }

  private static NewCommand fromLine(String line) throws CommandFault {
    int colon = line.indexOf(':');
    String name = colon < 0 ? line : line.substring(0, colon);
    String arguments = colon < 0 ? null : line.substring(colon + 1);
    if (!CommandText.isName(name)) {
      throw CommandFault.malformed(
          "the body must be a JSON object, or one line such as play_hand or select_card:0");
    }
    return new NewCommand(name, arguments("", arguments), null, null);
  }

  private NewCommand fromJson(String text) throws CommandFault {
    JsonNode node;
    try {
      node = json.readTree(text);
    } catch (JacksonException e) {
      throw CommandFault.malformed("the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("reading a string cannot fail", e);
    }
    ObjectNode body = (ObjectNode) node;
    String gameId = gameId(body.get("game_id"));
    Duration timeToLive = timeToLive(body.get("ttl_ms"));
    if (body.has("command")) {
      Set<String> surplus = new TreeSet<>();
      body.fieldNames().forEachRemaining(surplus::add);
      surplus.removeAll(OWN_MEMBERS);
      if (!surplus.isEmpty()) {
        throw CommandFault.invalid(surplus.iterator().next(), "no such member is known here");
      }
      return new NewCommand(
          name("command", body.get("command")),
          joined("arguments", body.get("arguments")),
          gameId,
          timeToLive);
    }
    if (body.has("action")) {
      return new NewCommand(
          name("action", body.get("action")),
          joined("params", body.get("params")),
          gameId,
          timeToLive);
    }
    if (body.has("type")) {
      return new NewCommand(
          name("type", body.get("type")), position(body.get("payload")), gameId, timeToLive);
    }
    throw CommandFault.invalid("command", "is missing: it names what to do, such as play_hand");
  }

  private static String name(String path, @Nullable JsonNode node) throws CommandFault {
    if (node == null || !node.isTextual() || !CommandText.isName(node.textValue())) {
      throw CommandFault.invalid(
          path, "must be a name such as play_hand: 1 to 64 of a-z, 0-9 and _, a letter first");
    }
    return node.textValue();
  }

  private static @Nullable String position(@Nullable JsonNode payload) throws CommandFault {
    if (payload == null || payload.isNull()) {
      return null;
    }
    if (!payload.isObject()) {
      throw CommandFault.invalid("payload", "must be an object");
    }
    String member = payload.hasNonNull("position") ? "position" : "index";
    JsonNode value = payload.get(member);
    return value == null || value.isNull()
        ? null
        : arguments("payload." + member, scalar("payload." + member, value, true));
  }

  /** The arguments out of a scalar, or out of the scalars of a list or an object. */
  private static @Nullable String joined(String path, @Nullable JsonNode node) throws CommandFault {
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isContainerNode()) {
      return arguments(path, scalar(path, node, false));
    }
    StringJoiner joined = new StringJoiner(",");
    Iterator<String> names = node.fieldNames();
    int index = 0;
    for (JsonNode value : node) {
      String inner = node.isArray() ? path + '[' + index++ + ']' : path + '.' + names.next();
      joined.add(scalar(inner, value, true));
    }
    return arguments(path, joined.toString());
  }

  private static String scalar(String path, JsonNode node, boolean oneOfMany) throws CommandFault {
    if (!node.isTextual() && !node.isNumber() && !node.isBoolean()) {
      throw CommandFault.invalid(path, "must be a text, a number, true or false");
    }
    String text = node.asText();
    if (oneOfMany && text.indexOf(',') >= 0) {
      throw CommandFault.invalid(path, "must hold no comma: the game splits arguments at commas");
    }
    return text;
  }

  private static @Nullable String arguments(String path, @Nullable String text)
      throws CommandFault {
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.length() > CommandText.MAX_ARGUMENTS) {
      throw CommandFault.invalid(
          path, "must be at most " + CommandText.MAX_ARGUMENTS + " characters in all");
    }
    if (!CommandText.isArguments(text)) {
      throw CommandFault.invalid(path, "must hold no control character and no end of a line");
    }
    return text;
  }

  private static @Nullable String gameId(@Nullable JsonNode node) throws CommandFault {
    if (node == null || node.isNull()) {
      return null;
    }
    String text = node.isTextual() || node.isNumber() ? node.asText() : "";
    if (!GameNames.isName(text)) {
      throw CommandFault.invalid(
          "game_id", "must be 1 to 256 characters, none of them a control character");
    }
    return GameNames.known(text);
  }

  private @Nullable Duration timeToLive(@Nullable JsonNode node) throws CommandFault {
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < 1
        || node.longValue() > longestMillis) {
      throw CommandFault.invalid("ttl_ms", "must be a whole number, 1 to " + longestMillis);
    }
    return Duration.ofMillis(node.longValue());
  }
}
