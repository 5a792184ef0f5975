package io.jimbot.eventbus.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the path of a file that must be there from the command line. */
final class ConfigFile implements ITypeConverter<Path> {

  @Override
  public Path convert(String value) {
    Path path = Path.of(value);
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new TypeConversionException("no file that can be read at " + path.toAbsolutePath());
    }
    return path;
  }
}
