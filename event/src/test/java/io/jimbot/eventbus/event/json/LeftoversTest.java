package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.testing.JsonTree;
import io.jimbot.events.v1.Event;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeftoversTest {
  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());

  private Decoded decode(String json) {
    byte[] body = RandomJson.bytes(json);
    return decoder.event(body, body.length, Instant.EPOCH, () -> "assigned");
  }

  /** Reads an event, and checks that it is given back as it came. */
  private Event event(String json) throws InvalidProtocolBufferException {
    Decoded decoded = decode(json);
    assertThat(decoded).as(json).isInstanceOf(Decoded.Readable.class);
    Event event = Event.parseFrom(((Decoded.Readable) decoded).value());
    byte[] back = new EventEncoder().encode(event);
    assertThat(JsonTree.read(RandomJson.bytes(json)).differences(JsonTree.read(back)))
        .as("%s became %s", json, new String(back, UTF_8))
        .isEmpty();
    return event;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'HEARTBEAT','x':1} | {'x':1}",
        "{'type':'HEARTBEAT','payload':{'x':1,'uptime':2}} | {'payload':{'x':1}}",
        "{'payload':{'x':1,'uptime':2},'y':2,'type':'HEARTBEAT'} | {'y':2,'payload':{'x':1}}",
        "{'type':'heartbeat'} | {'type':'heartbeat'}",
        "{'type':'JOKERS_CHANGED','payload':{'jokers':[{},{'id':1,'a':{}},5,{'properties':{'b':1}}]}}"
            + " | {'payload':{'jokers':{'1':{'a':{}},'2':5,'3':{'properties':{'b':1}}}}}",
        "{'type':'JOKERS_CHANGED','payload':{'jokers':{'0':{'id':1},'1':5}}}"
            + " | {'payload':{'jokers':{'0':{'id':1},'1':5}}}",
        "{'type':'JOKERS_CHANGED','payload':{'jokers':[[1],{'0':2}],'0':3,'old_count':'4'}}"
            + " | {'payload':{'jokers':{'0':[1],'1':{'0':2}},'0':3,'old_count':'4'}}",
        "{'type':'DIAGNOSTIC','payload':{'available_functions':['a',1,{'0':1},null]}}"
            + " | {'payload':{'available_functions':{'1':1,'2':{'0':1},'3':null}}}",
        "{'type':'A','metadata':{'a':'b','c':1}} | {'metadata':{'c':1}}",
        "{'type':'A','metadata':{'c':1}} | {'metadata':{'c':1}}",
        "{'type':'A','metadata':{}} | {'metadata':{}}",
        "{'type':'A','event_type':'B','data':1,'payload':2} | {'event_type':'B','payload':2}",
        "{'type':'A','event_id':null,'source':5} | {'event_id':null,'source':5}",
        "{'type':'A','received_at':1,'json_form':{},'leftovers':'x','batch_id':'b','monotonic_ms':3}"
            + " | {'received_at':1,'json_form':{},'leftovers':'x','batch_id':'b','monotonic_ms':3}",
        "{'type':'GAME_STATE','changes':[{'type':'A','x':1},7,{'type':7,'event_id':7}]}"
            + " | {'changes':{'0':{'x':1},'1':7,'2':{'type':7,'event_id':7}}}",
        "{'type':'GAME_STATE','payload':{'shop_items':{'a':{'cost':1,'b':2},'c':3}}}"
            + " | {'payload':{'shop_items':{'a':{'b':2},'c':3}}}",
        "{'type':'HEARTBEAT','payload':{'id_text':'x','uptime':'1'}}"
            + " | {'payload':{'id_text':'x','uptime':'1'}}",
        "{'type':'GAME_STATE','payload':{'ante\\ud800':1}} | {'payload':{'ante\\ud800':1}}",
        "{'type\\ud800':'A','type':'B'} | {'type\\ud800':'A'}",
        "{'type':'A','metadata':{'\\ud800a':'1','\\ud800b':'2','\\\\ud800a':'3','\\\\ud800c':4}}"
            + " | {'metadata':{'\\ud800a':'1','\\ud800b':'2','\\\\ud800c':4}}",
        "{'type':'HEARTBEAT','payload':{'uptime':[inf,-inf,nan]}}"
            + " | {'payload':{'uptime':['Infinity','-Infinity','NaN']}}",
      })
  void holdJustWhatNoFieldHoldsAndGiveItBackAtItsPlace(String json, String leftovers)
      throws InvalidProtocolBufferException {
    Event event = event(json.replace('\'', '"'));
    assertThat(event.getLeftovers().toStringUtf8()).isEqualTo(leftovers.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'A','type':'B'} | type",
        "{'type':'A','source':'s','s\\u006furce':'t'} | source",
        "{'type':'A','metadata':{'a':'1','b':'2','a':'3'}} | metadata.a",
        "{'type':'A','metadata':{'a':'1','\\u0061':'3'}} | metadata.a",
        "{'type':'A','metadata':{'\\ud800':'1','\\uD800':'3'}} | metadata.?",
        "{'type':'HEARTBEAT','payload':{'uptime':1,'\\u0075ptime':1}} | payload.uptime",
        "{'payload':{'jokers':[{},{'id':1,'id':2}]},'type':'JOKERS_CHANGED'} | payload.jokers[1].id",
        "{'type':'A','payload':1,'payload':2} | payload",
        "{'type':'A','changes':[{'type':'B'},{'data':1,'data':2}]} | changes[1].data",
      })
  void aMemberOfAFieldOrMapThatStandsTwiceIsRefused(String json, String path) {
    assertThat(decode(json.replace('\'', '"')))
        .isInstanceOfSatisfying(
            Decoded.Broken.class,
            broken -> {
              assertThat(broken.reason()).isEqualTo("duplicate_member");
              assertThat(broken.path().replace("[\"?\"]", ".?")).isEqualTo(path);
            });
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'type':'A','payload':{'a':1,'a':2,'b':{'a':1,'a':1}}}",
        "{'type':'HEARTBEAT','payload':{'x':1,'x':2}}",
        "{'type':'HEARTBEAT','x':1,'x':2}",
        "{'type':'HEARTBEAT','x':{'a':1,'a':2}}",
      })
  void aMemberThatNoFieldHoldsMayStandTwiceAndComesBackTwice(String json)
      throws InvalidProtocolBufferException {
    event(json.replace('\'', '"'));
  }

  @Test
  void thePayloadOfATypeDoesNotDependOnTheOrderOfItsMembers()
      throws InvalidProtocolBufferException {
    String[] members = {"\"type\":\"GAME\"", "\"subtype\":\"STATE\"", "\"payload\":{\"ante\":1}"};
    assertPayload(members, Event.PayloadCase.JSON);
    members[0] = "\"type\":\"SCORING_JOKER_TRIGGER\"";
    assertPayload(members, Event.PayloadCase.JSON);
    members[0] = "\"type\":\"SCORING\"";
    assertPayload(members, Event.PayloadCase.JSON);
    members[1] = "\"subtype\":\"JOKER_TRIGGER\"";
    assertPayload(members, Event.PayloadCase.SCORING_JOKER_TRIGGER);
    members[0] = "\"type\":\"JOKER_TRIGGER\"";
    assertPayload(members, Event.PayloadCase.JOKER_TRIGGER);
  }

  private void assertPayload(String[] m, Event.PayloadCase expected)
      throws InvalidProtocolBufferException {
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      String json = "{" + m[order[0]] + "," + m[order[1]] + "," + m[order[2]] + "}";
      assertThat(event(json).getPayloadCase()).as(json).isEqualTo(expected);
    }
  }

  @Test
  void integersOfTheWholeRangeOfTheirFieldFit() throws InvalidProtocolBufferException {
    for (long number : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 1_234_567_890_123_456_789L}) {
      Event event = event("{\"type\":\"A\",\"sequence_number\":" + number + "}");
      assertThat(event.getSequenceNumber()).isEqualTo(number);
      assertThat(event.hasLeftovers()).isFalse();
    }
  }

  @Test
  void textFieldsTakeTextAndLeaveNonFiniteNumbersToTheirTwin()
      throws InvalidProtocolBufferException {
    Event event =
        event(
            "{\"type\":\"JOKERS_CHANGED\",\"payload\":{\"jokers\":[{\"id\":\"x\"},{\"id\":1.5},"
                + "{\"id\":\"NaN\"},{\"id\":inf}]}}");
    assertThat(event.getJokersChanged().getJokers(0).getIdText()).isEqualTo("x");
    assertThat(event.getJokersChanged().getJokers(1).getId()).isEqualTo(1.5);
    assertThat(event.getJokersChanged().getJokers(2).getId()).isNaN();
    assertThat(event.getJokersChanged().getJokers(3).getId()).isInfinite();
    assertThat(event.hasLeftovers()).isFalse();
  }

  @Test
  void bytesThatAreNotUtf8ComeBackAsTheSurrogatesThatStandForThem()
      throws InvalidProtocolBufferException {
    event("{\"type\":\"ERROR\",\"payload\":{\"message\":\"a\udc80b\",\"k\udcff\":\"\u0001\"}}");
  }
}
