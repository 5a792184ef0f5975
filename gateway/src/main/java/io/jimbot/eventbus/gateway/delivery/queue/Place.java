package io.jimbot.eventbus.gateway.delivery.queue;

/** Where an event lies. Immutable. */
record Place(int partition, long offset) {}
