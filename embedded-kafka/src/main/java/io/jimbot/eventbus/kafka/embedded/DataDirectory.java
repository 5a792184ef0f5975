package io.jimbot.eventbus.kafka.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory, held for one broker at a time by a lock file of our own, which goes with the
 * process however it ends. Kafka has a lock file too ({@code .lock}), but takes it only after the
 * controller has opened, and perhaps truncated, its log there: it is looked at here, so that a
 * broker that somebody else started on the directory is left alone as well.
 *
 * <p>Closed by the thread that stops the broker; not thread-safe.
 */
final class DataDirectory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
  private static final String OUR_LOCK = ".embedded-kafka.lock";
  private static final String KAFKA_LOCK = ".lock";
  private static final int LONGEST_PID = 20;

  /**
   * The channels that hold locks. A channel that nobody knows any more is closed by the garbage
   * collector, and its lock is gone, although the broker goes on.
   */
  private static final Set<FileChannel> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel held;

  private DataDirectory(Path path, FileChannel held) {
    this.path = path;
    this.held = held;
  }

  /**
   * Creates the directory if it is absent, and takes it.
   *
   * @throws EmbeddedKafkaException if it cannot be created or written to, or is in use
   */
  static DataDirectory take(Path path) {
    try {
      Files.createDirectories(path);
      FileChannel channel = lock(path.resolve(OUR_LOCK));
      if (channel == null) {
        throw inUse(path, holderOf(path.resolve(OUR_LOCK)));
      }
      HELD.add(channel);
      DataDirectory directory = new DataDirectory(path, channel);
      if (directory.usedByKafka()) {
        directory.close();
        throw inUse(path, "another Kafka");
      }
      channel.truncate(0);
      channel.write(US_ASCII.encode(Long.toString(ProcessHandle.current().pid())), 0);
      return directory;
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          Reason.DATA_DIRECTORY,
          "Kafka's data directory %s cannot be used: %s".formatted(path, e),
          e);
    }
  }

  /** Where it is. */
  Path path() {
    return path;
  }

  /** Gives it free. Callable twice. */
  @Override
  public void close() {
    HELD.remove(held);
    try {
      held.close();
    } catch (IOException e) {
      LOG.debug("The lock of {} did not close", path, e);
    }
  }

  private boolean usedByKafka() throws IOException {
    Path kafkaLock = path.resolve(KAFKA_LOCK);
    if (!Files.exists(kafkaLock)) {
      return false;
    }
    try (FileChannel channel = lock(kafkaLock)) {
      return channel == null;
    }
  }

  /** An open channel that holds the lock on the file, or null if somebody else does. */
  private static @Nullable FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      FileLock lock = channel.tryLock();
      locked = lock != null;
    } catch (OverlappingFileLockException e) {
      LOG.debug("{} is locked by this very process", file, e);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? channel : null;
  }

  private static String holderOf(Path lockFile) throws IOException {
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.READ)) {
      ByteBuffer pid = ByteBuffer.allocate(LONGEST_PID);
      channel.read(pid, 0);
      return "process " + US_ASCII.decode(pid.flip());
    }
  }

  private static EmbeddedKafkaException inUse(Path path, String holder) {
    return new EmbeddedKafkaException(
        Reason.DATA_DIRECTORY,
        "Kafka's data directory %s is in use by %s. Stop it, or choose another directory"
            .formatted(path, holder),
        null);
  }
}
