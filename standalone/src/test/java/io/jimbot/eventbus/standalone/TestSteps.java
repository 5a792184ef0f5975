package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.event.upcast.Upcaster;
import io.jimbot.events.v1.Event;

/**
 * Steps between versions, installed for tests. The catalogue that the bus ships with does not say
 * these versions: only a bus with {@link #CATALOGUE} uses them.
 */
final class TestSteps {

  /** A catalogue that says the versions that they lead to. */
  static final String CATALOGUE =
      """
      types:
        DIAGNOSTIC: {version: 3}
        METRICS: {version: 2}
      """;

  private TestSteps() {}

  /** DIAGNOSTIC, from 1 to 2: a label. */
  public static final class Labelled implements Upcaster {
    @Override
    public String type() {
      return "DIAGNOSTIC";
    }

    @Override
    public int from() {
      return 1;
    }

    @Override
    public Event apply(Event event) {
      return event.toBuilder().putMetadata("label", "of " + event.getSource()).build();
    }
  }

  /** DIAGNOSTIC, from 2 to 3: numbers count from 1000. */
  public static final class Counted implements Upcaster {
    @Override
    public String type() {
      return "DIAGNOSTIC";
    }

    @Override
    public int from() {
      return 2;
    }

    @Override
    public Event apply(Event event) {
      return event.toBuilder().setSequenceNumber(1000 + event.getSequenceNumber()).build();
    }
  }

  /** METRICS, from 1 to 2: cannot. */
  public static final class Failing implements Upcaster {
    @Override
    public String type() {
      return "METRICS";
    }

    @Override
    public int from() {
      return 1;
    }

    @Override
    public Event apply(Event event) {
      throw new IllegalStateException("no event can be brought to version 2");
    }
  }
}
