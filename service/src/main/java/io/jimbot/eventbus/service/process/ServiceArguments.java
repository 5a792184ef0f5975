package io.jimbot.eventbus.service.process;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the command line of a service's program asks for. */
sealed interface ServiceArguments {

  /** To run. */
  record Run(@Nullable Path config) implements ServiceArguments {}

  /** To be told how it is used. */
  record Help() implements ServiceArguments {}

  /** To be told what it is. */
  record Version() implements ServiceArguments {}

  /** Something that is not understood; the message says what. */
  record Invalid(String message) implements ServiceArguments {}

  /** Reads the arguments; those that end the program at once go first. */
  static ServiceArguments of(String... arguments) {
    @Nullable String config = null;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals("--help") || argument.equals("-h")) {
        return new Help();
      }
      if (argument.equals("--version") || argument.equals("-V")) {
        return new Version();
      }
      if (argument.startsWith("--config=")) {
        config = argument.substring("--config=".length());
      } else if (!argument.equals("--config")) {
        return new Invalid("'" + argument + "' is not known");
      } else if (++i == arguments.length) {
        return new Invalid("--config must be followed by a file");
      } else {
        config = arguments[i];
      }
    }
    return config == null ? new Run(null) : withFile(Path.of(config));
  }

  private static ServiceArguments withFile(Path config) {
    return Files.isReadable(config) && !Files.isDirectory(config)
        ? new Run(config)
        : new Invalid("--config: no file that can be read at " + config.toAbsolutePath());
  }
}
