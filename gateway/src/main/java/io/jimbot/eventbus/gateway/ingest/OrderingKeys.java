package io.jimbot.eventbus.gateway.ingest;

/**
 * What a sender may name as the key under which its events keep their order. It is stored and
 * delivered with each of them, so it is small.
 */
public final class OrderingKeys {

  /** What is said of one that is not good. */
  public static final String RULE = "must be 1 to 256 printable characters";

  private static final int MAX_LENGTH = 256;

  private OrderingKeys() {}

  /** Whether it is good. */
  public static boolean isGood(String key) {
    return !key.isEmpty()
        && key.length() <= MAX_LENGTH
        && key.chars().noneMatch(Character::isISOControl);
  }

  /**
   * The same.
   *
   * @throws SubmissionFault if it is not
   */
  public static void check(String key) throws SubmissionFault {
    if (!isGood(key)) {
      throw new SubmissionFault(
          "invalid_ordering_key", SubmissionFault.Field.ORDERING_KEY, "an ordering key " + RULE);
    }
  }
}
