package io.jimbot.eventbus.wire;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Where a message type stands in its file: the places, from 0, of the messages around it and of
 * itself, the outermost first. Only messages are counted. Immutable.
 */
record MessageIndexes(List<Integer> path) {

  MessageIndexes {
    path = List.copyOf(path);
  }

  static MessageIndexes of(Descriptor message) {
    Deque<Integer> path = new ArrayDeque<>();
    for (Descriptor at = message; at != null; at = at.getContainingType()) {
      path.addFirst(at.getIndex());
    }
    return new MessageIndexes(List.copyOf(path));
  }

  /** The first message of its file, which has a short form. */
  boolean isFirst() {
    return path.size() == 1 && path.get(0) == 0;
  }
}
