package io.jimbot.eventbus.event;

/**
 * The headers of an event's Kafka record. They carry all that filters and routing need, so that
 * nobody parses a payload for it. Values are UTF-8 text unless said otherwise; a header is absent
 * where the event does not say.
 */
public final class HeaderNames {
  /** The event's id. */
  public static final String EVENT_ID = "event-id";

  /** The canonical type. */
  public static final String EVENT_TYPE = "event-type";

  /** The subtype, as the producer wrote it. */
  public static final String SUBTYPE = "subtype";

  /** The logical topic, dotted. */
  public static final String TOPIC = "topic";

  /** Who made the event. */
  public static final String SOURCE = "source";

  /** The game, by the envelope or else by the payload. */
  public static final String GAME_ID = "game-id";

  /** The version of the payload's schema, in decimal; 1 where the event says none. */
  public static final String VERSION = "version";

  /**
   * The same for two records exactly if one is a repetition of the other: 16 bytes, see {@link
   * IdempotencyKey}.
   */
  public static final String IDEMPOTENCY_KEY = "idempotency-key";

  /** From when on nobody is to get it any more: milliseconds since 1970, in decimal. */
  public static final String EXPIRES_AT = "expires-at";

  /** When it was or is to be put into the log: milliseconds since 1970, in decimal. */
  public static final String DELIVER_AT = "deliver-at";

  /** The W3C trace context. */
  public static final String TRACEPARENT = "traceparent";

  /** What the value is, as a media type. */
  public static final String CONTENT_TYPE = "content-type";

  /** The managed replay that wrote the record. */
  public static final String REPLAY_ID = "replay-id";

  /**
   * Where in the log the event was first, on records that were made out of others: the Kafka topic,
   * partition, offset and time of receipt in milliseconds since 1970, separated by slashes.
   */
  public static final String ORIGINAL_POSITION = "original-position";

  /** The key under which the event's order is kept, on records that have another key: bytes. */
  public static final String ORDERING_KEY = "ordering-key";

  /** The dead letter that the event came again from. */
  public static final String REDRIVE_OF = "redrive-of";

  /** How often the event has come again from the dead letters, in decimal. */
  public static final String REDRIVE_COUNT = "redrive-count";

  /** The one group or queue that the event is meant for; all others pass it over. */
  public static final String FOR_GROUP = "for-group";

  /** The group at which the event failed, if it comes again for everybody. */
  public static final String REDRIVE_FROM = "redrive-from";

  private HeaderNames() {}
}
