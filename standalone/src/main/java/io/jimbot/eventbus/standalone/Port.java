package io.jimbot.eventbus.standalone;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port from the command line. */
final class Port implements ITypeConverter<Integer> {

  private static final int HIGHEST = 65_535;

  @Override
  public Integer convert(String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 0 && port <= HIGHEST) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw notAPort(value);
    }
    throw notAPort(value);
  }

  private static TypeConversionException notAPort(String value) {
    return new TypeConversionException(
        "'%s' is not a port: 1 to %d, or 0 for any that is free".formatted(value, HIGHEST));
  }
}
