package io.jimbot.eventbus.processor.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class RocksMemoryTest {

  private static final long MIB = 1024 * 1024;

  @Test
  void allStoresShareOneAccountOfMemory() {
    RocksDB.loadLibrary();
    Map<String, Object> sizes =
        Map.of(RocksMemory.BLOCK_CACHE, 8 * MIB, RocksMemory.WRITE_BUFFERS, 4 * MIB);
    try (Options one = options();
        Options other = options()) {
      RocksMemory memory = new RocksMemory();
      memory.setConfig("one", one, sizes);
      memory.setConfig("other", other, sizes);

      assertThat(one.writeBufferManager()).isNotNull().isSameAs(other.writeBufferManager());
      assertThat(one.writeBufferSize()).isLessThanOrEqualTo(4 * MIB);
      assertThat(((BlockBasedTableConfig) one.tableFormatConfig()).cacheIndexAndFilterBlocks())
          .isTrue();
    }
  }

  private static Options options() {
    return new Options().setTableFormatConfig(new BlockBasedTableConfig());
  }
}
