package io.jimbot.eventbus.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps measurements for machines: one JSON object a line, behind those of former runs. */
final class ResultLog {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final Path file;

  ResultLog(Path file) {
    this.file = file;
  }

  void add(Measurement measurement) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Files.writeString(
        file,
        JSON.writeValueAsString(measurement) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
