package io.jimbot.eventbus.gateway.kafka;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a class logs from now on, from the level INFO, until it is closed. Thread-safe; one at
 * a time for each class.
 */
final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final @Nullable Level levelBefore;

  private LoggedLines(Logger logger) {
    this.logger = logger;
    this.levelBefore = logger.getLevel();
  }

  static LoggedLines of(Class<?> logging) {
    LoggedLines lines = new LoggedLines((Logger) LoggerFactory.getLogger(logging));
    lines.start();
    lines.logger.addAppender(lines);
    lines.logger.setLevel(Level.INFO);
    return lines;
  }

  /** Those with a text in them, as level and message. */
  List<String> with(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getLevel() + " " + event.getFormattedMessage());
  }

  @Override
  public void close() {
    logger.setLevel(levelBefore);
    logger.detachAppender(this);
    stop();
  }
}
