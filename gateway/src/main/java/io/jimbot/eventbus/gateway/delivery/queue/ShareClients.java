package io.jimbot.eventbus.gateway.delivery.queue;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ShareConsumer;

/** Makes the Kafka clients of workers; whoever calls closes them. Thread-safe. */
public interface ShareClients {

  /**
   * A member of a share group that acknowledges each event itself.
   *
   * @param batch how many events one poll gives at most
   */
  ShareConsumer<byte[], byte[]> newShareConsumer(String clientId, String group, int batch);

  /** For a moment's use. */
  Admin newAdmin(String clientId);
}
