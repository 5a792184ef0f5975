package io.jimbot.eventbus.service.kept;

import org.apache.kafka.common.KafkaException;

/** What is to be read goes further than the topic does: it was made anew, cut off or deleted. */
public final class OtherLogException extends KafkaException {

  private static final long serialVersionUID = 1L;

  OtherLogException(String message) {
    super(message);
  }
}
