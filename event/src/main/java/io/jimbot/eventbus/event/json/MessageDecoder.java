package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.json.EventFault.Reason;
import io.jimbot.eventbus.event.json.MessageShape.Element;
import io.jimbot.eventbus.event.json.MessageShape.Field;
import io.jimbot.eventbus.event.json.MessageShape.Guess;
import io.jimbot.eventbus.event.json.MessageShape.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON values into Protobuf fields as the shape of their message says, and leaves over what
 * does not fit.
 *
 * <p>A value fits a field when the field gives exactly that value back. Not thread-safe.
 */
final class MessageDecoder {
  private final DecodeLimits limits;
  private final JsonCursor in;
  private final WireWriter out;
  private final Leftovers leftovers;
  private final List<SeenNames> seenNames = new ArrayList<>();
  private final MemberName name;
  private final ScalarDecoder scalars;

  private int depth;
  private @Nullable String gameId;
  private int unmapped;
  private int misfits;

  MessageDecoder(DecodeLimits limits, JsonCursor in, WireWriter out, Leftovers leftovers) {
    this.limits = limits;
    this.in = in;
    this.out = out;
    this.leftovers = leftovers;
    this.name = new MemberName(in);
    this.scalars = new ScalarDecoder(in, out);
  }

  /** Starts a new event. */
  void reset() {
    depth = 0;
    unmapped = 0;
    misfits = 0;
  }

  /** Members without a field, so far in this event. */
  int unmapped() {
    return unmapped;
  }

  /**
   * Values that do not fit the field of their member, so far in this event; empty lists and objects
   * are not counted.
   */
  int misfits() {
    return misfits;
  }

  /** How many more levels a value at this place may nest. */
  int levelsLeft() {
    return limits.maxDepth() - depth;
  }

  /** Goes one level down; to be undone with {@link #ascend}. */
  void descend() {
    if (++depth > limits.maxDepth()) {
      throw new EventFault(
          Reason.TOO_DEEP, "nested deeper than " + limits.maxDepth() + " levels", in.position());
    }
  }

  void ascend() {
    depth--;
  }

  /** Reads a payload; returns the game that it names, if it does. */
  @Nullable String payload(MessageShape shape) {
    gameId = null;
    object(shape);
    return gameId;
  }

  /** Reads an object into the fields of the message that is open in the output. */
  void object(MessageShape shape) {
    in.expect('{');
    descend();
    long seen = 0;
    Guess guess = shape.first();
    boolean first = true;
    while (true) {
      Field guessed = guess.field();
      boolean right = guessed != null && in.takeMember(guessed.quotedName(), first);
      if (!right && !in.nextMember(first)) {
        break;
      }
      first = false;
      leftovers.enter(in.stringFrom(), in.stringTo());
      Field field = right ? guessed : named(shape);
      if (field == null) {
        keepUnmapped();
      } else {
        if ((seen & field.bit()) != 0) {
          throw duplicate();
        }
        seen |= field.bit();
        guess.learn(field);
        guess = field.next();
        field(field);
      }
      leftovers.leave();
    }
    ascend();
  }

  private @Nullable Field named(MessageShape shape) {
    name.resolve();
    return shape.field(name.bytes(), name.from(), name.to());
  }

  EventFault duplicate() {
    return new EventFault(
        Reason.DUPLICATE_MEMBER, "this member stands twice in its object", in.position());
  }

  /** Moves past a value, checking it. */
  void skip() {
    in.skipValue(levelsLeft());
  }

  /** Leaves over the value of a member that has no field. */
  void keepUnmapped() {
    unmapped++;
    leftovers.keep(in, levelsLeft());
  }

  /** Leaves over a value that its field cannot hold. */
  void keepMisfit() {
    int length = leftovers.keep(in, levelsLeft());
    byte first = in.bytes()[in.position() - 1];
    boolean emptyContainer = length == 2 && (first == '}' || first == ']');
    if (!emptyContainer) {
      misfits++;
    }
  }

  /** Reads the value of one field. */
  void field(Field field) {
    byte next = in.peek();
    switch (field.kind()) {
      case MESSAGE -> {
        if (next == '{') {
          message(field.number(), field.content());
        } else {
          keepMisfit();
        }
      }
      case REPEATED -> list(field, next);
      case MAP -> map(field, next);
      default -> {
        if (!scalars.read(field.kind(), field.number(), next)) {
          if (next != '"' || field.textNumber() == 0 || !scalars.string(field.textNumber())) {
            keepMisfit();
          }
        } else if (field.namesGame() && gameId == null) {
          gameId =
              JsonUnescaper.text(in.bytes(), in.stringFrom(), in.stringTo(), in.stringEscaped());
        }
      }
    }
  }

  private void message(int number, Element element) {
    int mark = out.open(number);
    object(element.message());
    out.close(mark);
  }

  private void list(Field field, byte next) {
    int start = in.position();
    if (next != '[') {
      keepMisfit();
      return;
    }
    in.take();
    boolean more = in.nextElement(true);
    if (!more) {
      in.moveTo(start);
      keepMisfit();
      return;
    }
    descend();
    for (int index = 0; more; index++) {
      leftovers.enterElement(index);
      element(field.number(), field.content());
      leftovers.leave();
      more = in.nextElement(false);
    }
    ascend();
  }

  /** Reads one element; one that does not fit is left over, and an empty one keeps its place. */
  private void element(int number, Element element) {
    byte next = in.peek();
    if (element.kind() == Kind.MESSAGE && next == '{') {
      message(number, element);
    } else if (element.kind() == Kind.MESSAGE || !scalars.read(element.kind(), number, next)) {
      scalars.placeholder(number, element.kind());
      keepMisfit();
    }
  }

  private void map(Field field, byte next) {
    int start = in.position();
    if (next != '{') {
      keepMisfit();
      return;
    }
    in.take();
    boolean more = in.nextMember(true);
    if (!more) {
      in.moveTo(start);
      keepMisfit();
      return;
    }
    descend();
    SeenNames names = seenNames(in.bytes());
    while (more) {
      leftovers.enter(in.stringFrom(), in.stringTo());
      entry(field, names);
      leftovers.leave();
      more = in.nextMember(false);
    }
    ascend();
  }

  private SeenNames seenNames(byte[] body) {
    while (seenNames.size() <= depth) {
      seenNames.add(new SeenNames());
    }
    SeenNames names = seenNames.get(depth);
    names.reset(body);
    return names;
  }

  private void entry(Field field, SeenNames names) {
    int before = out.size();
    int mark = out.open(field.number());
    Element element = field.content();
    boolean fits = key(names);
    byte next = in.peek();
    if (fits && element.kind() == Kind.MESSAGE && next == '{') {
      message(2, element);
    } else {
      fits = fits && element.kind() != Kind.MESSAGE && scalars.read(element.kind(), 2, next);
    }
    if (fits) {
      out.close(mark);
    } else {
      out.truncate(before);
      keepMisfit();
    }
  }

  /**
   * Writes the name of a map's entry; false if it is not Unicode, so that no string field can hold
   * it.
   */
  private boolean key(SeenNames names) {
    name.resolve();
    if (!name.addTo(names)) {
      throw duplicate();
    }
    boolean unicode = name.isUnicode();
    if (unicode) {
      out.bytes(1, name.bytes(), name.from(), name.to());
    }
    return unicode;
  }
}
