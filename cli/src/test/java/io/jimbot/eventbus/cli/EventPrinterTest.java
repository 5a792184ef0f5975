package io.jimbot.eventbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.MoneyChanged;
import io.jimbot.events.v1.RecordPosition;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPrinterTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private void print(EventPrinter.Format format, String id, String leftovers) {
    new EventPrinter(format, new PrintWriter(out), new PrintWriter(errors))
        .print(
            Delivery.newBuilder()
                .setTopic("game.money.changed")
                .setPosition(RecordPosition.newBuilder().setPartition(3).setOffset(17))
                .setEvent(
                    Event.newBuilder()
                        .setEventType("MONEY_CHANGED")
                        .setEventId(id)
                        .setMoneyChanged(MoneyChanged.newBuilder().setNewValue(7))
                        .setLeftovers(ByteString.copyFromUtf8(leftovers)))
                .build());
  }

  @Test
  void leftoversStandWhereTheyStoodBefore() {
    print(EventPrinter.Format.JSON, "e-1", "{\"payload\":{\"mood\":\"fine\"},\"extra\":1}");

    assertThat(out.toString().strip())
        .contains("\"new_value\":7", "\"mood\":\"fine\"", "\"extra\":1");
    assertThat(errors.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"not JSON", "[1]", "{\"a\":", "{\"payload\":{\"a\"}}", "\u0000"})
  void anEventWhoseLeftoversCannotBeReadIsPrintedWithoutThemAndSaysSo(String leftovers) {
    print(EventPrinter.Format.JSON, "e-1", leftovers);
    print(EventPrinter.Format.JSON, "e-2", "");

    assertThat(out.toString().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("\"payload\":{\"new_value\":7}"));
    assertThat(errors.toString().lines())
        .singleElement()
        .asString()
        .startsWith("event 'e-1' at 3/17 is printed without its leftovers, which cannot be read: ");
  }

  @Test
  void aBriefLineNeedsNoLeftovers() {
    print(EventPrinter.Format.BRIEF, "e-1", "not JSON");

    assertThat(out.toString())
        .isEqualToIgnoringNewLines(
            "1970-01-01T00:00:00Z 3/17 game.money.changed MONEY_CHANGED e-1");
    assertThat(errors.toString()).isEmpty();
  }
}
