package io.jimbot.eventbus.gateway.command;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which game a sender plays, from the events that it sends: the unmodified mod's poll
 * does not say. Knows what came through this gateway only; a game that talks to several is known to
 * all of them soon.
 *
 * <p>Several games may share an address. A sender that goes back to a game which it had left is no
 * sure sign of any game for a while: better that a command waits than that another game plays it.
 * Bounded by the number of senders, {@value #GAMES_OF_A_SENDER} games of each, and age.
 * Thread-safe.
 */
public final class GamesSeen {

  private static final int GAMES_OF_A_SENDER = 4;

  /** Longer than the mod lets pass between two events that name the game. */
  private static final long UNSURE_NANOS = Duration.ofSeconds(30).toNanos();

  private final int maxSenders;
  private final long memoryNanos;
  private final LongSupplier nanoClock;

  private final Object lock = new Object();

  /** Longest unheard first. */
  @GuardedBy("lock")
  private final LinkedHashMap<String, Sender> senders = new LinkedHashMap<>(16, 0.75f, true);

  /** One sender; the last of its games is the one that was heard of last. */
  private static final class Sender {
    final LinkedHashMap<String, Long> games = new LinkedHashMap<>(8, 0.75f, true);
    String latest = "";
    long latestNanos;
    boolean unsure;
    long unsureUntilNanos;
  }

  /** Remembers nothing yet. */
  public GamesSeen(CommandSettings settings, LongSupplier nanoClock) {
    this.maxSenders = settings.maxSenders();
    this.memoryNanos = settings.senderMemory().toNanos();
    this.nanoClock = nanoClock;
  }

  /** An event of this sender named this game. */
  public void seen(String sender, String gameId) {
    if (GameNames.known(gameId) == null || !GameNames.isName(gameId)) {
      return;
    }
    long now = nanoClock.getAsLong();
    synchronized (lock) {
      Sender known = senders.computeIfAbsent(sender, s -> new Sender());
      if (!known.latest.equals(gameId)) {
        Long before = known.games.get(gameId);
        if (before != null && now - before < UNSURE_NANOS) {
          known.unsure = true;
          known.unsureUntilNanos = now + UNSURE_NANOS;
        }
        known.latest = gameId;
      }
      known.latestNanos = now;
      known.games.put(gameId, now);
      dropEldest(known.games, GAMES_OF_A_SENDER);
      dropEldest(senders, maxSenders);
    }
  }

  /** The game that this sender plays, or null if that is not sure. */
  @Nullable String gameOf(String sender) {
    long now = nanoClock.getAsLong();
    synchronized (lock) {
      Sender known = senders.get(sender);
      if (known == null || now - known.latestNanos > memoryNanos) {
        return null;
      }
      if (known.unsure && now - known.unsureUntilNanos < 0) {
        return null;
      }
      known.unsure = false;
      return known.latest;
    }
  }

  private static <K, V> void dropEldest(Map<K, V> map, int most) {
    Iterator<K> eldest = map.keySet().iterator();
    while (map.size() > most) {
      eldest.next();
      eldest.remove();
    }
  }
}
