package io.jimbot.eventbus.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandRequestsTest {

  private final CommandRequests requests =
      new CommandRequests(
          new CommandSettings(
              Duration.ofSeconds(30),
              Duration.ofMinutes(10),
              10,
              10,
              Duration.ofMillis(100),
              10,
              Duration.ofMinutes(1)));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"command":"play_hand"}                                        | play_hand
          {"command":"play_hand","arguments":null}                       | play_hand
          {"command":"play_hand","arguments":""}                         | play_hand
          {"command":"play_hand","arguments":"1,2"}                      | play_hand:1,2
          {"command":"play_hand","arguments":[1,2]}                      | play_hand:1,2
          {"command":"play_hand","arguments":[1,true,"x"]}               | play_hand:1,true,x
          {"command":"play_hand","arguments":7}                          | play_hand:7
          {"command":"play_hand","arguments":[]}                         | play_hand
          {"type":"select_card","payload":{"position":0}}                | select_card:0
          {"type":"select_card","payload":{"index":3}}                   | select_card:3
          {"type":"select_card","payload":{"index":3,"position":1}}      | select_card:1
          {"type":"play_hand","payload":{},"source":"x","timestamp":1}   | play_hand
          {"type":"play_hand"}                                           | play_hand
          {"type":"COMMAND","action":"buy_joker","params":{"a":1,"b":"x"}} | buy_joker:1,x
          {"type":"COMMAND","action":"play_hand","params":{}}            | play_hand
          {"type":"COMMAND","action":"play_hand","params":[4]}           | play_hand:4
          {"action":"play_hand","params":"4"}                            | play_hand:4
          play_hand                                                      | play_hand
          select_card:0                                                  | select_card:0
          """)
  void readsTheFormsThatTheEcosystemPosts(String body, String line) throws CommandFault {
    NewCommand command = requests.read(body.getBytes(UTF_8));

    String arguments = command.arguments() == null ? "" : ':' + command.arguments();
    assertThat(command.name() + arguments).isEqualTo(line);
  }

  @Test
  void readsTheGameAndTheTimeToLive() throws CommandFault {
    NewCommand command =
        requests.read("{\"command\":\"play_hand\",\"game_id\":\"g\",\"ttl_ms\":5}".getBytes(UTF_8));

    assertThat(command.gameId()).isEqualTo("g");
    assertThat(command.timeToLive()).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void aGameCalledUnknownIsNoGameForThatIsWhatTheModCallsEveryGame() throws CommandFault {
    NewCommand command =
        requests.read("{\"type\":\"play_hand\",\"game_id\":\"unknown\"}".getBytes(UTF_8));

    assertThat(command.gameId()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                  | command
          {"command":"PLAY"}                                  | command
          {"command":7}                                       | command
          {"command":"a:b"}                                   | command
          {"command":"a\\nplay_hand"}                         | command
          {"command":"a\\n"}                                  | command
          {"command":"a","arguments":"1\\nplay_hand"}         | arguments
          {"command":"a","arguments":"1\\rplay_hand"}         | arguments
          {"command":"a","arguments":"1\\u0000"}              | arguments
          {"command":"a","arguments":"1\\u0085play_hand"}     | arguments
          {"command":"a","arguments":"1\\u2028play_hand"}     | arguments
          {"command":"a","arguments":"1\\ud800"}              | arguments
          {"command":"a","arguments":["1,2"]}                 | arguments[0]
          {"command":"a","arguments":[1,[2]]}                 | arguments[1]
          {"command":"a","arguments":["1\\n"]}                | arguments
          {"command":"a","args":"1"}                          | args
          {"command":"a","game_id":""}                        | game_id
          {"command":"a","game_id":"g\\n"}                    | game_id
          {"command":"a","game_id":{}}                        | game_id
          {"command":"a","ttl_ms":0}                          | ttl_ms
          {"command":"a","ttl_ms":600001}                     | ttl_ms
          {"command":"a","ttl_ms":1.5}                        | ttl_ms
          {"command":"a","ttl_ms":99999999999999999999}       | ttl_ms
          {"type":"select_card\\nquit","payload":{}}          | type
          {"type":"select_card","payload":[0]}                | payload
          {"type":"select_card","payload":{"position":"0\\nx"}} | payload.position
          {"type":"COMMAND","action":"a","params":{"x":{}}}   | params.x
          {"type":"COMMAND"}                                  | type
          """)
  void refusesWhatIsNotAllowedAndSaysWhere(String body, String path) {
    CommandFault fault =
        catchThrowableOfType(CommandFault.class, () -> requests.read(body.getBytes(UTF_8)));

    assertThat(fault).isNotNull();
    assertThat(fault.malformed()).isFalse();
    assertThat(fault.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "{",
        "[]",
        "{\"command\":\"a\"}{\"command\":\"b\"}",
        "{\"command\":\"a\",\"command\":\"b\"}",
        "PLAY",
        "play hand",
        "play_hand\ndiscard"
      })
  void refusesWhatIsNoCommandAtAll(String body) {
    CommandFault fault =
        catchThrowableOfType(CommandFault.class, () -> requests.read(body.getBytes(UTF_8)));

    assertThat(fault).isNotNull();
    assertThat(fault.malformed()).isTrue();
  }

  @Test
  void refusesALineWhoseArgumentsHoldAnotherLine() {
    CommandFault fault =
        catchThrowableOfType(
            CommandFault.class, () -> requests.read("select_card:0\ndiscard".getBytes(UTF_8)));

    assertThat(fault).isNotNull();
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    CommandFault fault =
        catchThrowableOfType(
            CommandFault.class, () -> requests.read(new byte[] {'a', ':', (byte) 0xff}));

    assertThat(fault).isNotNull();
    assertThat(fault.malformed()).isTrue();
  }

  @Test
  void refusesMoreArgumentsThanALineMayHold() {
    CommandFault fault =
        catchThrowableOfType(
            CommandFault.class,
            () ->
                requests.read(
                    ("{\"command\":\"a\",\"arguments\":\"" + "1".repeat(257) + "\"}")
                        .getBytes(UTF_8)));

    assertThat(fault).isNotNull();
    assertThat(fault.path()).isEqualTo("arguments");
  }
}
