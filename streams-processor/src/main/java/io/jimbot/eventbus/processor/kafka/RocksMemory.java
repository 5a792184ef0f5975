package io.jimbot.eventbus.processor.kafka;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all state stores of this process together: they share one cache and one
 * account of write buffers, of the sizes that the first store was opened with. Made by Kafka
 * Streams, once for each store; thread-safe.
 */
public final class RocksMemory implements RocksDBConfigSetter {

  /** Bytes for reading. */
  static final String BLOCK_CACHE = "eventbus.rocksdb.block.cache.bytes";

  /** Bytes for changes that are not on disk yet. */
  static final String WRITE_BUFFERS = "eventbus.rocksdb.write.buffer.bytes";

  private static final long LARGEST_BUFFER = 4 * 1024 * 1024;
  private static final int BUFFERS_OF_A_STORE = 2;

  private static @Nullable Shared shared;

  private record Shared(Cache cache, WriteBufferManager writeBuffers) {}

  @Override
  public void setConfig(String store, Options options, Map<String, Object> settings) {
    Shared memory = shared(settings);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(memory.cache());
    table.setCacheIndexAndFilterBlocks(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(memory.writeBuffers());
    options.setWriteBufferSize(LARGEST_BUFFER);
    options.setMaxWriteBufferNumber(BUFFERS_OF_A_STORE);
  }

  /** Nothing: what is shared lives as long as the process. */
  @Override
  public void close(String store, Options options) {}

  private static synchronized Shared shared(Map<String, Object> settings) {
    if (shared == null) {
      RocksDB.loadLibrary();
      Cache cache = new LRUCache(bytes(settings, BLOCK_CACHE));
      shared = new Shared(cache, new WriteBufferManager(bytes(settings, WRITE_BUFFERS), cache));
    }
    return shared;
  }

  private static long bytes(Map<String, Object> settings, String name) {
    return ((Number) Objects.requireNonNull(settings.get(name))).longValue();
  }
}
