package io.jimbot.eventbus.service.kafka;

import java.util.List;

/**
 * The names of the bus's Kafka topics.
 *
 * @param prefix what all of them start with, for example {@code jimbot}
 */
public record KafkaTopics(String prefix) {

  /** The log: every accepted event. */
  public String events() {
    return prefix + ".events";
  }

  /** What could not be accepted, processed or delivered. */
  public String deadLetters() {
    return prefix + ".dead-letters";
  }

  /** Commands back to the game. */
  public String commands() {
    return prefix + ".commands";
  }

  /** Events that wait for their time, and what is asked about them. */
  public String delayed() {
    return prefix + ".delayed";
  }

  /** How many of them wait, and what became of requests to cancel. */
  public String delayedReports() {
    return prefix + ".delayed-reports";
  }

  /** What the gateway writes. */
  public List<String> ofGateway() {
    return List.of(events(), deadLetters(), deadLetterActions(), commands(), delayed());
  }

  /** The events of a retention class, without repetitions. */
  public String ofClass(String retentionClass) {
    return prefix + ".events." + retentionClass;
  }

  /** Compacted: the newest state of each game. */
  public String gamesLatest() {
    return prefix + ".games.latest";
  }

  /** Compacted: what is to be replayed, and how far it has come. */
  public String replays() {
    return prefix + ".replays";
  }

  /** The output of one replay. */
  public String replay(String id) {
    return prefix + ".replay." + id;
  }

  /** Compacted: what operators asked to be done to dead letters, and how far it has come. */
  public String deadLetterActions() {
    return prefix + ".dead-letter-actions";
  }

  /** Compacted: what has become of each dead letter. */
  public String deadLetterStates() {
    return prefix + ".dead-letter-states";
  }
}
