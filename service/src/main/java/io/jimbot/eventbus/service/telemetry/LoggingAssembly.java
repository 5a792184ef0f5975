package io.jimbot.eventbus.service.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.json.EventJsonLayoutBaseFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sets this process's logging up, once for each start: it belongs to the JVM, so the last program's
 * settings hold.
 */
public final class LoggingAssembly {

  private static final String PLAIN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", UTC} %-5level [%thread] %logger{0}: %msg%n%ex";

  private LoggingAssembly() {}

  /**
   * Sets it up.
   *
   * @param program names it in the logging's own metrics
   * @return ends it: to be stopped last
   */
  public static DefaultLoggingFactory configure(
      LoggingSettings settings, MetricRegistry metrics, String program) {
    ConsoleAppenderFactory<ILoggingEvent> console = new ConsoleAppenderFactory<>();
    switch (settings.format()) {
      case PLAIN -> console.setLogFormat(PLAIN);
      case JSON -> console.setLayout(new EventJsonLayoutBaseFactory());
    }
    Map<String, JsonNode> levels = new TreeMap<>();
    settings.loggers().forEach((name, level) -> levels.put(name, TextNode.valueOf(level)));
    DefaultLoggingFactory factory = new DefaultLoggingFactory();
    factory.setLevel(settings.level());
    factory.setLoggers(levels);
    factory.setAppenders(List.of(console));
    factory.configure(metrics, program);
    return factory;
  }
}
