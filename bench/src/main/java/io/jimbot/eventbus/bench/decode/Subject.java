package io.jimbot.eventbus.bench.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import io.jimbot.eventbus.bench.cost.Candidate;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.events.v1.Event;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One body, and the ways to read it and to write it back. Used by one thread. */
final class Subject {

  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final String ASSIGNED_ID = "00000000-0000-0000-0000-000000000000";

  private final String name;
  private final byte[] body;
  private final boolean batch;
  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
  private final EventEncoder encoder = new EventEncoder();
  private final ObjectMapper jackson = new ObjectMapper();
  private final JsonFormat.Parser jsonFormat = JsonFormat.parser().ignoringUnknownFields();

  /** The events, encoded; what the decoder gives. */
  private final List<byte[]> values = new ArrayList<>();

  private final List<Event> events = new ArrayList<>();

  /** The events in Protobuf's own JSON, the only one that its parser reads into typed fields. */
  private final List<String> protobufJson = new ArrayList<>();

  Subject(String name, byte[] body, boolean batch) throws IOException {
    this.name = name;
    this.body = body;
    this.batch = batch;
    for (Decoded piece : decode()) {
      if (piece instanceof Decoded.Readable readable) {
        Event event = Event.parseFrom(readable.value());
        values.add(readable.value());
        events.add(event);
        protobufJson.add(JsonFormat.printer().preservingProtoFieldNames().print(event));
      }
    }
  }

  String name() {
    return name + ", " + body.length + " bytes";
  }

  /** The product's way first; all others are compared with it. */
  List<Candidate> reading() {
    return List.of(
        new Candidate("BodyDecoder: JSON to encoded events", () -> decode().size()),
        new Candidate("Jackson, tokens only", this::tokens),
        new Candidate("Jackson, tree", () -> jackson.readTree(body).size()),
        new Candidate("Protobuf JsonFormat to encoded events", this::jsonFormat));
  }

  /** The product's way first. */
  List<Candidate> writing() {
    return List.of(
        new Candidate("EventEncoder: message to JSON", this::encode),
        new Candidate("Event.parseFrom", this::parse),
        new Candidate("Protobuf JsonFormat printer", this::print));
  }

  private List<Decoded> decode() {
    return batch
        ? decoder.batch(body, body.length, RECEIVED, () -> ASSIGNED_ID)
        : List.of(decoder.event(body, body.length, RECEIVED, () -> ASSIGNED_ID));
  }

  private int tokens() throws IOException {
    int count = 0;
    try (JsonParser parser = jackson.getFactory().createParser(body)) {
      while (parser.nextToken() != null) {
        count++;
      }
    }
    return count;
  }

  private int jsonFormat() throws IOException {
    int size = 0;
    for (String json : protobufJson) {
      Event.Builder event = Event.newBuilder();
      jsonFormat.merge(json, event);
      size += event.build().toByteArray().length;
    }
    return size;
  }

  private int encode() {
    int size = 0;
    for (Event event : events) {
      size += encoder.encode(event).length;
    }
    return size;
  }

  private int parse() throws IOException {
    int size = 0;
    for (byte[] value : values) {
      size += Event.parseFrom(value).getEventId().length();
    }
    return size;
  }

  private int print() throws IOException {
    int size = 0;
    for (Event event : events) {
      size +=
          JsonFormat.printer()
              .omittingInsignificantWhitespace()
              .print(event)
              .getBytes(UTF_8)
              .length;
    }
    return size;
  }
}
