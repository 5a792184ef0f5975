package io.jimbot.eventbus.gateway.ingest;

import java.util.regex.Pattern;

/** What a sender may call itself: it is stored with each of its events, and is shown in logs. */
public final class ClientIds {

  /** What is said of one that is not good. */
  public static final String RULE = "must be 1 to 128 of A-Z a-z 0-9 . _ : -";

  private static final Pattern GOOD = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private ClientIds() {}

  /** Whether it is good. */
  public static boolean isGood(String id) {
    return GOOD.matcher(id).matches();
  }
}
