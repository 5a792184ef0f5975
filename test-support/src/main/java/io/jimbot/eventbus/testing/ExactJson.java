package io.jimbot.eventbus.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads JSON without rounding, independently of the product's own reader, and tells how two
 * documents differ.
 *
 * <p>Reads the mod's dialect as well: raw control characters, and the bare numbers inf and nan,
 * which count as the strings that Protobuf's JSON mapping has for them.
 */
public final class ExactJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(10_000)
                          .maxNumberLength(100_000)
                          .build())
                  .build())
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern INFINITE = Pattern.compile("(?<=[:,\\[])(-?)inf\\b");
  private static final Pattern NOT_A_NUMBER = Pattern.compile("(?<=[:,\\[])nan\\b");

  private ExactJson() {}

  /** Reads a document; throws {@link IllegalArgumentException} if it is none. */
  public static JsonNode read(byte[] bytes) {
    return read(new String(bytes, UTF_8));
  }

  /** Reads a document; throws {@link IllegalArgumentException} if it is none. */
  public static JsonNode read(String text) {
    String standard = INFINITE.matcher(text).replaceAll("\"$1Infinity\"");
    try {
      return MAPPER.readTree(NOT_A_NUMBER.matcher(standard).replaceAll("\"NaN\""));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Every difference between two documents, each with its path; empty if they say the same. */
  public static List<String> differences(JsonNode expected, JsonNode actual) {
    List<String> found = new ArrayList<>();
    compare("", expected, actual, found);
    return found;
  }

  private static void compare(String path, JsonNode expected, JsonNode actual, List<String> found) {
    if (expected.isObject() && actual.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      expected.fieldNames().forEachRemaining(names::add);
      actual.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        member(path + "." + name, expected.get(name), actual.get(name), found);
      }
    } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
      for (int i = 0; i < expected.size(); i++) {
        compare(path + "[" + i + "]", expected.get(i), actual.get(i), found);
      }
    } else if (!same(expected, actual)) {
      found.add(path + ": expected " + expected + " but was " + actual);
    }
  }

  private static void member(
      String path,
      @org.jspecify.annotations.Nullable JsonNode expected,
      @org.jspecify.annotations.Nullable JsonNode actual,
      List<String> found) {
    if (actual == null) {
      found.add(path + ": lost " + expected);
    } else if (expected == null) {
      found.add(path + ": appeared as " + actual);
    } else {
      compare(path, expected, actual, found);
    }
  }

  private static boolean same(JsonNode expected, JsonNode actual) {
    if (expected.isNumber() && actual.isNumber()) {
      return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
    }
    return expected.equals(actual);
  }
}
