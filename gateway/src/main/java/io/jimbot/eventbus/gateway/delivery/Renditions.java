package io.jimbot.eventbus.gateway.delivery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the last events were made into, so that it is made once for all subscribers that get the
 * same event: one reader feeds many, and gives each of them some events before the next one gets
 * the same. Bounded in bytes. Thread-safe; two threads that come at once may both make it.
 *
 * @param <R> what an event is made into; immutable, since all get the same
 */
public final class Renditions<R> {

  /**
   * With the events themselves and what is kept around them. A tail's window of the usual size fits
   * in it, so what one subscriber is given in a row is still there when the next one is.
   */
  private static final long MAX_BYTES = 8 * 1024 * 1024;

  /** The record's headers and the objects, some of it. */
  private static final long OVERHEAD_BYTES = 512;

  private final Function<StoredEvent, R> make;
  private final ToIntFunction<R> size;
  private final Object lock = new Object();

  /** The oldest first. By the object: the same place may hold another version of the event. */
  @GuardedBy("lock")
  private final Map<StoredEvent, R> made = new LinkedHashMap<>();

  @GuardedBy("lock")
  private long bytes;

  /**
   * Empty.
   *
   * @param make makes it; called without a lock, by any thread
   * @param size how many bytes of memory it takes
   */
  public Renditions(Function<StoredEvent, R> make, ToIntFunction<R> size) {
    this.make = make;
    this.size = size;
  }

  /** What the event was made into, or is now. */
  public R of(StoredEvent event) {
    R known = known(event);
    if (known != null) {
      return known;
    }
    R rendition = make.apply(event);
    remember(event, rendition);
    return rendition;
  }

  private @Nullable R known(StoredEvent event) {
    synchronized (lock) {
      return made.get(event);
    }
  }

  private void remember(StoredEvent event, R rendition) {
    synchronized (lock) {
      if (made.putIfAbsent(event, rendition) != null) {
        return;
      }
      bytes += bytes(event, rendition);
      Iterator<Map.Entry<StoredEvent, R>> oldest = made.entrySet().iterator();
      while (bytes > MAX_BYTES) {
        Map.Entry<StoredEvent, R> gone = oldest.next();
        bytes -= bytes(gone.getKey(), gone.getValue());
        oldest.remove();
      }
    }
  }

  private long bytes(StoredEvent event, R rendition) {
    return OVERHEAD_BYTES + event.size() + size.applyAsInt(rendition);
  }
}
