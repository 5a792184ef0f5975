package io.jimbot.eventbus.gateway.command;

import io.jimbot.events.v1.Command;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Commands as the game reads them: one a line, {@code name} or {@code name:arguments}. Nothing that
 * could end a line may get into one: it would be a second command.
 */
public final class CommandText {

  /** The most characters of arguments. */
  static final int MAX_ARGUMENTS = 256;

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  private CommandText() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  static boolean isArguments(String text) {
    return !text.isEmpty() && text.length() <= MAX_ARGUMENTS && staysOnItsLine(text);
  }

  /** Without control characters, other ends of a line, and halves of characters. */
  static boolean staysOnItsLine(String text) {
    return text.codePoints()
        .noneMatch(
            c ->
                switch (Character.getType(c)) {
                  case Character.CONTROL,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR,
                      Character.SURROGATE ->
                      true;
                  default -> false;
                });
  }

  /** The body of the answer to a poll; empty for none. */
  public static String lines(List<Command> commands) {
    StringBuilder text = new StringBuilder();
    for (Command command : commands) {
      text.append(command.getName());
      if (command.hasArguments()) {
        text.append(':').append(command.getArguments());
      }
      text.append('\n');
    }
    return text.toString();
  }
}
