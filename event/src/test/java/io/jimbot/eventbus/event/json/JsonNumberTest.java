package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumberTest {
  private final JsonNumber number = new JsonNumber();

  private void read(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    assertThat(number.read(bytes, 0, bytes.length)).isEqualTo(bytes.length);
  }

  /** Checks all that the number says of itself against arithmetic without rounding. */
  private void check(String text) {
    read(text);
    BigDecimal exact = new BigDecimal(text);
    double nearest = Double.parseDouble(text);
    boolean negative = text.startsWith("-");
    boolean zero = exact.signum() == 0;

    assertThat(number.finite()).isTrue();
    assertThat(number.text()).isEqualTo(text);
    boolean integer =
        text.chars().allMatch(c -> c == '-' || Character.isDigit(c)) && !(negative && zero);
    boolean fits = integer && new BigInteger(text).bitLength() < 64;
    assertThat(number.isLong()).as(text).isEqualTo(fits);
    if (fits) {
      assertThat(number.longValue()).isEqualTo(Long.parseLong(text));
    }
    if (text.length() <= 64) {
      assertThat(number.doubleValue()).as(text).isEqualTo(nearest);
    }
    double value = number.doubleValue();
    if (number.isExactly(value)) {
      assertThat(Double.isFinite(value)).as(text).isTrue();
      JsonSink out = new JsonSink();
      out.number(value);
      String back = new String(out.copy(0, out.size()), ISO_8859_1);
      assertThat(new BigDecimal(back)).as(text).isEqualByComparingTo(exact);
      assertThat(back.startsWith("-")).as(text).isEqualTo(negative);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "-0.0",
        "-0e5",
        "0e999999999",
        "1",
        "-1",
        "1.0",
        "1e0",
        "10e-1",
        "999999999999999999",
        "1000000000000000000",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "9999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "9007199254740993",
        "1e22",
        "1e23",
        "123456789012345e22",
        "123456789012345e-22",
        "1e308",
        "1.7976931348623157e308",
        "1e309",
        "5e-324",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.2250738585072014e-308",
        "2.225073858507201e-308",
        "1e-400",
        "1E400",
        "0.1000000000000000055511151231257827",
        "2e-323",
        "1.2345678901235e+17"
      })
  void saysOfItselfWhatExactArithmeticSays(String text) {
    check(text);
    check("-" + text.replace("-0", "0").replaceFirst("^-", ""));
  }

  @Test
  void longNumbersAreExactOrNotTaken() {
    check("1234567890".repeat(10));
    check("0." + "0".repeat(80) + "1");
    check("1" + "0".repeat(80) + "e-80");
    check("1" + "0".repeat(40) + ".0");
    check("0." + "0".repeat(200_000));
    check("1" + "0".repeat(1000));
  }

  @Test
  void randomNumbersSayOfThemselvesWhatExactArithmeticSays() {
    Random random = new Random(20260107);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
      text.append(1 + random.nextInt(9));
      random.ints(random.nextInt(20), 0, 10).forEach(text::append);
      if (random.nextBoolean()) {
        text.append('.').append(random.nextInt(10));
        random.ints(random.nextInt(20), 0, 10).forEach(text::append);
      }
      if (random.nextBoolean()) {
        text.append(random.nextBoolean() ? "e" : "E+").append(random.nextInt(320));
      } else if (random.nextBoolean()) {
        text.append("e-").append(random.nextInt(340));
      }
      check(text.toString());
    }
  }

  @Test
  void everyNumberOfFifteenDigitsIsExactWithinTheNormalRange() {
    Random random = new Random(20260108);
    for (int i = 0; i < 5_000; i++) {
      long digits = random.nextLong(1_000_000_000_000_000L);
      String text = digits + "e" + (random.nextInt(590) - 300);
      read(text);
      double value = number.doubleValue();
      if (Double.isFinite(value) && Math.abs(value) >= Double.MIN_NORMAL) {
        assertThat(number.isExactly(value)).as(text).isTrue();
      }
      check(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"inf", "-inf", "Infinity", "-Infinity", "nan", "-nan", "NaN"})
  void wordsForNonFiniteNumbersAreNumbers(String text) {
    read(text);
    assertThat(number.finite()).isFalse();
    assertThat(number.isLong()).isFalse();
    double expected =
        text.toLowerCase(Locale.ROOT).contains("nan")
            ? Double.NaN
            : text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    assertThat(Double.compare(number.doubleValue(), expected)).isZero();
    assertThat(number.isExactly(number.doubleValue())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-", "01", "-01", "1.", "1.e5", "1e", "1e+", "--1", "infx", "in", "nanx", "-i", "+1", ".5"
      })
  void whatIsNoNumberIsRefused(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    assertThatThrownBy(() -> number.read(bytes, 0, bytes.length)).isInstanceOf(EventFault.class);
  }
}
