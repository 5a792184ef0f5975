package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.schema.SchemaDesk;
import io.jimbot.eventbus.gateway.schema.WhatIf;
import io.jimbot.eventbus.proto.ProposedSchema;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.Event;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a proposed schema would do to the last events, asked of a gateway. */
@Timeout(120)
class SchemaWhatIfIT {

  private static final String LOG = "what-if.events";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private static Path directory;
  private static TestKafka kafka;
  private static GatewaysUnderTest gateways;
  private static GatewayServer gateway;

  @BeforeAll
  static void start() throws Exception {
    kafka = TestKafka.start(directory);
    gateways = new GatewaysUnderTest(kafka.bootstrapServers(), "what-if", Map.of());
    gateway = gateways.start();
    for (String event :
        List.of(
            "{\"type\":\"ONE\",\"source\":\"me\",\"game_id\":\"a\"}",
            "{\"type\":\"TWO\",\"source\":\"me\",\"game_id\":\"b\"}",
            "{\"type\":\"THREE\",\"game_id\":\"c\"}")) {
      HttpRequest.Builder publish =
          request("/api/v1/events", "application/json").POST(BodyPublishers.ofString(event));
      assertThat(send(publish).statusCode()).isEqualTo(200);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    gateways.close();
    kafka.close();
  }

  private static HttpRequest.Builder request(String path, String type) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + path))
        .header("Content-Type", type);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> whatIf(String query, byte[] body) throws Exception {
    return send(
        request("/api/v1/schemas/what-if" + query, "application/x-protobuf")
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private static FileDescriptorSet.Builder present() {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    addWithImports(Event.getDescriptor().getFile(), set);
    return set;
  }

  private static void addWithImports(FileDescriptor file, FileDescriptorSet.Builder set) {
    file.getDependencies().forEach(dependency -> addWithImports(dependency, set));
    if (set.getFileList().stream().noneMatch(f -> f.getName().equals(file.getName()))) {
      set.addFile(file.toProto());
    }
  }

  private static byte[] withNumbersAsSource() {
    FileDescriptorSet.Builder set = present();
    set.getFileBuilderList().stream()
        .filter(file -> file.getName().endsWith("/event.proto"))
        .flatMap(file -> file.getMessageTypeBuilderList().stream())
        .filter(message -> message.getName().equals("Event"))
        .flatMap(message -> message.getFieldBuilderList().stream())
        .filter(field -> field.getName().equals("source"))
        .forEach(field -> field.setType(FieldDescriptorProto.Type.TYPE_INT32));
    return set.build().toByteArray();
  }

  @Test
  void thePresentSchemaLosesNothing() throws Exception {
    HttpResponse<String> answer = whatIf("", present().build().toByteArray());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo("{\"events\":3,\"unread\":0,\"losing\":0,\"losses\":[],\"complete\":true}");
  }

  @Test
  void lossesAreCountedByKindWithAsManyExamplesAsAreAskedFor() throws Exception {
    String body = whatIf("?examples=1", withNumbersAsSource()).body();

    assertThat(body)
        .contains("\"events\":3,\"unread\":0,\"losing\":2")
        .contains("{\"what\":\"source: is not read as int32\",\"events\":2,\"examples\":[");
    assertThat(body.split("event_type:", -1)).hasSize(2);
  }

  @Test
  void onlyTheLastEventsAreLookedAt() throws Exception {
    assertThat(whatIf("?last=1", withNumbersAsSource()).body())
        .isEqualTo("{\"events\":1,\"unread\":0,\"losing\":0,\"losses\":[],\"complete\":true}");
  }

  @Test
  void whatCameAgainForOneGroupIsNotLookedAtButWhatLiesBeforeIt() throws Exception {
    try (Consumer<byte[], byte[]> consumer = newConsumer();
        Producer<byte[], byte[]> producer = newProducer()) {
      consumer.assign(partitions());
      consumer.seekToBeginning(consumer.assignment());
      List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
      while (events.size() < 3) {
        consumer.poll(Duration.ofMillis(100)).forEach(events::add);
      }
      for (int copy = 0; copy < 20; copy++) {
        // Each in a transaction of its own, whose mark has an offset, too.
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> event : events) {
          var unused = producer.send(forOneGroup(event));
        }
        producer.commitTransaction();
      }
    }

    assertThat(whatIf("?last=3", withNumbersAsSource()).body())
        .contains("\"events\":3,\"unread\":0,\"losing\":2", "\"complete\":true");
  }

  @Test
  void whoHasNotReadAllInTimeSaysSo() throws Exception {
    SchemaDesk hasty =
        new SchemaDesk(LOG, Duration.ZERO, SchemaWhatIfIT::newConsumer, Runnable::run);

    WhatIf answer = hasty.whatIf(ProposedSchema.of(present().build()), 3, 1).get();

    assertThat(answer.complete()).isFalse();
    assertThat(answer.report().events()).isZero();
  }

  private static ProducerRecord<byte[], byte[]> forOneGroup(ConsumerRecord<byte[], byte[]> event) {
    Headers headers = new RecordHeaders(event.headers());
    headers.add(HeaderNames.FOR_GROUP, "failed".getBytes(UTF_8));
    return new ProducerRecord<>(
        LOG, event.partition(), event.timestamp(), event.key(), event.value(), headers);
  }

  private static List<TopicPartition> partitions() {
    return IntStream.range(0, 3).mapToObj(number -> new TopicPartition(LOG, number)).toList();
  }

  private static Consumer<byte[], byte[]> newConsumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static Producer<byte[], byte[]> newProducer() {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "what-if"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  @Test
  void whatMakesNoSenseIsRefusedWithItsPlace() throws Exception {
    byte[] schema = withNumbersAsSource();
    HttpResponse<String> number = whatIf("?last=0", schema);
    assertThat(number.statusCode()).isEqualTo(422);
    assertThat(number.body()).contains("last: a number from 1 to 10000");
    HttpResponse<String> garbage = whatIf("", new byte[] {7, 7, 7});
    assertThat(garbage.statusCode()).isEqualTo(400);
    assertThat(garbage.body()).contains("no set of file descriptors");
    HttpResponse<String> empty = whatIf("", new byte[0]);
    assertThat(empty.statusCode()).isEqualTo(422);
    assertThat(empty.body())
        .contains("there is no message jimbot.events.v1.Event", "\"path\":\"body.file\"");
    HttpResponse<String> large = whatIf("", new byte[1024 * 1024 + 1]);
    assertThat(large.statusCode()).isEqualTo(413);
    HttpResponse<String> json =
        send(
            request("/api/v1/schemas/what-if", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(json.statusCode()).isEqualTo(415);
  }
}
