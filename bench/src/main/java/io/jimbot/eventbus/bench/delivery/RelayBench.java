package io.jimbot.eventbus.bench.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.bench.Payloads;
import io.jimbot.eventbus.bench.cost.Candidate;
import io.jimbot.eventbus.bench.cost.Cost;
import io.jimbot.eventbus.bench.cost.CostMeter;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.Decoded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command that measures what handing a message of stored events to gRPC costs, beside parsing
 * each event and building the response of the generated classes.
 */
@Command(
    name = "RelayBench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "CPU time and allocated bytes of one delivered event, as stored and built again.")
public final class RelayBench implements Callable<Integer> {

  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");

  @Option(names = "--rounds", description = "How often each way is measured; the median counts.")
  private int rounds = 15;

  @Option(names = "--millis", description = "How long each way takes in each round.")
  private int roundMillis = 150;

  @Option(names = "--batch", description = "Events of one message.")
  private int batch = 10;

  /** Measures. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new RelayBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    CostMeter meter = new CostMeter(rounds, Duration.ofMillis(roundMillis));
    System.out.println("| events | way | us | of ours | bytes allocated |\n|---|---|---|---|---|");
    print(Payloads.singles(), meter);
    print(Payloads.gameStates(), meter);
    System.err.println("(" + meter.sink() + ")");
    return 0;
  }

  private void print(Payload payload, CostMeter meter) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> records = records(payload);
    long size = records.stream().mapToLong(record -> record.value().length).sum() / batch;
    List<Candidate> ways =
        List.of(
            new Candidate("stored bytes, as they are", new StoredRelay(records)::send),
            new Candidate("parsed and built again", new ParsedRelay(records)::send));
    List<Cost> costs = meter.measure(ways);
    for (int i = 0; i < costs.size(); i++) {
      System.out.printf(
          Locale.ROOT,
          "| %d bytes each, %d a message | %s | %.2f | x%.2f | %,.0f |%n",
          size,
          batch,
          ways.get(i).name(),
          costs.get(i).nanos() / 1000 / batch,
          costs.get(i).nanos() / costs.get(0).nanos(),
          costs.get(i).bytes() / batch);
    }
  }

  /** As a consumer hands them over. */
  private List<ConsumerRecord<byte[], byte[]>> records(Payload payload) {
    BodyDecoder decoder = new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; records.size() < batch; i++) {
      List<byte[]> events = payload.requests().get(i % payload.requests().size()).events();
      byte[] event = events.get(events.size() - 1);
      if (decoder.event(event, event.length, RECEIVED, () -> "id")
          instanceof Decoded.Readable readable) {
        records.add(record(records.size(), readable));
      }
    }
    return records;
  }

  private static ConsumerRecord<byte[], byte[]> record(int offset, Decoded.Readable event) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("jimbot.events", 1, offset, "game-1".getBytes(UTF_8), event.value());
    record.headers().add(HeaderNames.TOPIC, "game.state.update".getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "GAME_STATE".getBytes(UTF_8));
    record.headers().add(HeaderNames.IDEMPOTENCY_KEY, new byte[16]);
    return record;
  }
}
