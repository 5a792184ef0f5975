package io.jimbot.eventbus.proto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.JsonMappingProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds the contract against every key that BalatroMCP was seen to send. */
final class CapturedKeysTest {

  private static final Path KEYS =
      Path.of("src", "test", "resources", "captured", "balatro-keys.txt");

  /** Keys of the envelope whose field has another name. */
  private static final Map<String, String> ENVELOPE =
      Map.of("type", "event_type", "timestamp", "monotonic_ms");

  /** Kinds of number that no integer field holds. */
  private static final Set<String> WIDE = Set.of("frac", "exp", "nan!", "inf!", "-inf!");

  private static final List<CapturedKey> CAPTURED = read();

  /** One key: the event's type, the path, and how often its value was of which kind. */
  record CapturedKey(String type, String path, Map<String, Integer> kinds) {

    static CapturedKey of(String line) {
      String[] words = line.split(" ", -1);
      Map<String, Integer> kinds = new TreeMap<>();
      Arrays.stream(words)
          .skip(2)
          .map(kind -> kind.split(":", -1))
          .forEach(kind -> kinds.put(kind[0], Integer.valueOf(kind[1])));
      return new CapturedKey(words[0], words[1], kinds);
    }

    String usualKind() {
      return kinds.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    boolean isInPayload() {
      return path.startsWith("payload.") || path.startsWith("data.");
    }

    boolean isWideNumber() {
      boolean number = usualKind().equals("int") || WIDE.contains(usualKind());
      return number && kinds.keySet().stream().anyMatch(WIDE::contains);
    }

    @Override
    public String toString() {
      return type + " " + path;
    }
  }

  @Test
  void everyCapturedKeyHasAField() {
    assertThat(CAPTURED).hasSizeGreaterThan(300);
    assertThat(CAPTURED).filteredOn(key -> find(key).isEmpty()).isEmpty();
  }

  @Test
  void everyFieldTakesTheKindOfValueThatIsUsualForItsKey() {
    assertThat(CAPTURED)
        .filteredOn(CapturedKey::isInPayload)
        .filteredOn(key -> !find(key).map(field -> takes(field, key.usualKind())).orElse(true))
        .isEmpty();
  }

  @Test
  void numbersThatWereSeenWithAFractionOrNotFiniteAreDoubles() {
    assertThat(CAPTURED)
        .filteredOn(key -> key.isInPayload() && key.isWideNumber())
        .filteredOn(key -> find(key).filter(CapturedKeysTest::isNoDouble).isPresent())
        .isEmpty();
  }

  private static List<CapturedKey> read() {
    try (Stream<String> lines = Files.lines(KEYS, UTF_8)) {
      return lines.filter(line -> !line.startsWith("#")).map(CapturedKey::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNoDouble(FieldDescriptor field) {
    return field.getJavaType() != JavaType.DOUBLE;
  }

  private static boolean takes(FieldDescriptor field, String kind) {
    return switch (kind) {
      case "int" -> Set.of(JavaType.LONG, JavaType.DOUBLE).contains(field.getJavaType());
      case "frac", "exp", "nan!", "inf!", "-inf!" -> field.getJavaType() == JavaType.DOUBLE;
      case "bool" -> field.getJavaType() == JavaType.BOOLEAN;
      case "string" -> field.getJavaType() == JavaType.STRING || hasTextField(field);
      case "array" -> field.isRepeated() && !field.isMapField();
      // An empty list is written as {}.
      case "{}" -> field.isRepeated() || field.getJavaType() == JavaType.MESSAGE;
      case "object" -> field.getJavaType() == JavaType.MESSAGE;
      default -> false;
    };
  }

  private static boolean hasTextField(FieldDescriptor field) {
    return field.getContainingType().getFields().stream()
        .map(other -> other.getOptions().getExtension(JsonMappingProto.textOf))
        .anyMatch(field.getName()::equals);
  }

  private static Optional<FieldDescriptor> find(CapturedKey key) {
    List<String> steps = List.of(key.path().split("\\.", -1));
    String first = steps.get(0);
    FieldDescriptor field =
        first.equals("payload") || first.equals("data")
            ? Event.getDescriptor().findFieldByName(payloadName(key.type()))
            : Event.getDescriptor().findFieldByName(ENVELOPE.getOrDefault(first, first));
    for (String step : steps.subList(1, steps.size())) {
      field = inside(field, step);
    }
    return Optional.ofNullable(field);
  }

  private static @Nullable FieldDescriptor inside(@Nullable FieldDescriptor field, String step) {
    if (field == null || field.getJavaType() != JavaType.MESSAGE) {
      return null;
    }
    Descriptor message = field.getMessageType();
    return field.isMapField()
        ? message.findFieldByName("value")
        : message.findFieldByName(step.replace("[]", ""));
  }

  private static String payloadName(String type) {
    // LEARNING_DECISION/REQUEST -> learning_decision_request
    return type.replace('/', '_').toLowerCase(Locale.ROOT);
  }
}
