package io.jimbot.eventbus.bench.wire;

import com.google.protobuf.Message;
import io.jimbot.eventbus.bench.Payloads;
import io.jimbot.eventbus.bench.cost.Candidate;
import io.jimbot.eventbus.bench.cost.Cost;
import io.jimbot.eventbus.bench.cost.CostMeter;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.eventbus.gateway.GatewayConfiguration;
import io.jimbot.eventbus.testing.InMemorySchemaRegistry;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.eventbus.wire.ValueFormat;
import io.jimbot.events.v1.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that measures what the frame around a value costs whoever writes and reads it. */
@Command(
    name = "WireFormatBench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "CPU time and bytes of one value, plain and in the Confluent wire format.")
public final class WireFormatBench implements Callable<Integer> {

  private static final String TOPIC = "jimbot.events";
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");

  @Option(names = "--rounds", description = "How often each way is measured; the median counts.")
  private int rounds = 15;

  @Option(names = "--millis", description = "How long each way takes in each round.")
  private int roundMillis = 150;

  /** Measures. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new WireFormatBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    CostMeter meter = new CostMeter(rounds, Duration.ofMillis(roundMillis));
    Map<String, Message> topics = Map.of(TOPIC, Event.getDefaultInstance());
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat plain = ValueFormat.plain(topics);
        ValueFormat framed =
            ValueFormat.of(
                GatewayConfiguration.load(null, Map.of("schemaRegistry.url", registry.url()))
                    .schemaRegistry(),
                topics)) {
      framed.prepare();
      System.out.println("| event | way | ns | bytes allocated | bytes of the value |");
      System.out.println("|---|---|---|---|---|");
      for (Payload payload : List.of(Payloads.singles(), Payloads.gameStates())) {
        byte[] event = event(payload);
        print(event, plain.serializer(), framed.serializer(), meter);
      }
    }
    System.err.println("(" + meter.sink() + ")");
    return 0;
  }

  /** The last event of the first request, encoded. */
  private static byte[] event(Payload payload) {
    List<byte[]> events = payload.requests().get(0).events();
    byte[] json = events.get(events.size() - 1);
    Decoded decoded =
        new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn())
            .event(json, json.length, RECEIVED, () -> "id");
    return ((Decoded.Readable) decoded).value();
  }

  private static void print(
      byte[] event, Serializer<byte[]> plain, Serializer<byte[]> framed, CostMeter meter)
      throws Exception {
    byte[] value = framed.serialize(TOPIC, new RecordHeaders(), event);
    List<Candidate> ways =
        List.of(
            new Candidate("write, plain", () -> written(plain, event)),
            new Candidate("write, framed", () -> written(framed, event)),
            new Candidate("find the message, plain", () -> ConfluentFrame.messageStart(event)),
            new Candidate("find the message, framed", () -> ConfluentFrame.messageStart(value)),
            new Candidate("parse, plain", () -> parsed(event)),
            new Candidate("parse, framed", () -> parsed(value)));
    List<Cost> costs = meter.measure(ways);
    for (int i = 0; i < costs.size(); i++) {
      System.out.printf(
          Locale.ROOT,
          "| %d bytes | %s | %.1f | %,.0f | %d |%n",
          event.length,
          ways.get(i).name(),
          costs.get(i).nanos(),
          costs.get(i).bytes(),
          i % 2 == 0 ? event.length : value.length);
    }
  }

  private static int written(Serializer<byte[]> serializer, byte[] event) {
    return serializer.serialize(TOPIC, new RecordHeaders(), event).length;
  }

  private static int parsed(byte[] value) throws Exception {
    return Event.parseFrom(ConfluentFrame.message(value)).getEventId().length();
  }
}
