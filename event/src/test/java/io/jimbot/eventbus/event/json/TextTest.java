package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings and names as pieces of bytes. */
class TextTest {
  private static boolean isUtf8(byte[] bytes, int from, int to) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from)) != null;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Test
  void utf8IsWhatTheCharsetSays() {
    byte[] bytes = new byte[6];
    int[] edges = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF};
    int[] leads = {0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    int[] all = new int[edges.length + leads.length];
    System.arraycopy(edges, 0, all, 0, edges.length);
    System.arraycopy(leads, 0, all, edges.length, leads.length);
    Random random = new Random(20260109);
    int valid = 0;
    for (int i = 0; i < 300_000; i++) {
      int length = random.nextInt(bytes.length + 1);
      for (int k = 0; k < length; k++) {
        bytes[k] = (byte) all[random.nextInt(all.length)];
      }
      boolean utf8 = isUtf8(bytes, 0, length);
      valid += utf8 && length > 2 ? 1 : 0;
      assertThat(Utf8.isValid(bytes, 0, length)).isEqualTo(utf8);
    }
    assertThat(valid).isPositive();
  }

  @Test
  void escapeSequencesAreResolved() {
    assertThat(resolved("plain")).isEqualTo("plain");
    assertThat(resolved("\\n\\t\\r\\b\\f\\/\\\\\\\"")).isEqualTo("\n\t\r\b\f/\\\"");
    assertThat(resolved("\\u0041\\u00e9\\u20AC")).isEqualTo("Aé€");
    assertThat(resolved("\\ud83d\\ude00")).isEqualTo("😀");
    assertThat(resolved("\\uD83D\\uDE00x")).isEqualTo("😀x");
    assertThat(resolved("é\\u0000")).isEqualTo("é\0");
  }

  private static @Nullable String resolved(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return JsonUnescaper.text(bytes, 0, bytes.length, json.indexOf('\\') >= 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud83d",
        "\\ude00",
        "\\ud83dx",
        "\\ud83d\\u0041",
        "\\ude00\\ud83d",
        "\\ud83d\\n"
      })
  void halfASurrogatePairIsNoText(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    assertThat(JsonUnescaper.text(bytes, 0, bytes.length, true)).isNull();
  }

  @Test
  void differentStringsWithHalvesOfPairsStayDifferent() {
    Set<String> resolved = new HashSet<>();
    String[] strings = {
      "\\ud83d",
      "\\ud83d\\ud83d",
      "\\ude00",
      "\\ud83dx",
      "x\\ud83d",
      "\\ude00\\ud83d",
      "\\ud83d\\ude00",
      "x",
      "\\ud83d\\u0041"
    };
    for (String json : strings) {
      byte[] bytes = json.getBytes(UTF_8);
      ByteSink out = new ByteSink();
      JsonUnescaper.unescape(bytes, 0, bytes.length, out);
      resolved.add(new String(out.copy(0, out.size()), ISO_8859_1));
    }
    assertThat(resolved).hasSameSizeAs(strings);
  }

  @Test
  void bytesThatAreNotUtf8AreNoText() {
    byte[] bytes = {'a', (byte) 0xFF};
    assertThat(JsonUnescaper.text(bytes, 0, 2, false)).isNull();
    assertThat(JsonUnescaper.text(bytes, 0, 1, false)).isEqualTo("a");
  }

  @Test
  void aNameIsSeenTwiceHoweverManyThereAreAndHoweverItIsSpelled() {
    Random random = new Random(20260110);
    SeenNames names = new SeenNames();
    for (int round = 0; round < 200; round++) {
      StringBuilder body = new StringBuilder();
      Set<String> reference = new HashSet<>();
      int count = random.nextInt(100);
      int[] ends = new int[count + 1];
      for (int i = 0; i < count; i++) {
        body.append('n').append(random.nextInt(150));
        ends[i + 1] = body.length();
      }
      byte[] bytes = body.toString().getBytes(ISO_8859_1);
      names.reset(bytes);
      for (int i = 0; i < count; i++) {
        boolean fresh = reference.add(body.substring(ends[i], ends[i + 1]));
        if (random.nextInt(4) == 0) {
          ByteSink resolved = new ByteSink();
          resolved.put(bytes, ends[i], ends[i + 1]);
          assertThat(names.addResolved(resolved)).isEqualTo(fresh);
        } else {
          assertThat(names.add(ends[i], ends[i + 1])).isEqualTo(fresh);
        }
      }
    }
  }

  @Test
  void aTableFindsItsNamesAndNoOthers() {
    Map<String, Integer> entries = new LinkedHashMap<>();
    for (int i = 0; i < 500; i++) {
      entries.put("name_" + i, i);
    }
    entries.put("", -1);
    KeyTable<Integer> table = new KeyTable<>(entries);
    entries.forEach(
        (name, value) -> {
          byte[] bytes = ("x" + name + "x").getBytes(UTF_8);
          assertThat(table.get(bytes, 1, bytes.length - 1)).isEqualTo(value);
          assertThat(table.get(bytes, 0, bytes.length)).isNull();
        });
    assertThat(new KeyTable<>(Map.of()).get(new byte[] {'a'}, 0, 1)).isNull();
  }

  @Test
  void aSinkGrowsAndShrinks() {
    ByteSink sink = new ByteSink();
    byte[] block = new byte[700];
    Arrays.fill(block, (byte) 7);
    for (int i = 0; i < 3000; i++) {
      sink.put(block, 0, block.length);
    }
    sink.insert(0, 2);
    sink.set(0, 1);
    assertThat(sink.size()).isEqualTo(2_100_002);
    assertThat(sink.copy(0, 1)).containsExactly(1);
    assertThat(sink.copy(2_100_000, 2_100_002)).containsExactly(7, 7);
    sink.truncate(1);
    assertThat(sink.size()).isEqualTo(1);
    sink.clear();
    assertThat(sink.size()).isZero();
    assertThat(sink.bytes()).hasSizeLessThan(1 << 20);
  }
}
