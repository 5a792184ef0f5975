package io.jimbot.eventbus.processor.retention;

import io.dropwizard.configuration.ConfigurationException;
import io.jimbot.eventbus.service.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The user's catalogue, and whether it has changed since it was read. Used by one thread. */
final class CatalogueFile {

  private final @Nullable Path file;
  private byte[] read = {};

  CatalogueFile(@Nullable Path file) {
    this.file = file;
  }

  /**
   * Reads and checks it.
   *
   * @throws IOException if it cannot be read
   * @throws ConfigurationException if it is not allowed
   */
  Catalogue load() throws IOException, ConfigurationException {
    if (file != null) {
      read = Files.readAllBytes(file);
    }
    return Catalogue.load(file);
  }

  /** Whether it holds something else than at the last {@link #load}. */
  boolean isChanged() throws IOException {
    return file != null && !Arrays.equals(read, Files.readAllBytes(file));
  }
}
