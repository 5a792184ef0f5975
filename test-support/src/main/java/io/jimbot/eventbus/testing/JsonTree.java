package io.jimbot.eventbus.testing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as it was written: members that stand twice, the sign of zero and every digit of a number
 * are kept, which no common reader does. Bytes that are not UTF-8 count as the lone surrogates that
 * stand for them in PEP 383, and the bare numbers {@code inf} and {@code nan} as the strings that
 * Protobuf's JSON mapping has for them.
 */
public sealed interface JsonTree {
  /** An object; its members in their order, with repetitions. */
  record Members(List<Member> members) implements JsonTree {}

  /** One member of an object. */
  record Member(String name, JsonTree value) {}

  /** A list. */
  record Elements(List<JsonTree> elements) implements JsonTree {}

  /** A string. */
  record Text(String text) implements JsonTree {}

  /** A number; zero has a sign. */
  record Number(boolean negative, BigDecimal magnitude) implements JsonTree {}

  /** {@code true}, {@code false}, {@code null}, or a number with an exponent beyond all reason. */
  record Word(String word) implements JsonTree {}

  /** Reads a document; throws {@link IllegalArgumentException} if it is none. */
  static JsonTree read(byte[] json) {
    return new JsonTreeReader(json).document();
  }

  /** Reads a document; throws {@link IllegalArgumentException} if it is none. */
  static JsonTree read(String json) {
    return read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** How many levels of objects and lists it has. */
  default int depth() {
    if (this instanceof Members object) {
      return 1 + object.members().stream().mapToInt(m -> m.value().depth()).max().orElse(0);
    }
    if (this instanceof Elements list) {
      return 1 + list.elements().stream().mapToInt(JsonTree::depth).max().orElse(0);
    }
    return 0;
  }

  /** Whether an object in it has two members of one name. */
  default boolean repeatsMember() {
    if (this instanceof Members object) {
      return object.members().stream().map(Member::name).distinct().count()
              < object.members().size()
          || object.members().stream().anyMatch(m -> m.value().repeatsMember());
    }
    return this instanceof Elements list
        && list.elements().stream().anyMatch(JsonTree::repeatsMember);
  }

  /**
   * Every difference to {@code actual}, each with its path; the order of members counts only among
   * those of one name. Empty if both say the same.
   */
  default List<String> differences(JsonTree actual) {
    List<String> found = new ArrayList<>();
    compare("$", this, actual, found);
    return found;
  }

  private static void compare(String path, JsonTree expected, JsonTree actual, List<String> found) {
    if (expected instanceof Members one && actual instanceof Members other) {
      Map<String, List<JsonTree>> wanted = byName(one);
      Map<String, List<JsonTree>> given = byName(other);
      for (Map.Entry<String, List<JsonTree>> entry : wanted.entrySet()) {
        List<JsonTree> values = given.remove(entry.getKey());
        compareAll(
            path + "." + entry.getKey(),
            entry.getValue(),
            values == null ? List.of() : values,
            found);
      }
      given.forEach((name, values) -> found.add(path + "." + name + ": appeared as " + values));
    } else if (expected instanceof Elements one && actual instanceof Elements other) {
      compareAll(path + "[]", one.elements(), other.elements(), found);
    } else if (!same(expected, actual)) {
      found.add(path + ": expected " + expected + " but was " + actual);
    }
  }

  private static void compareAll(
      String path, List<JsonTree> expected, List<JsonTree> actual, List<String> found) {
    if (expected.size() != actual.size()) {
      found.add(path + ": expected " + expected + " but was " + actual);
      return;
    }
    for (int i = 0; i < expected.size(); i++) {
      compare(path + "#" + i, expected.get(i), actual.get(i), found);
    }
  }

  private static Map<String, List<JsonTree>> byName(Members object) {
    Map<String, List<JsonTree>> values = new LinkedHashMap<>();
    for (Member member : object.members()) {
      values.computeIfAbsent(member.name(), name -> new ArrayList<>()).add(member.value());
    }
    return values;
  }

  private static boolean same(JsonTree expected, JsonTree actual) {
    if (expected instanceof Number one && actual instanceof Number other) {
      return one.negative() == other.negative()
          && one.magnitude().compareTo(other.magnitude()) == 0;
    }
    return expected.equals(actual);
  }
}
